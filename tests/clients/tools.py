"""Node and the packages of others, installed on first use as their lock files name them."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]

# Long enough for a first download on a slow line.
_INSTALL_WITHIN_S = 600
_RUN_WITHIN_S = 180


class NotInstalled(Exception):
    """Node or a package cannot be had: PyPI or npm was not reached."""


@dataclass(frozen=True)
class Node:
    """A Node of our own, so that whatever Node this machine has, or has not, changes nothing."""

    environment: Path

    @classmethod
    def ready(cls) -> Node:
        """Install what is not there yet; two that ask at once wait for each other.

        Raises:
            NotInstalled
        """
        node = cls(ROOT / ".local" / "node")
        node.environment.parent.mkdir(parents=True, exist_ok=True)
        with node.environment.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not node._stamp.is_file() or node._stamp.read_text() != _wanted():
                node._install()
        return node

    def run(self, *command: str, env: Mapping[str, str] | None = None) -> str:
        """Run a program of a package (`eslint`) or a script (`node`, `apollo.mjs`).

        Returns:
            What it prints; the error output too, if it fails.
        """
        program, *arguments = command
        folder = self._bin if program == "node" else FOLDER / "node_modules" / ".bin"
        done = subprocess.run(
            [str(folder / program), *arguments],
            cwd=ROOT,
            env={**os.environ, "PATH": f"{self._bin}:{os.environ['PATH']}", **(env or {})},
            capture_output=True,
            text=True,
            timeout=_RUN_WITHIN_S,
            check=False,
        )
        return done.stdout if done.returncode == 0 else done.stdout + done.stderr

    def _install(self) -> None:
        uv = str(Path(sys.executable).with_name("uv"))
        python = str(self._bin / "python")
        lock = str(FOLDER / "node.lock")
        if not self._bin.exists():
            _call([uv, "venv", "--quiet", "--python", sys.executable, str(self.environment)])
        _call([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock])
        _call([str(self._bin / "npm"), "ci", "--no-progress"])
        self._stamp.write_text(_wanted())

    @property
    def _bin(self) -> Path:
        return self.environment / "bin"

    @property
    def _stamp(self) -> Path:
        return FOLDER / "node_modules" / ".installed"


def _wanted() -> str:
    """What the stamp says of packages that are current."""
    locks = (FOLDER / "node.lock", FOLDER / "package-lock.json")
    return hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()


def _call(command: Sequence[str]) -> None:
    done = subprocess.run(
        command,
        cwd=FOLDER,
        env={**os.environ, "npm_config_update_notifier": "false"},
        capture_output=True,
        text=True,
        timeout=_INSTALL_WITHIN_S,
        check=False,
    )
    if done.returncode != 0:
        raise NotInstalled(f"{' '.join(command[:2])}: {done.stderr.strip()}")

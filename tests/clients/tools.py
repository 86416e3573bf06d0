"""Node and the packages of others, installed on first use as their lock files name them."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from audit.tools import ToolError, Tools

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
            try:
                Tools(ROOT, node.environment, FOLDER / "node.lock").install()
            except ToolError as error:
                raise NotInstalled(str(error)) from error
            node._install_packages()
        return node

    def run(self, *command: str, env: Mapping[str, str] | None = None) -> str:
        """Run a program of a package (`eslint`), a script (`node`, `apollo.mjs`) or `npm`.

        Returns:
            What it prints; the error output too, if it fails.
        """
        program, *arguments = command
        done = subprocess.run(
            [str(self.program(program)), *arguments],
            cwd=ROOT,
            env={**os.environ, "PATH": f"{self._bin}:{os.environ['PATH']}", **(env or {})},
            capture_output=True,
            text=True,
            timeout=_RUN_WITHIN_S,
            check=False,
        )
        return done.stdout if done.returncode == 0 else done.stdout + done.stderr

    def program(self, name: str) -> Path:
        """Where a program is."""
        folder = self._bin if name in ("node", "npm") else FOLDER / "node_modules" / ".bin"
        return folder / name

    def _install_packages(self) -> None:
        stamp = FOLDER / "node_modules" / ".installed"
        wanted = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        done = subprocess.run(
            [str(self._bin / "npm"), "ci", "--no-progress"],
            cwd=FOLDER,
            capture_output=True,
            text=True,
            timeout=_INSTALL_WITHIN_S,
            check=False,
        )
        if done.returncode != 0:
            raise NotInstalled(f"npm ci: {done.stderr.strip()}")
        stamp.write_text(wanted)

    @property
    def _bin(self) -> Path:
        return self.environment / "bin"

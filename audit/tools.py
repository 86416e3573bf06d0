"""Tools in a Python environment of their own: checkov pins what the SAM CLI pins otherwise."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# What would have a tool read the user's AWS settings, or speak to its maker.
_STEERING = ("AWS_", "BC_", "CKV_", "CHECKOV_", "PIP_AUDIT_", "PRISMA_")


class ToolError(Exception):
    """A tool could not do its work: the message has its own words."""


@dataclass(frozen=True)
class Completed:
    """How a program ended, and what it said."""

    status: int
    out: str
    err: str


Run = Callable[[Sequence[str]], Completed]
"""Runs a tool by its name, with its arguments, in the project's folder."""


@dataclass(frozen=True)
class Tools:
    """The environment that a lock file describes, made on first use.

    Args:
        folder: of the environment.
    """

    root: Path
    folder: Path
    lock: Path

    def install(self) -> None:
        """Makes it current.

        Raises:
            ToolError: uv failed; it needs PyPI on first use.
        """
        if self._stamp.is_file() and self._stamp.read_text() == self._wanted():
            return
        if not self._python.exists():
            self._uv("venv", "--python", sys.executable, str(self.folder))
        self._uv("pip", "sync", "--require-hashes", "--python", str(self._python), str(self.lock))
        self._stamp.write_text(self._wanted())

    def run(self, command: Sequence[str]) -> Completed:
        """Runs one of the tools."""
        tool, *arguments = command
        return self._call([str(self._python.with_name(tool)), *arguments])

    def _uv(self, *arguments: str) -> None:
        uv = str(Path(sys.executable).with_name("uv"))
        ended = self._call([uv, "--quiet", *arguments])
        if ended.status != 0:
            raise ToolError(f"what {self.lock.name} lists cannot be installed: {ended.err.strip()}")

    def _call(self, command: Sequence[str]) -> Completed:
        ended = subprocess.run(
            command,
            cwd=self.root,
            env=environment(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return Completed(ended.returncode, ended.stdout, ended.stderr)

    def _wanted(self) -> str:
        digest = hashlib.sha256(self.lock.read_bytes()).hexdigest()
        return f"{digest} {sys.implementation.cache_tag}\n"

    @property
    def _python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def _stamp(self) -> Path:
        return self.folder / "installed"


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """What the tools may know of the user's."""
    return {
        name: value
        for name, value in inherited.items()
        if not name.startswith(_STEERING) and name not in ("PYTHONPATH", "VIRTUAL_ENV")
    }

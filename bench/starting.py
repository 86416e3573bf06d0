"""The `antipode` command as a user calls it, with a world that is no one else's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from antipode_tools.project.world_file import WorldFile
from localaws.sockets import PortInUse, free_port

ROOT = Path(__file__).parent.parent

# The engine, and two Regions.
_PORTS = 3

_DONE = re.compile(r"^✔ (\S+) +(.+?) +(\d+\.\d) s$", re.MULTILINE)


@dataclass(frozen=True)
class Start:
    """One `antipode up`, from its call to its end, and what it said of its steps: in seconds."""

    seconds: float
    steps: Mapping[str, float]


class Antipode:
    """The command, for a world with files and ports of its own."""

    def __init__(self, folder: Path) -> None:
        self._environment = os.environ | addresses(folder / "state")

    @contextmanager
    def running(self, starts: list[Start]) -> Iterator[WorldFile]:
        """A world for the length of a block; how it started is added to `starts`."""
        began = time.perf_counter()
        told = self._run("up").stderr
        starts.append(Start(time.perf_counter() - began, steps(told)))
        try:
            yield WorldFile.from_json(json.loads(self._run("status", "--json").stdout))
        finally:
            self._run("down")

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "antipode_tools.cli.app", *arguments]
        return run(command, ROOT, self._environment)


def run(
    command: list[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end.

    Raises:
        subprocess.CalledProcessError: it failed; what it said is on standard error.
    """
    ran = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8"
    )
    if ran.returncode:
        sys.stderr.write(ran.stdout + ran.stderr)
        ran.check_returncode()
    return ran


def steps(told: str) -> dict[str, float]:
    """The seconds of each step, from what `antipode up` prints where there is no terminal."""
    return {f"{part}, {work}": float(seconds) for part, work, seconds in _DONE.findall(told)}


def addresses(state: Path) -> dict[str, str]:
    """The settings of a world with free ports."""
    return {"ANTIPODE_STATE": str(state), "ANTIPODE_PORT": str(_free_ports())}


def _free_ports() -> int:
    """The first of so many ports in a row that are free."""
    while True:
        first = free_port()
        try:
            for port in range(first + 1, first + _PORTS):
                free_port(port)
        except (PortInUse, OverflowError):
            continue
        return first

"""The command line, run as a user runs it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from antipode_tools.project.config import project_root
from localaws.sockets import PortInUse, free_port, listen

World = dict[str, Any]


@dataclass(frozen=True)
class Shell:
    """Runs `antipode` with a world's own folder, ports and temporary directory."""

    folder: Path
    port: int

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def temporary(self) -> Path:
        return self.folder / "tmp"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "ANTIPODE_STATE": str(self.state),
            "ANTIPODE_PORT": str(self.port),
            "TMPDIR": str(self.temporary),
            "COLUMNS": "200",
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        self.temporary.mkdir(exist_ok=True)
        return subprocess.Popen(
            [sys.executable, "-m", "antipode_tools.cli.app", *arguments],
            cwd=project_root(),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Whoever runs the tests in the background has SIGINT ignored, and so have its children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Status, standard output and standard error."""
        with self.start(*arguments) as command:
            out, err = command.communicate(timeout=180)
        return command.returncode, out, err

    def world(self) -> World:
        world: World = json.loads((self.state / "world.json").read_text())
        return world

    def left(self, *groups: int) -> list[str]:
        """Processes of the world that live, by what they were started with or their group."""
        listed = subprocess.run(
            ["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True
        )
        processes = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
        return [
            command
            for group, state, command in processes
            if not state.startswith("Z") and (int(group) in groups or str(self.folder) in command)
        ]

    def assert_nothing_is_left(self, world: World | None = None) -> None:
        groups = world["pids"].values() if world else ()
        assert self.left(*groups) == []
        assert [free_port(port) for port in range(self.port, self.port + 9)]
        assert {path.name for path in self.state.iterdir()} <= {"log", "world.lock", "console.key"}
        assert list(self.temporary.iterdir()) == []


def free_block(length: int = 9) -> int:
    """The first of some ports that follow one another and are free.

    Below those that the system gives to clients: one of theirs would be taken before it is used.
    """
    while True:
        first = random.randrange(15_000, 30_000)
        with ExitStack() as held, suppress(PortInUse):
            for port in range(first, first + length):
                held.enter_context(listen(port))
            return first

"""Child processes that cannot outlive the process that started them.

Every program runs in a process group of its own under a shell that reads a pipe from us. When the
pipe closes, because we stop the program or because we died in whatever way, the shell kills the
whole group: the program, and whatever it started itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

# The program's exit status is the shell's. 143 and 137 are what a killed one shows.
_LEASH = """
exec 3<&0
{ read -r _ <&3; kill -KILL 0; } &
"$@" </dev/null 3<&-
exit $?
"""


@dataclass(frozen=True)
class Leashed:
    """A running program, with everything that it starts."""

    _shell: asyncio.subprocess.Process

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        cwd: Path,
        log: Path,
        keep: Sequence[int] = (),
    ) -> Self:
        """Start `command`; what it prints is added to `log`.

        Args:
            keep: descriptors that the program has, too, under the same numbers.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            shell = await asyncio.create_subprocess_exec(
                "/bin/sh", "-c", _LEASH, "sh", *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                env=environment,
                cwd=cwd,
                pass_fds=keep,
                start_new_session=True,
            )  # fmt: skip
        return cls(shell)

    @property
    def pid(self) -> int:
        """The process group's number, too."""
        return self._shell.pid

    @property
    def running(self) -> bool:
        return self._shell.returncode is None

    async def wait(self) -> int:
        """The program's exit status, once it has ended by itself or was stopped."""
        return await self._shell.wait()

    async def stop(self) -> None:
        """Kill the program and its descendants, and wait until the program is gone."""
        assert self._shell.stdin is not None
        self._shell.stdin.close()
        await self._shell.wait()


async def run(
    command: Sequence[str], *, environment: Mapping[str, str], cwd: Path, log: Path
) -> int:
    """Run `command` to its end and return its exit status; a cancelled one is killed."""
    program = await Leashed.start(command, environment=environment, cwd=cwd, log=log)
    try:
        return await program.wait()
    finally:
        await program.stop()

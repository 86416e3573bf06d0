from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from antipode_tools.world.engine.process import Leashed, run

ENVIRONMENT = {"PATH": os.environ["PATH"]}

# Starts a child of its own, which would go on alone.
PARENT = 'sleep 1000 & echo "child $!"; sleep 1000'


async def printed(log: Path, word: str) -> str:
    """What follows a word in a log, once it is there."""
    async with asyncio.timeout(10):
        while word not in (text := log.read_text() if log.exists() else ""):
            await asyncio.sleep(0.01)
    return text.split(word)[1].split()[0]


async def gone(pid: int) -> None:
    """Wait until a process has ended; one that nobody has asked for its status counts, too."""
    async with asyncio.timeout(10):
        while True:
            try:
                os.kill(pid, 0)
                if Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].startswith("Z"):
                    return
            except (ProcessLookupError, FileNotFoundError):
                return
            await asyncio.sleep(0.01)


async def test_what_a_program_prints_and_how_it_ends_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "log"
    command = ["sh", "-c", 'echo "$WORD"; echo problem >&2; pwd; exit 7']
    environment = ENVIRONMENT | {"WORD": "output"}
    assert await run(command, environment=environment, cwd=tmp_path, log=log) == 7
    assert log.read_text() == f"output\nproblem\n{tmp_path}\n"


async def test_a_program_gets_no_input(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert await run(["cat"], environment=ENVIRONMENT, cwd=tmp_path, log=log) == 0
    assert log.read_text() == ""


async def test_stopping_a_program_ends_what_it_started(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = ["sh", "-c", PARENT]
    program = await Leashed.start(command, environment=ENVIRONMENT, cwd=tmp_path, log=log)
    child = int(await printed(log, "child"))
    lives = program.running
    await program.stop()
    assert (lives, program.running) == (True, False)
    await gone(child)


async def test_a_cancelled_run_ends_what_it_started(tmp_path: Path) -> None:
    log = tmp_path / "log"
    running = asyncio.create_task(
        run(["sh", "-c", PARENT], environment=ENVIRONMENT, cwd=tmp_path, log=log)
    )
    child = int(await printed(log, "child"))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await gone(child)


async def test_a_program_ends_with_a_starter_that_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = f"""
import asyncio
from pathlib import Path
from antipode_tools.world.engine.process import run
asyncio.run(run(["sh", "-c", {PARENT!r}], environment={ENVIRONMENT!r},
                cwd=Path({str(tmp_path)!r}), log=Path({str(log)!r})))
"""
    starter = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    child = int(await printed(log, "child"))
    starter.send_signal(signal.SIGKILL)
    await starter.wait()
    await gone(child)

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from antipode_tools.project.lock import Lock, holder, locked


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "lock"


def test_a_lock_is_taken_once_until_it_is_released(file: Path) -> None:
    lock = Lock.take(file)
    assert lock is not None
    assert Lock.take(file) is None
    assert holder(file) == os.getpid()
    lock.release()
    assert holder(file) is None
    again = Lock.take(file)
    assert again is not None
    again.release()


def test_a_file_that_is_not_there_has_no_holder(file: Path) -> None:
    assert holder(file) is None


def test_a_killed_holder_holds_no_more(file: Path) -> None:
    code = f"""
import os, signal
from pathlib import Path
from antipode_tools.project.lock import Lock
assert Lock.take(Path({str(file)!r}))
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", code]).returncode < 0
    assert file.read_text() != ""
    assert holder(file) is None


async def test_a_block_waits_for_the_one_before(file: Path) -> None:
    order = []

    async def work(name: str) -> None:
        async with locked(file):
            order.append(name)
            await asyncio.sleep(0)
            order.append(name)

    await asyncio.gather(work("a"), work("b"))
    assert order == ["a", "a", "b", "b"]

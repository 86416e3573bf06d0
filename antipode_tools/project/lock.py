"""A lock on a file, held for as long as the process that took it lives.

The operating system releases it however the process ends, so a held lock proves that its holder
is alive: no process ID can go stale.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_RETRY_S = 0.1


@dataclass(frozen=True)
class Lock:
    """An exclusive lock that this process holds; the file holds its process ID."""

    _descriptor: int

    @classmethod
    def take(cls, file: Path) -> Self | None:
        """The lock, or None where another process has it."""
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return cls(descriptor)

    def release(self) -> None:
        os.close(self._descriptor)


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """Wait for the lock, and hold it for the length of a block."""
    while (lock := Lock.take(file)) is None:
        await asyncio.sleep(_RETRY_S)
    try:
        yield
    finally:
        lock.release()


def holder(file: Path) -> int | None:
    """The process that holds the lock now, or None where nobody does."""
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        # A holder of this very moment may not have written its number yet.
        return int(os.pread(descriptor, 20, 0) or 0) or None
    else:
        return None
    finally:
        os.close(descriptor)

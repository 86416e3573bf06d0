"""The time, for whoever takes it as an argument."""

from __future__ import annotations

import threading


class Clock:
    """A time that passes only while somebody sleeps, or when it is set. Threads may share it."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.now += seconds

"""An event loop whose time passes only while everybody waits: nothing sleeps, no run differs."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

from tests.fakes.clock import Clock

T = TypeVar("T")


class Time(Protocol):
    """Whatever knows the time, in seconds, and can be set."""

    now: float


class _Skipping(selectors.DefaultSelector):
    """Passes the time that it is asked to wait, and waits for nobody."""

    time: Time

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("the loop waits for what never comes")
            self.time.now += max(0.0, timeout)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Waits in the time that it is given, and for no socket or thread."""

    def __init__(self, time: Time) -> None:
        selector = _Skipping()
        selector.time = self._time = time
        super().__init__(selector)
        # As seconds since 1970 a time is no finer: one that was to come would stay so for ever.
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self._time.now


def run(work: Coroutine[Any, Any, T], time: Time | None = None) -> T:
    """What a coroutine returns, in a loop of its own that goes on from a time."""
    loop = VirtualLoop(time or Clock())
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()

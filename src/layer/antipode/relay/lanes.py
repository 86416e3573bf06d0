"""Work in parallel lanes that keeps the order within each queue.

A queue is in one lane at a time and goes to the back of the line after each step, and waiting for
a retry takes no lane away from work that is ready. An element is taken from its source when a lane
is free for it, so the first is on its way before the last is looked at.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic, TypeVar

T = TypeVar("T")


class Next(Enum):
    """What to do after a step."""

    ADVANCE = auto()  # go on with the next of this queue
    HALT = auto()  # leave the rest of this queue alone


@dataclass(frozen=True, slots=True)
class Again:
    """Take the same step again, after so many seconds."""

    after: float


class Lanes(Generic[T]):
    """Elements with the names of their queues, and a step to take for each element."""

    def __init__(
        self,
        elements: Iterable[tuple[Hashable, T]],
        step: Callable[[T], Awaitable[Next | Again]],
    ) -> None:
        self._source = iter(elements)
        self._step = step
        # Those that have begun and are not at their end; a halted one stays, and is never ready.
        self._queues: dict[Hashable, deque[tuple[Hashable, T]]] = {}
        self._ready: deque[Hashable] = deque()
        self._waiting: list[tuple[float, int, Hashable]] = []
        self._waits = 0

    async def run(self, lanes: int) -> None:
        """Returns when every queue is at its end or halted. What a step raises is raised again,
        once the other lanes have been stopped."""
        tasks = [asyncio.ensure_future(self._lane()) for _ in range(lanes)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _lane(self) -> None:
        # A lane that finds no work may end: every queue that is left is held by another lane,
        # which takes it up again itself.
        while (queue := await self._take()) is not None:
            name, element = queue[0]
            outcome = await self._step(element)
            if isinstance(outcome, Again):
                self._wait(name, outcome.after)
            elif outcome is Next.ADVANCE:
                self._advance(name, queue)

    async def _take(self) -> deque[tuple[Hashable, T]] | None:
        while True:
            self._wake()
            if self._ready:
                return self._queues[self._ready.popleft()]
            if (queue := self._begun()) is not None:
                return queue
            if not self._waiting:
                return None
            await asyncio.sleep(self._waiting[0][0] - _now())

    def _begun(self) -> deque[tuple[Hashable, T]] | None:
        """A queue that begins with the next element of the source which belongs to no other."""
        for element in self._source:
            name = element[0]
            if (queue := self._queues.get(name)) is None:
                queue = self._queues[name] = deque([element])
                return queue
            queue.append(element)
        return None

    def _wake(self) -> None:
        while self._waiting and self._waiting[0][0] <= _now():
            self._ready.append(heapq.heappop(self._waiting)[2])

    def _wait(self, name: Hashable, seconds: float) -> None:
        self._waits += 1
        heapq.heappush(self._waiting, (_now() + seconds, self._waits, name))

    def _advance(self, name: Hashable, queue: deque[tuple[Hashable, T]]) -> None:
        queue.popleft()
        if queue:
            self._ready.append(name)
        else:
            del self._queues[name]


def _now() -> float:
    return asyncio.get_running_loop().time()

"""Work in parallel lanes that keeps the order within each queue.

A queue is in one lane at a time and goes to the back of the line after each step, so a long queue
starves no other, and waiting for a retry takes no lane away from work that is ready.
"""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
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
    """One batch of queues, and a step to take for each element of each."""

    def __init__(
        self,
        queues: Sequence[deque[T]],
        step: Callable[[T], Next | Again],
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._ready = deque(queues)
        self._waiting: list[tuple[float, int, deque[T]]] = []
        self._lock = threading.Lock()
        self._step, self._clock, self._sleep = step, clock, sleep

    def run(self, lanes: int) -> None:
        """Returns when every queue is empty or halted. What a step raises is raised again."""
        lanes = min(lanes, len(self._ready))
        if lanes <= 1:
            return self._lane()
        with ThreadPoolExecutor(lanes) as pool:
            for lane in [pool.submit(self._lane) for _ in range(lanes)]:
                lane.result()

    def _lane(self) -> None:
        # A lane that finds no work may end: every queue that is left is held by another lane,
        # which takes it up again itself.
        while (queue := self._take()) is not None:
            outcome = self._step(queue[0])
            if isinstance(outcome, Again):
                self._wait(queue, outcome.after)
            elif outcome is Next.ADVANCE:
                self._advance(queue)

    def _take(self) -> deque[T] | None:
        while True:
            with self._lock:
                self._wake()
                if self._ready:
                    return self._ready.popleft()
                if not self._waiting:
                    return None
                pause = self._waiting[0][0] - self._clock()
            self._sleep(max(0.0, pause))

    def _wake(self) -> None:
        while self._waiting and self._waiting[0][0] <= self._clock():
            self._ready.append(heapq.heappop(self._waiting)[2])

    def _wait(self, queue: deque[T], seconds: float) -> None:
        with self._lock:
            heapq.heappush(self._waiting, (self._clock() + seconds, id(queue), queue))

    def _advance(self, queue: deque[T]) -> None:
        queue.popleft()
        if queue:
            with self._lock:
                self._ready.append(queue)

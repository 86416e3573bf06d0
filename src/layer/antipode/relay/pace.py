"""How fast the relay may go: how many publishes are on their way, and how many begin in a second.

AppSync's quota is its clients' too. When it throttles, half as many publishes go out at once, and
each round of them that it takes adds one. A backlog may be bounded from the start.
"""

from __future__ import annotations

import asyncio
from collections import deque

from antipode.relay.answers import AnswerKind

# What a busy moment held up may be caught up on at once, in seconds of the rate.
CATCH_UP_S = 0.05


class Pace:
    """Gives turns to publish, for the life of the process. Every turn is to be ended."""

    def __init__(self, lanes: int, rate: float = 0.0) -> None:
        """
        Args:
            lanes: how many publishes there are at once, if nothing throttles.
            rate: how many begin in a second at the most; 0 is no bound.
        """
        self.lanes = lanes
        self._rate = rate
        self._next = 0.0
        self._width = float(lanes)
        self._narrowed = 0
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def width(self) -> int:
        """How many publishes there may be at once now."""
        return int(self._width)

    async def turn(self, deadline: float) -> int | None:
        """Waits for a turn, and gives what it is to be ended with. None, if none comes before a
        time of the loop: whoever has a turn ends it by then."""
        while self._taken >= self.width:
            self._waiting.append(free := asyncio.get_running_loop().create_future())
            await free
        self._taken += 1
        try:
            is_in_time = await self._begin(deadline)
        except BaseException:
            self._free()
            raise
        if is_in_time:
            return self._narrowed
        self._free()
        return None

    def end(self, turn: int, kind: AnswerKind | None) -> None:
        """Ends a turn, with what was answered; None, if nothing was."""
        if kind is AnswerKind.THROTTLED:
            # What was on its way when AppSync throttled before tells nothing new.
            if turn == self._narrowed:
                self._narrowed += 1
                self._width = max(1.0, self._width / 2)
        elif kind is AnswerKind.PUBLISHED:
            self._width = min(float(self.lanes), self._width + 1 / self._width)
        self._free()

    async def _begin(self, deadline: float) -> bool:
        """Waits for the moment that the rate allows, if it is before the deadline."""
        now = asyncio.get_running_loop().time()
        if not self._rate:
            return now < deadline
        begin = max(self._next, now - CATCH_UP_S)
        if max(begin, now) >= deadline:
            return False
        self._next = begin + 1 / self._rate
        if begin > now:
            await asyncio.sleep(begin - now)
        return True

    def _free(self) -> None:
        self._taken -= 1
        room = self.width - self._taken
        while room > 0 and self._waiting:
            if not (free := self._waiting.popleft()).done():
                free.set_result(None)
                room -= 1

"""The frames that are waiting for one socket."""

from __future__ import annotations

import asyncio
from collections import deque

from localaws.appsync.realtime.protocol import Close


class Outbox:
    """A bounded queue of frames with a close at its end. For one reader."""

    def __init__(self, *, characters: int) -> None:
        self._limit = characters
        self._waiting = 0
        self._frames: deque[str] = deque()
        self._close: Close | None = None
        self._filled = asyncio.Event()

    def put(self, frame: str) -> bool:
        """False where the limit is reached: nothing was added then. Ignored after a close."""
        if self._close is not None:
            return True
        if self._waiting + len(frame) > self._limit:
            return False
        self._frames.append(frame)
        self._waiting += len(frame)
        self._filled.set()
        return True

    def close(self, close: Close, *, drop_frames: bool = False) -> None:
        """Close after the queued frames, or at once. Only the first close counts."""
        if self._close is not None:
            return
        if drop_frames:
            self._frames.clear()
        self._close = close
        self._filled.set()

    @property
    def closed(self) -> bool:
        return self._close is not None

    async def get(self) -> str | Close:
        """The next frame or, once there are no more, the close."""
        while True:
            if self._frames:
                frame = self._frames.popleft()
                self._waiting -= len(frame)
                return frame
            if self._close is not None:
                return self._close
            self._filled.clear()
            await self._filled.wait()

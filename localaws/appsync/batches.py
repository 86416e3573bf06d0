"""BatchInvoke: the fields of one list that wait for the same function call it once, together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from localaws.appsync.answers import Answer
from localaws.appsync.ports import Json

# Calls the function with a list of payloads.
BatchCall = Callable[[Sequence[Json]], Awaitable[list[Answer]]]


class Batch:
    """One field's payloads within one request, over all the objects that it is resolved for.

    Each resolver run enters as soon as it is known and, once its handler has decided, either adds
    its payload or leaves. The call is made once every run has decided, or as soon as it is full.
    """

    def __init__(self, call: BatchCall, size: int) -> None:
        self._call = call
        self._size = size
        self._deciding = 0
        self._waiting: list[tuple[Json, asyncio.Future[Answer]]] = []
        self._calls: set[asyncio.Task[None]] = set()

    def enter(self) -> None:
        self._deciding += 1

    def leave(self) -> None:
        self._deciding -= 1
        self._send_if_ready()

    async def add(self, payload: Json) -> Answer:
        """Leave with a payload, and wait for its answer."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((payload, answer))
        self.leave()
        return await answer

    def _send_if_ready(self) -> None:
        if len(self._waiting) < self._size and (self._deciding or not self._waiting):
            return
        sent, self._waiting = self._waiting, []
        # The loop keeps only a weak reference to a task.
        task = asyncio.create_task(self._send(sent))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _send(self, sent: list[tuple[Json, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._call([payload for payload, _ in sent])
        except Exception as error:  # noqa: BLE001 - every run that waits must get the error, whatever it is
            for _, waiting in sent:
                if not waiting.done():
                    waiting.set_exception(error)
            return
        for (_, waiting), answer in zip(sent, answers, strict=True):
            if not waiting.done():
                waiting.set_result(answer)

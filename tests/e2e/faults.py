"""A proxy in front of one Region's AppSync, through which the relay's publishes go wrong.

What it passes on is passed on as it came, the Host header included, so that signatures hold.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from enum import Enum, auto
from itertools import cycle
from typing import Self

HOST = "127.0.0.1"

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


class Fault(Enum):
    """What becomes of a publish, other than an answer."""

    UNAVAILABLE = auto()  # status 500, and nothing was announced
    THROTTLED = auto()  # an error in a 200, and nothing was announced
    DROPPED = auto()  # the connection ends, and nothing was announced
    ANSWER_LOST = auto()  # the connection ends, and it was announced
    SILENT = auto()  # no answer ever comes, and it was announced


def fates(faults: Mapping[Fault, int], *, of: int, seed: str) -> list[Fault | None]:
    """So many of each fault in `of` requests, in an order that the seed decides."""
    well = [None] * (of - sum(faults.values()))
    deck = [*well, *(fault for fault, count in faults.items() for _ in range(count))]
    random.Random(seed).shuffle(deck)
    return deck


class FaultyProxy:
    """Serves on a free port for the length of a block; each request meets the next of its fates."""

    def __init__(self, port: int, fates: list[Fault | None]) -> None:
        """`port` is that of the AppSync behind it."""
        self._behind = port
        self._fates = cycle(fates)
        self._is_cut = False
        self._refused = asyncio.Event()
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self.met: Counter[Fault | None] = Counter()
        "How often each fate was met."
        self.known: Counter[str] = Counter()
        "By a change's id, how many answers that it is announced the relay has surely read."
        self.refusals = 0
        "Requests and connections that came while it was cut off."

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._connections.values():
            writer.close()
        await asyncio.gather(*self._connections)

    def cut(self) -> None:
        """From now on connections end as soon as they are made, or anything is asked on them."""
        self._is_cut = True

    def mend(self) -> None:
        """Serve again."""
        self._is_cut = False

    async def refused(self, times: int) -> None:
        """Wait until so many requests and connections have been refused."""
        while self.refusals < times:
            self._refused.clear()
            await self._refused.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = writer
        try:
            with suppress(ConnectionError):
                await self._converse(reader, writer)
        finally:
            writer.close()
            del self._connections[task]

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        announced: str | None = None
        while not self._turns_away() and (request := await _read(reader)):
            if announced:
                # Who asks again on a connection has read the answer before.
                self.known[announced] += 1
            if self._turns_away():
                return
            answer, announced = await self._meet(next(self._fates), request, reader)
            if answer is None:
                return
            writer.write(answer)
            await writer.drain()

    def _turns_away(self) -> bool:
        """Whether it is cut off, in which case that counts as a refusal."""
        if self._is_cut:
            self.refusals += 1
            self._refused.set()
        return self._is_cut

    async def _meet(
        self, fate: Fault | None, request: bytes, reader: asyncio.StreamReader
    ) -> tuple[bytes | None, str | None]:
        """The answer, if there is to be one, and the change that it says is announced."""
        self.met[fate] += 1
        match fate:
            case None:
                answer = await self._ask(request)
                return answer, _change_id(request) if _is_success(answer) else None
            case Fault.UNAVAILABLE:
                return _failure(500, "InternalFailure"), None
            case Fault.THROTTLED:
                return _failure(200, "ThrottlingException"), None
            case Fault.DROPPED:
                return None, None
            case Fault.ANSWER_LOST:
                await self._ask(request)
                return None, None
            case Fault.SILENT:
                await self._ask(request)
                await reader.read()  # until the relay has had enough
                return None, None

    async def _ask(self, request: bytes) -> bytes:
        # A new connection each time: AppSync closes kept ones when it likes.
        reader, writer = await asyncio.open_connection(HOST, self._behind)
        try:
            writer.write(request)
            return await _read(reader)
        finally:
            writer.close()
            await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> bytes:
    """One message of HTTP whose head tells its length; nothing where the connection ends."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        assert length, f"no content-length in {head!r}"
        return head + await reader.readexactly(int(length[1]))
    except asyncio.IncompleteReadError:
        return b""


def _body(message: bytes) -> bytes:
    return message.partition(b"\r\n\r\n")[2]


def _is_success(answer: bytes) -> bool:
    return "errors" not in json.loads(_body(answer))


def _change_id(request: bytes) -> str:
    change = json.loads(json.loads(_body(request))["variables"]["change"])
    return str(change["_change"]["id"])


def _failure(status: int, error_type: str) -> bytes:
    errors = [{"errorType": error_type, "message": "a fault of the test's"}]
    body = json.dumps({"data": None, "errors": errors}).encode()
    head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body

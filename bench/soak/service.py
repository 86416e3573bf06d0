"""AppSync in virtual time, over connections in memory, with all that goes wrong with it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from enum import Enum, auto
from itertools import count, pairwise
from random import Random

from antipode.relay.connection import Connection

from bench.soak.ledger import Ledger

# Lambda's network drops a connection that idled for so long, and tells neither side.
DROPPED_AFTER_S = 350.0
# What AppSync takes while it throttles.
THROTTLED_TO = 300.0

# Of a request's body: the field, the item that is announced, and the number of its change.
_FIELD = re.compile(rb"(publish\w+)\(")
_ITEM = re.compile(rb'\\"id\\":\\"([^"\\]*)')
_CHANGE = re.compile(rb"event-(\d+)")


class Trouble(Enum):
    """What goes wrong with a request."""

    NONE = auto()
    THROTTLED = auto()
    FAILED = auto()
    HALF_ANSWERED = auto()
    RESET_BEFORE = auto()
    RESET_AFTER = auto()
    SILENT = auto()
    UNAUTHORIZED = auto()


# How much of the requests each mood of the service spoils, and how.
MOODS: dict[str, tuple[float, tuple[Trouble, ...]]] = {
    "well": (0.0, (Trouble.NONE,)),
    "throttling": (1.0, (Trouble.THROTTLED,)),
    "failing": (0.3, (Trouble.FAILED,)),
    "breaking": (0.1, (Trouble.HALF_ANSWERED, Trouble.RESET_BEFORE, Trouble.RESET_AFTER)),
    "silent": (0.02, (Trouble.SILENT,)),
    "unauthorized": (1.0, (Trouble.UNAUTHORIZED,)),
    "away": (1.0, (Trouble.RESET_BEFORE,)),
}


class Wire(asyncio.Transport):
    """One connection of a process."""

    def __init__(self, service: Service, process: int) -> None:
        super().__init__()
        self.connection = Connection()
        self.process = process
        self.is_closed = self.is_dead = False
        self.used_at = service.now()
        self._service = service
        self.connection.connection_made(self)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._service.receive(self, bytes(data))

    def is_closing(self) -> bool:
        return self.is_closed

    def abort(self) -> None:
        self.lose(None)

    def lose(self, error: Exception | None) -> None:
        """The connection ends, from either side."""
        if not self.is_closed:
            self.is_closed = True
            asyncio.get_running_loop().call_soon(self.connection.connection_lost, error)

    def send(self, data: bytes, *pieces: int) -> None:
        """Data arrives in pieces that end at these places."""
        for start, end in pairwise([0, *pieces, len(data)]):
            if not self.is_closed:
                self.connection.data_received(data[start:end])


class Service:
    """Announces what it is sent, and writes into the ledger that it did."""

    def __init__(self, ledger: Ledger, random: Random, now: Callable[[], float]) -> None:
        self.now = now
        self.mood = "well"
        self.met: dict[Trouble, int] = dict.fromkeys(Trouble, 0)
        self.dropped = 0
        self._ledger, self._random = ledger, random
        self._tokens, self._counted_at = THROTTLED_TO, 0.0
        self._processes = count(1)

    def next_process(self) -> int:
        """A number for a new process, by which it is known here."""
        return next(self._processes)

    async def connect(self, process: int) -> Wire:
        """A new connection, unless the service is away."""
        await asyncio.sleep(0.005)
        if self.mood == "away":
            raise ConnectionRefusedError("nobody listens")
        return Wire(self, process)

    async def moods(self) -> None:
        """Changes its mood from time to time, for ever, and is well in between."""
        while True:
            self.mood = self._random.choice(list(MOODS)[1:])
            mean = 200 if self._random.random() < 0.05 else 3
            await asyncio.sleep(self._random.expovariate(1 / mean))
            self.mood = "well"
            await asyncio.sleep(self._random.expovariate(1 / 3))

    def receive(self, wire: Wire, request: bytes) -> None:
        """A request, which comes in one piece."""
        if self.now() - wire.used_at > DROPPED_AFTER_S:
            self.dropped += 1  # nobody will ever answer
        elif wire.is_dead:
            wire.lose(ConnectionResetError("reset by peer"))
        else:
            wire.used_at = self.now()
            trouble = self._trouble()
            self.met[trouble] += 1
            delay = self._random.uniform(0.005, 0.04)
            asyncio.get_running_loop().call_later(delay, self._do, wire, request, trouble)

    def _trouble(self) -> Trouble:
        part, troubles = MOODS[self.mood]
        if self._random.random() >= part:
            return Trouble.NONE
        trouble = self._random.choice(troubles)
        return Trouble.NONE if trouble is Trouble.THROTTLED and self._is_taken() else trouble

    def _is_taken(self) -> bool:
        elapsed, self._counted_at = self.now() - self._counted_at, self.now()
        self._tokens = min(THROTTLED_TO, self._tokens + elapsed * THROTTLED_TO)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _do(self, wire: Wire, request: bytes, trouble: Trouble) -> None:
        wire.used_at = self.now()
        match trouble:
            case Trouble.NONE:
                self._answer(wire, request)
            case Trouble.THROTTLED:
                wire.send(_http(429, _errors("ThrottlingException")))
            case Trouble.FAILED:
                wire.send(_http(503, b"<html>Service Unavailable</html>"))
            case Trouble.UNAUTHORIZED:
                wire.send(_http(401, _errors("UnauthorizedException")))
            case Trouble.HALF_ANSWERED:
                answer = self._announce(wire, request, answered=False)
                wire.send(answer[: self._random.randrange(len(answer))])
                wire.lose(None)
            case Trouble.RESET_BEFORE:
                wire.lose(ConnectionResetError("reset by peer"))
            case Trouble.RESET_AFTER:
                self._announce(wire, request, answered=False)
                wire.lose(ConnectionResetError("reset by peer"))
            case Trouble.SILENT:
                pass

    def _answer(self, wire: Wire, request: bytes) -> None:
        if b"to be refused" in request:
            return wire.send(_http(200, _errors("BadRequest")))
        answer = self._announce(wire, request, answered=not wire.is_closed)
        wire.send(answer, self._random.randrange(len(answer)))

    def _announce(self, wire: Wire, request: bytes, *, answered: bool) -> bytes:
        field, item, number = (
            _found(pattern, request).decode() for pattern in (_FIELD, _ITEM, _CHANGE)
        )
        self._ledger.announced(int(number), item, wire.process, answered=answered)
        return _http(200, json.dumps({"data": {field: {"id": item}}}).encode())


def _found(pattern: re.Pattern[bytes], request: bytes) -> bytes:
    found = pattern.search(request)
    assert found is not None
    return found[1]


def _http(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


def _errors(kind: str) -> bytes:
    return json.dumps({"data": None, "errors": [{"errorType": kind, "message": "m"}]}).encode()

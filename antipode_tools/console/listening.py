"""The subscriptions of one page in one Region: one socket for all of them, kept up."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from antipode.canary.protocol import (
    INIT,
    SIGNED,
    Accepted,
    Refused,
    Told,
    data,
    start,
    subprotocols,
    understood,
)
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from antipode_tools.operate.probe.endpoint import Endpoint
from antipode_tools.operate.stacks.errors import OperationError

# JSON.
Json = Any

_OPEN_WITHIN_S = 10.0
# AppSync gives a sign of life each minute, and has a client leave after five without one.
_SILENCE_S = 310.0
# A connection that lasts so long was a good one.
_STEADY_S = 10.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 15.0

_STOP = '{{"type":"stop","id":"{}"}}'


class Hears(Protocol):
    """Whoever is told."""

    def told(self, id_: str, data: Mapping[str, Json]) -> None:
        """A subscription was told something."""

    def is_live(self, problem: str) -> None:
        """The Region's socket stands; with a problem, it does not."""

    def accepted(self, id_: str) -> None:
        """A subscription was accepted."""

    def refused(self, id_: str, why: str) -> None:
        """A subscription was refused, and is tried no more."""


@dataclass
class Listener:
    """Keeps the wanted subscriptions up, until `run` is cancelled."""

    reach: Callable[[], Awaitable[Endpoint]]
    hears: Hears
    chance: Callable[[], float] = random.random
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    _wanted: dict[str, str] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _connection: tuple[Endpoint, ClientConnection] | None = None

    async def start(self, id_: str, document: str, variables: Mapping[str, Json]) -> None:
        """Subscribe, now and after each reconnection."""
        self._wanted[id_] = data(document, variables)
        self._changed.set()
        await self._send(id_)

    async def stop(self, id_: str) -> None:
        """Do not hear of it any more."""
        if self._wanted.pop(id_, None) is not None and self._connection:
            with suppress(WebSocketException):  # it has ended with its connection
                await self._connection[1].send(_STOP.format(id_))

    async def run(self) -> None:
        """Connect whenever something is wanted, and again whenever that ends."""
        failures = 0
        while True:
            while not self._wanted:
                self._changed.clear()
                await self._changed.wait()
            began = self.clock()
            problem = await self._until_ended()
            failures = 0 if self.clock() - began > _STEADY_S else failures + 1
            self.hears.is_live(problem)
            longest = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**failures)
            await self.sleep(self.chance() * longest)

    async def _until_ended(self) -> str:
        """Why the connection has ended."""
        try:
            endpoint = await self.reach()
            signed = endpoint.sign(f"{endpoint.graphql_url}/connect", b"{}", SIGNED)
            async with connect(
                endpoint.realtime_url,
                subprotocols=[Subprotocol(each) for each in subprotocols(signed)],
                open_timeout=_OPEN_WITHIN_S,
                close_timeout=1,
                ping_interval=None,  # the service says that it lives, and knows no pings
                proxy=None,
            ) as socket:
                await socket.send(INIT)
                try:
                    await self._hear(endpoint, socket)
                finally:
                    self._connection = None
        except TimeoutError:
            return "nothing was heard in time"
        except (OperationError, WebSocketException, OSError, ValueError) as error:
            return str(error)
        return "the connection has ended"

    async def _hear(self, endpoint: Endpoint, socket: ClientConnection) -> None:
        patience = _OPEN_WITHIN_S
        while True:
            async with asyncio.timeout(patience):
                frame = await socket.recv(decode=True)
            match understood(frame):
                case Accepted(id=None):
                    self._connection, patience = (endpoint, socket), _SILENCE_S
                    self.hears.is_live("")
                    for id_ in list(self._wanted):
                        await self._send(id_)
                case Accepted(id=str(id_)):
                    self.hears.accepted(id_)
                case Told(id=id_, data=told):
                    self.hears.told(id_, told)
                case Refused(id=None, why=why):
                    raise OperationError(why)
                case Refused(id=str(id_), why=why):
                    self._wanted.pop(id_, None)
                    self.hears.refused(id_, why)

    async def _send(self, id_: str) -> None:
        if self._connection is None:
            return
        endpoint, socket = self._connection
        operation = self._wanted[id_]
        headers = endpoint.sign(endpoint.graphql_url, operation.encode(), SIGNED)
        with suppress(WebSocketException):  # it is sent again with the next connection
            await socket.send(start(id_, operation, headers))

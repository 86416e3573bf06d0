"""A connection to AppSync's real-time endpoint, which waits for whatever is told there."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.sync.connection import Connection
from websockets.typing import Subprotocol

from antipode.canary.errors import RealtimeError
from antipode.canary.protocol import (
    INIT,
    SIGNED,
    Accepted,
    Message,
    Refused,
    Sign,
    Told,
    data,
    start,
    subprotocols,
    understood,
)
from antipode.json_values import Json


class Realtime:
    """One connection, and the subscriptions on it. For one thread."""

    def __init__(
        self, socket: Connection, url: str, sign: Sign, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._socket, self._url, self._sign, self._clock = socket, url, sign, clock
        self._ids = count(1)
        self._told: deque[Told] = deque()

    def subscribe(self, document: str, variables: Mapping[str, Json], *, timeout: float) -> str:
        """Subscribes, and returns the subscription's id once the service has accepted it.

        Raises:
            RealtimeError: it was refused, or not accepted in time.
        """
        id_ = f"{next(self._ids)}"
        operation = data(document, variables)
        self._send(start(id_, operation, self._sign(self._url, operation.encode(), SIGNED)))
        self.accepted(id_, timeout=timeout)
        return id_

    def told(self, *, timeout: float) -> Told | None:
        """The next announcement; None if none came within so many seconds.

        Raises:
            RealtimeError: the connection has ended.
        """
        until = self._clock() + timeout
        while not self._told:
            match self._next(until):
                case Told() as told:
                    return told
                case Refused(why=why):
                    raise RealtimeError(f"the subscription has failed: {why}")
                case None:
                    return None
        return self._told.popleft()

    def accepted(self, id_: str | None, *, timeout: float) -> None:
        """Waits until the connection (no id) or a subscription is accepted.

        Raises:
            RealtimeError: it was refused, or not accepted in time.
        """
        what = "the connection" if id_ is None else "the subscription"
        until = self._clock() + timeout
        while True:
            match self._next(until):
                case Accepted(id=found) if found == id_:
                    return
                case Refused(id=found, why=why) if found in (id_, None):
                    raise RealtimeError(f"{what} was refused: {why}")
                case Told() as told:
                    self._told.append(told)
                case None:
                    raise RealtimeError(f"{what} was not accepted within {timeout:g} s")

    def _next(self, until: float) -> Message | None:
        try:
            frame = self._socket.recv(timeout=max(0.0, until - self._clock()))
            return understood(frame if isinstance(frame, str) else frame.decode())
        except TimeoutError:
            return None
        except (WebSocketException, OSError, ValueError) as error:
            raise RealtimeError(f"the connection has ended: {error}") from error

    def _send(self, frame: str) -> None:
        try:
            self._socket.send(frame)
        except (WebSocketException, OSError) as error:
            raise RealtimeError(f"the connection has ended: {error}") from error


@contextmanager
def connected(
    realtime_url: str, graphql_url: str, sign: Sign, *, timeout: float
) -> Iterator[Realtime]:
    """Connects, and ends the connection with the block.

    Args:
        graphql_url: what signatures are for, whatever the real-time endpoint's name is.
        timeout: seconds for each step.

    Raises:
        RealtimeError
    """
    headers = sign(f"{graphql_url}/connect", b"{}", SIGNED)
    try:
        socket = connect(
            realtime_url,
            subprotocols=[Subprotocol(each) for each in subprotocols(headers)],
            open_timeout=timeout,
            close_timeout=1,
            ping_interval=None,  # the service says that it lives, and knows no pings
            proxy=None,
        )
    except (WebSocketException, OSError) as error:
        raise RealtimeError(f"{realtime_url} cannot be reached: {error}") from error
    with socket:
        realtime = Realtime(socket, graphql_url, sign)
        realtime._send(INIT)
        realtime.accepted(None, timeout=timeout)
        yield realtime

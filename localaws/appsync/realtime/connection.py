"""One client's socket: reads it, writes it, and carries out the protocol's effects."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import assert_never

from localaws import asgi
from localaws.appsync.ports import Endpoint, GraphQLError, SubscriptionRefused, Unauthenticated
from localaws.appsync.realtime import frames
from localaws.appsync.realtime.hub import Hub, Registration
from localaws.appsync.realtime.limits import Limits
from localaws.appsync.realtime.outbox import Outbox
from localaws.appsync.realtime.protocol import (
    Close,
    Effect,
    Protocol,
    Register,
    Send,
    Subscribe,
    Ticket,
    Unsubscribe,
)

# RFC 6455, section 7.4.1. The service's own codes are not documented.
GOING_AWAY = 1001
TOO_SLOW = 1008

_log = logging.getLogger(__name__)


class Connection:
    """Runs one accepted and authenticated socket until either side closes it."""

    def __init__(
        self,
        *,
        endpoint_of: Callable[[], Endpoint | None],
        hub: Hub,
        limits: Limits,
        receive: asgi.Receive,
        send: asgi.Send,
        headers: Mapping[str, str],
    ) -> None:
        """`headers` are the connection's, as its subscriptions' resolvers see them."""
        self._endpoint_of = endpoint_of
        self._headers = headers
        self._hub = hub
        self._limits = limits
        self._receive = receive
        self._send = send
        self._protocol = Protocol(limits)
        self._outbox = Outbox(characters=limits.waiting_characters)
        self._starting: dict[Ticket, asyncio.Task[None]] = {}
        self._registrations: dict[Ticket, Registration] = {}

    async def run(self) -> None:
        """Returns when the socket is closed or the client is gone, with everything cleaned up."""
        ends = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]
        keeper = asyncio.create_task(self._keep_alive())
        try:
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            workers = [*ends, keeper, *self._starting.values()]
            self._free()
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        for end in done:
            end.result()  # raises what failed, for the server to log

    def close(self, close: Close, *, drop_frames: bool = False) -> None:
        """Have the queued frames and then this close sent, without waiting for it."""
        self._outbox.close(close, drop_frames=drop_frames)
        self._free()

    async def _read(self) -> None:
        # The service sends one at once, before the client sends anything.
        self._do([Send(frames.KEEP_ALIVE)])
        clock = asyncio.get_running_loop().time
        while (message := await self._receive())["type"] != "websocket.disconnect":
            if self._outbox.closed:
                continue
            text: str | None = message.get("text")
            received = message["bytes"] if text is None else text
            self._do(self._protocol.receive(received, at=clock()))

    async def _write(self) -> None:
        while True:
            item = await self._outbox.get()
            try:
                async with asyncio.timeout(self._limits.send_timeout_s):
                    await self._send(_asgi(item))
            except (OSError, RuntimeError):
                # OSError: the client is gone, or (TimeoutError) does not read. RuntimeError is
                # what uvicorn raises after closing by itself, as on an unanswered ping.
                return
            if isinstance(item, Close):
                return

    async def _keep_alive(self) -> None:
        try:
            async with asyncio.timeout(self._limits.life_s):
                while True:
                    await asyncio.sleep(self._limits.keep_alive_s)
                    self._do([Send(frames.KEEP_ALIVE)])
        except TimeoutError:
            self.close(Close(GOING_AWAY, f"connected for {self._limits.life_s:g} seconds"))

    def _do(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(frame):
                    self._put(frame)
                case Subscribe(ticket):
                    self._starting[ticket] = asyncio.create_task(self._subscribe(effect))
                case Register(ticket, subscription):
                    deliver = partial(self._announced, ticket)
                    end = partial(self._invalidated, ticket)
                    self._registrations[ticket] = self._hub.register(subscription, deliver, end)
                case Unsubscribe(ticket):
                    self._unsubscribe(ticket)
                case Close():
                    self.close(effect)
                case _:
                    assert_never(effect)

    def _put(self, frame: str) -> None:
        if self._outbox.put(frame):
            return
        limit = self._limits.waiting_characters
        _log.warning("client disconnected: over %d characters are waiting to be read", limit)
        self.close(
            Close(TOO_SLOW, f"over {limit} characters are waiting to be read"), drop_frames=True
        )

    async def _subscribe(self, work: Subscribe) -> None:
        try:
            effects = await self._outcome(work)
        finally:
            self._starting.pop(work.ticket, None)
        self._do(effects)

    async def _outcome(self, work: Subscribe) -> list[Effect]:
        ticket, start = work.ticket, work.start
        endpoint = self._endpoint_of()
        if endpoint is None:
            return [Close(GOING_AWAY, "the API was deleted")]
        try:
            identity = await endpoint.authenticate(start.signed)
            subscription = await endpoint.subscribe(identity, start.request, self._headers)
        except Unauthenticated as error:
            return self._protocol.unauthenticated(ticket, error)
        except SubscriptionRefused as error:
            return self._protocol.refused(ticket, error.errors)
        except Exception as error:  # noqa: BLE001 - every start is answered, whatever fails
            _log.error("a start failed: %s", _without_values(error))
            return self._protocol.refused(ticket, [_INTERNAL_FAILURE])
        return self._protocol.subscribed(ticket, subscription)

    def _announced(self, ticket: Ticket, payload: str) -> None:
        self._do(self._protocol.announced(ticket, payload))

    def _invalidated(self, ticket: Ticket) -> None:
        self._do(self._protocol.invalidated(ticket))

    def _unsubscribe(self, ticket: Ticket) -> None:
        if task := self._starting.pop(ticket, None):
            task.cancel()
        if registration := self._registrations.pop(ticket, None):
            self._hub.unregister(registration)

    def _free(self) -> None:
        for ticket in [*self._starting, *self._registrations]:
            self._unsubscribe(ticket)


_INTERNAL_FAILURE = GraphQLError("An internal failure occurred.", "InternalFailure")


def _asgi(item: str | Close) -> asgi.Message:
    match item:
        case str():
            return {"type": "websocket.send", "text": item}
        case Close(code, reason):
            return {"type": "websocket.close", "code": code, "reason": reason}
        case _:
            assert_never(item)


def _without_values(error: Exception) -> str:
    """Type and place only: an exception's text may hold a payload or a credential."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {place.filename}:{place.lineno}"

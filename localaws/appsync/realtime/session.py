"""The real-time endpoint of one Region, as an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from localaws import asgi
from localaws.appsync.counts import Counts
from localaws.appsync.ports import Announcement, Endpoint, Invalidation, Unauthenticated
from localaws.appsync.realtime import frames
from localaws.appsync.realtime.connection import GOING_AWAY, Connection
from localaws.appsync.realtime.handshake import SUBPROTOCOL, Opening, Refusal, read_upgrade
from localaws.appsync.realtime.hub import Hub
from localaws.appsync.realtime.limits import Limits
from localaws.appsync.realtime.protocol import NORMAL_CLOSURE, Close

# The first is a custom domain's, the second that of the service's own real-time host.
PATHS = frozenset({"/graphql/realtime", "/graphql"})


class Sockets:
    """Serves the WebSockets of the API that `endpoint_of` returns, None while there is none.

    For uvicorn with `ws="websockets-sansio"`. Everything happens in one event loop.
    """

    def __init__(
        self,
        endpoint_of: Callable[[], Endpoint | None],
        limits: Limits | None = None,
        counts: Counts | None = None,
    ) -> None:
        self._endpoint_of = endpoint_of
        self._limits = limits or Limits()
        self._counts = counts or Counts()
        self._hub = Hub(self._counts)
        self._running: dict[Connection, asyncio.Future[None]] = {}

    @property
    def connections(self) -> int:
        """How many are open and authenticated."""
        return len(self._running)

    @property
    def subscriptions(self) -> int:
        """How many are live, over all connections."""
        return len(self._hub)

    def announce(self, announcement: Announcement) -> None:
        """Queue a notification for every matching subscriber. Call it in the event loop."""
        self._hub.announce(announcement)

    def invalidate(self, invalidation: Invalidation) -> None:
        """End the matching subscriptions and their connections. Call it in the event loop."""
        self._hub.invalidate(invalidation)

    async def close(self) -> None:
        """Close every connection with 1001, after its queued frames; then return."""
        running = dict(self._running)
        for connection in running:
            connection.close(Close(GOING_AWAY, "the server is going away"))
        if running:
            await asyncio.wait(running.values())

    async def __call__(self, scope: asgi.Message, receive: asgi.Receive, send: asgi.Send) -> None:
        if scope["type"] != "websocket":
            raise ValueError(f"{scope['type']} is not a websocket scope")
        query = _taken_query(scope)
        await receive()  # websocket.connect
        endpoint = self._endpoint_of()
        if endpoint is None or scope["path"] not in PATHS:
            await _not_found(send)
            return
        opened = await self._open(endpoint, query, scope, send)
        if isinstance(opened, Refusal):
            await self._refuse(opened.frame, receive, send)
            return
        await self._run(
            Connection(
                endpoint_of=self._endpoint_of,
                hub=self._hub,
                limits=self._limits,
                receive=receive,
                send=send,
                headers=opened.headers,
            )
        )

    async def _open(
        self, endpoint: Endpoint, query: str, scope: asgi.Message, send: asgi.Send
    ) -> Opening | Refusal:
        """Accept the upgrade and authenticate it; a refused one is accepted to say why."""
        upgrade = read_upgrade(
            query=query,
            subprotocols=scope["subprotocols"],
            headers=[(n.decode("latin-1"), v.decode("latin-1")) for n, v in scope["headers"]],
            hosts=endpoint.hosts,
        )
        if isinstance(upgrade, Refusal):
            await send({"type": "websocket.accept", "subprotocol": upgrade.subprotocol})
            return upgrade
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        try:
            await endpoint.authenticate(upgrade.request)
        except Unauthenticated as error:
            return Refusal(
                frames.connection_error(401, message=error.message, type=error.error_type)
            )
        return upgrade

    async def _refuse(self, frame: str, receive: asgi.Receive, send: asgi.Send) -> None:
        """Say why, then close: not at once, since gql sends its init first and needs the socket."""
        await send({"type": "websocket.send", "text": frame})
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.refusal_s):
                if (await receive())["type"] == "websocket.disconnect":
                    return
        await send({"type": "websocket.close", "code": NORMAL_CLOSURE})

    async def _run(self, connection: Connection) -> None:
        ended = asyncio.get_running_loop().create_future()
        self._running[connection] = ended
        self._counts.opened(connection)
        try:
            await connection.run()
        finally:
            del self._running[connection]
            self._counts.closed(connection)
            ended.set_result(None)


def _taken_query(scope: asgi.Message) -> str:
    """Take the query string, which may hold credentials, out of what the server will log."""
    query: bytes = scope["query_string"]
    scope["query_string"] = b""
    return query.decode("latin-1")


async def _not_found(send: asgi.Send) -> None:
    await send({"type": "websocket.http.response.start", "status": 404, "headers": []})
    await send({"type": "websocket.http.response.body", "body": b""})

"""Serves an ASGI application over HTTP and WebSockets, within an event loop that is running."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from localaws.gate import Gate, gated

# Sockets are closed after this time: a subscriber that never closes must not delay the end.
_SHUTDOWN_S = 1
_LOOK_S = 0.005
_TICK_S = 1.0

# An idle connection must not be closed just as a client sends: uvicorn's default of five seconds is
# less than most clients keep theirs open.
_KEEP_ALIVE_S = 75

# Far more than the data plane accepts, so that the refusal is the data plane's, as on AWS.
_MAX_HEAD_BYTES = 1024 * 1024


class _Sockets(WebSocketsSansIOProtocol):
    """Answers every upgrade: uvicorn never answers one that the websockets library refuses by
    itself, as it does for a header line of over 8 KB."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            answer = b"".join(self.conn.data_to_send())
            self.transport.write(answer or _BAD_REQUEST)
            self.transport.close()


_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class _Server(uvicorn.Server):
    """Leaves the process's signals alone: they are for whoever runs the event loop.

    It ends as soon as its connections do: uvicorn looks ten times a second whether it is to end,
    and waits another tenth for connections that there may not be.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def end(self) -> None:
        """Let `serve` return, once its connections are closed."""
        self.should_exit = True
        self._ending.set()

    async def main_loop(self) -> None:
        """Keep the Date of answers right, until it is to end."""
        while not self._ending.is_set():
            await self.on_tick(0)
            with suppress(TimeoutError):
                async with asyncio.timeout(_TICK_S):
                    await self._ending.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept nobody, and have each connection end with what it is at."""
        for each in (*self.servers, *(sockets or ())):
            each.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(_SHUTDOWN_S):
                while state.connections or state.tasks:
                    await asyncio.sleep(_LOOK_S)
        for task in state.tasks:
            task.cancel()


# Any: an ASGI application, for which uvicorn has its own, private types.
@asynccontextmanager
async def serving(
    app: Any,
    listener: socket.socket,
    *,
    tls: ssl.SSLContext | None = None,
    gate: Gate | None = None,
) -> AsyncIterator[asyncio.Task[None]]:
    """Serve `app` on a listening socket for the length of a block; yields the task that serves.

    Server and block share an event loop, which the real-time endpoint needs.
    """
    config = uvicorn.Config(
        app,
        ws=_Sockets,
        h11_max_incomplete_event_size=_MAX_HEAD_BYTES,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
    )
    config.load()
    if tls:
        config.ssl = tls
    if gate:
        config.http_protocol_class = gated(config.http_protocol_class, gate)
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield task
    finally:
        server.end()
        await asyncio.gather(task, return_exceptions=True)

"""A stand-in for AppSync's HTTP side: it announces nothing and takes a fixed time to say so.

In a test, `with stand_in(answer) as server:`; as a process of its own, for the bench,
`python -m tests.fakes.appsync --seconds 0.01`, which prints its port.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

# Such headers as come with a real answer: reading them is part of the work.
_HEADERS = (
    "Content-Type: application/json;charset=UTF-8\r\n"
    "Date: Sun, 22 Nov 2026 20:47:00 GMT\r\n"
    "x-amzn-RequestId: 0a6c4c4c-9a3e-4f8a-9d0a-1b2c3d4e5f60\r\n"
    "x-amzn-appsync-TokensConsumed: 1\r\n"
    "X-Cache: Miss from cloudfront\r\n"
    "Via: 1.1 4f8a9d0a1b2c3d4e5f60.cloudfront.net (CloudFront)\r\n"
    "X-Amz-Cf-Pop: DUB56-P1\r\n"
    "X-Amz-Cf-Id: 0a6c4c4c9a3e4f8a9d0a1b2c3d4e5f600a6c4c4c9a3e==\r\n"
)


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    line: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def change(self) -> Any:  # JSON
        """The item that is announced."""
        return json.loads(json.loads(self.body)["variables"]["change"])


Answer = Callable[[Request], bytes | None]
"""The bytes to answer with; None closes the connection instead."""


def http(status: int, body: bytes, headers: str = _HEADERS) -> bytes:
    """A response as it goes over the wire."""
    return f"HTTP/1.1 {status} X\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


def published(request: Request) -> bytes:
    """What AppSync answers when all is well: the item that was announced."""
    message = json.loads(request.body)
    name = message["query"].partition("{ ")[2].partition("(")[0]
    data = {"data": {name: json.loads(message["variables"]["change"])}}
    return http(200, json.dumps(data).encode())


@dataclass
class StandIn:
    """A running server and what it was sent."""

    loop: asyncio.AbstractEventLoop
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    connections: list[asyncio.Transport] = field(default_factory=list)

    def hang_up(self) -> None:
        """Closes every connection, as AppSync does with those that nothing was heard from."""
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result()

    async def _close(self) -> None:
        for transport in self.connections:
            transport.abort()
        await asyncio.sleep(0)


class _Connection(asyncio.Protocol):
    def __init__(self, server: StandIn, answer: Answer, seconds: Callable[[], float]) -> None:
        self._server, self._answer, self._seconds = server, answer, seconds
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._number = len(self._server.connections)
        self._server.connections.append(transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, rest = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        line, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value for name, _, value in (each.partition(": ") for each in lines)
        }
        length = int(headers["content-length"])
        if len(rest) < length:
            return
        self._received = rest[length:]
        self._respond(Request(line, headers, rest[:length], self._number))

    def _respond(self, request: Request) -> None:
        self._server.requests.append(request)
        answer = self._answer(request)
        if answer is None:
            self._transport.close()
        else:
            self._server.loop.call_later(self._seconds(), self._transport.write, answer)


@contextmanager
def stand_in(
    answer: Answer = published, *, seconds: float = 0.0, tls: ssl.SSLContext | None = None
) -> Iterator[StandIn]:
    """A server in a thread of its own, gone at the end."""
    loop = asyncio.new_event_loop()
    server = StandIn(loop)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    starting = loop.create_server(
        lambda: _Connection(server, answer, lambda: seconds), "127.0.0.1", ssl=tls
    )
    listening = asyncio.run_coroutine_threadsafe(starting, loop).result()
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(listening.close)
        server.hang_up()
        asyncio.run_coroutine_threadsafe(listening.wait_closed(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _serve(seconds: float, spread: float, tls: ssl.SSLContext | None) -> None:
    loop = asyncio.get_running_loop()
    server = StandIn(loop)
    # The bench sends a great many requests, which nobody looks at.
    server.requests = _Forgetful()

    def connection() -> _Connection:
        return _Connection(
            server, published, lambda: seconds * (1 + random.uniform(-spread, spread))
        )

    listening = await loop.create_server(connection, "127.0.0.1", ssl=tls, backlog=500)
    print(listening.sockets[0].getsockname()[1], flush=True)  # noqa: T201 # it is the answer
    await listening.serve_forever()


class _Forgetful(list[Request]):
    def append(self, request: Request) -> None:
        """Keeps nothing."""


def _tls(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=0.01)
    parser.add_argument("--spread", type=float, default=0.0, help="the part that it varies by")
    parser.add_argument("--certificate", help="a file with a certificate and its key: speak TLS")
    options = parser.parse_args()
    tls = _tls(options.certificate) if options.certificate else None
    asyncio.run(_serve(options.seconds, options.spread, tls))

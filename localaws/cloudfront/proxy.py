"""A distribution on one machine: one address in front of the Regions, HTTP and WebSocket.

It passes each request to the function and sends it, with its Host replaced, to the origin that the
function names. There is no TLS, no cache and no HTTP/2, and a connection carries one request.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, MutableMapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from localaws.cloudfront.events import Request, Viewer, viewer_request
from localaws.cloudfront.function import CloudFrontFunction, FunctionError
from localaws.sockets import HOST

# CloudFront's own limit for the line and the headers together:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
MOST_HEAD_BYTES = 32_768


@dataclass(frozen=True)
class Address:
    """Where an origin is, on this machine."""

    host: str
    port: int


@dataclass(frozen=True)
class Head:
    """A request without its body."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]

    @property
    def request(self) -> Request:
        """The request as the function sees it, its host without a port."""
        path, _, query = self.target.partition("?")
        headers = {name.lower(): value for name, value in self.headers}
        host = headers.get("host", "").partition(":")[0]
        return Request(host, path, self.method, query, headers)

    @property
    def upgrades(self) -> bool:
        """Whether it asks for a WebSocket."""
        return self.request.headers.get("upgrade", "").lower() == "websocket"

    def to(self, host: str) -> bytes:
        """The head to send to an origin, with the origin's host."""
        connection = "Upgrade" if self.upgrades else "close"
        kept = [(n, v) for n, v in self.headers if n.lower() not in {"host", "connection"}]
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        headers = [("Host", host), ("Connection", connection), *kept]
        return _encoded([*lines, *(f"{name}: {value}" for name, value in headers)])


@dataclass
class Distribution:
    """One address for all Regions.

    Args:
        store: the function's key-value store; a change takes effect with the next request.
        origins: where each domain is. Any other domain cannot be reached.
        viewer: the viewer of every request.
    """

    function: CloudFrontFunction
    store: Mapping[str, str]
    origins: MutableMapping[str, Address]
    viewer: Viewer = field(default_factory=lambda: Viewer("198.51.100.7"))
    _open: dict[asyncio.StreamWriter, str] = field(default_factory=dict)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        """Serve for the length of a block; yields the port."""
        server = await asyncio.start_server(self._serve, HOST, 0, limit=MOST_HEAD_BYTES)
        async with server:
            yield server.sockets[0].getsockname()[1]
            self.cut()

    def cut(self, domain: str | None = None) -> None:
        """Close every connection, or those to one domain, as if a Region were lost."""
        for writer, origin in list(self._open.items()):
            if domain in (None, origin):
                writer.transport.abort()

    def lose(self, domain: str) -> None:
        """Remove an origin and close its connections."""
        del self.origins[domain]
        self.cut(domain)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            try:
                head = parse((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
            except (ValueError, asyncio.LimitOverrunError):
                writer.write(_answer(400, "the request cannot be read"))
            else:
                await self._respond(head, reader, writer)
        writer.close()

    async def _respond(
        self, head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            told = self.function.run(viewer_request(head.request, self.viewer), self.store)
        except FunctionError as error:
            writer.write(_answer(503, f"the function failed: {error}"))
            return
        if told.origin is None:
            writer.write(_response(told.value))
            return
        domain = told.origin["domainName"]
        try:
            address = self.origins[domain]
            origin = await asyncio.open_connection(address.host, address.port)
        except (KeyError, OSError):
            writer.write(_answer(502, f"{domain} cannot be reached"))
            return
        await self._forward(head.to(told.origin["hostHeader"]), (reader, writer), origin, domain)

    async def _forward(self, head: bytes, viewer: _Pair, origin: _Pair, domain: str) -> None:
        origin[1].write(head)
        self._open |= {viewer[1]: domain, origin[1]: domain}
        try:
            # When either end closes, the other is closed too: no request follows this one.
            both = [asyncio.create_task(_pump(*pair)) for pair in _crossed(viewer, origin)]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for pump in both:
                pump.cancel()
            await asyncio.gather(*both, return_exceptions=True)
        finally:
            for writer in (viewer[1], origin[1]):
                del self._open[writer]
                writer.close()


_Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def parse(text: str) -> Head:
    """A request's head.

    Raises:
        ValueError: it is malformed.
    """
    line, *lines = text.removesuffix("\r\n\r\n").split("\r\n")
    method, target, _ = line.split(" ")
    pairs = (each.partition(":") for each in lines)
    return Head(method, target, tuple((name, value.strip()) for name, _, value in pairs))


def _crossed(one: _Pair, other: _Pair) -> list[_Pair]:
    return [(one[0], other[1]), (other[0], one[1])]


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()


def _response(value: Any) -> bytes:
    """A response that the function made itself."""
    headers = [f"{name}: {each['value']}" for name, each in value["headers"].items()]
    status = f"HTTP/1.1 {value['statusCode']} {value['statusDescription']}"
    return _whole([status, *headers], value["body"]["data"])


def _answer(status: int, why: str) -> bytes:
    """CloudFront's own answer."""
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"
    return _whole([head, "content-type: text/plain"], why)


def _whole(lines: list[str], body: str) -> bytes:
    data = body.encode()
    return _encoded([*lines, f"content-length: {len(data)}", "connection: close"]) + data


def _encoded(lines: list[str]) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1")

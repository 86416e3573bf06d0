"""An address in front of an engine: what is asked there is passed on, or answered here.

An engine has one address for all services and Regions; whom a request is for stands in its
signature and its headers.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from localaws.asgi import Message, Receive, Send

Headers = tuple[tuple[str, str], ...]

# Credential=<key>/<date>/<Region>/<service>/aws4_request
_SCOPE = re.compile(r"Credential=[^/,]+/\d+/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")

# These belong to a connection, and the other side has its own.
_OF_THE_CONNECTION = frozenset(
    {"connection", "content-length", "expect", "keep-alive", "transfer-encoding", "upgrade"}
)

# How many requests are passed on at once; a thread is started when it is needed. One waits as long
# as the function that it invokes runs: 15 minutes at most.
_AT_ONCE = 64
_LONGEST_S = 905


@dataclass(frozen=True)
class Call:
    """A request to any service."""

    method: str
    target: str
    headers: Headers
    body: bytes

    @property
    def region(self) -> str | None:
        """The Region that it was signed for."""
        found = _SCOPE.search(self.header("authorization"))
        return found[1] if found else None

    @property
    def operation(self) -> str:
        """What it asks of a service with JSON: `DynamoDB_20120810.PutItem`."""
        return self.header("x-amz-target")

    def header(self, name: str) -> str:
        """The value of a header, by its name in small letters; empty if there is none."""
        return next((value for other, value in self.headers if other == name), "")


@dataclass(frozen=True)
class Answer:
    """The response to it."""

    status: int
    headers: Headers
    body: bytes


PassOn = Callable[[Call], Awaitable[Answer]]
Handle = Callable[[Call, PassOn], Awaitable[Answer]]


class Front:
    """An ASGI application.

    Args:
        handle: answers a call, by itself or with what it passes on.
    """

    def __init__(self, host: str, port: int, handle: Handle) -> None:
        self._address = host, port
        self._handle = handle
        self._threads = ThreadPoolExecutor(_AT_ONCE)

    def close(self) -> None:
        """Release the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
            return
        call = await _received(scope, receive)
        try:
            answer = await self._handle(call, self._pass_on)
        except (OSError, HTTPException):
            answer = Answer(503, (), b"the engine does not answer")
        headers = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in answer.headers]
        if call.method != "HEAD":
            headers.append((b"content-length", str(len(answer.body)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _pass_on(self, call: Call) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, call)

    def _ask(self, call: Call) -> Answer:
        # A connection each time: a kept one may be closed just as it is used.
        connection = HTTPConnection(*self._address, timeout=_LONGEST_S)
        try:
            connection.putrequest(
                call.method, call.target, skip_host=True, skip_accept_encoding=True
            )
            for name, value in call.headers:
                if name not in _OF_THE_CONNECTION:
                    connection.putheader(name, value.encode("latin-1"))
            connection.putheader("content-length", str(len(call.body)))
            connection.endheaders(call.body)
            response = connection.getresponse()
            body = response.read()
            told = tuple((name.lower(), value) for name, value in response.getheaders())
        finally:
            connection.close()
        # The length of what a HEAD would have is the engine's to know.
        hidden = _OF_THE_CONNECTION - ({"content-length"} if call.method == "HEAD" else set())
        headers = tuple((name, value) for name, value in told if name not in hidden)
        return Answer(response.status, headers, body)


async def _received(scope: Message, receive: Receive) -> Call:
    headers = tuple((k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in scope["headers"])
    parts, more = list[bytes](), True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    query = scope["query_string"].decode("latin-1")
    path = scope["raw_path"].decode("latin-1")
    return Call(scope["method"], f"{path}?{query}" if query else path, headers, b"".join(parts))

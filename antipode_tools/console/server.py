"""Serves the page, what it asks, and the socket by which it is told. An ASGI application."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from antipode_tools.console.guard import HEADERS, KEY_HEADER, MADE_POLICY, POLICY, is_key, stranger
from antipode_tools.console.places import Places
from antipode_tools.console.session import Session
from antipode_tools.operate.stacks.errors import OperationError, UsageError
from localaws.apigateway.gateway import Request, Response, serve
from localaws.asgi import Message, Receive, Send

# JSON.
Json = Any

# Does what the page asks by name, with the JSON that it sent.
Deed = Callable[[Json], Awaitable[Json]]

SOCKET = "/socket"
_STATIC = Path(__file__).parent / "static"
_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
_KEY_WITHIN_S = 5.0
# Of a socket that is closed because its key is wrong: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
_POLICY_VIOLATION = 1008


@dataclass(frozen=True)
class Server:
    """The console.

    Args:
        hosts: the names by which it may be called.
        key: what the page must send.
        deeds: what the page may ask, by its path below /api/.
        made: pages that deeds made, by paths that nobody guesses.
    """

    hosts: frozenset[str]
    key: str
    places: Places
    deeds: Mapping[str, Deed]
    made: Mapping[str, str] = field(default_factory=dict)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await serve(self._answer, scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        headers = dict(request.headers)
        if why := stranger(headers, self.hosts):
            return _told(403, {"refused": why})
        if request.path.startswith("/api/"):
            if not is_key(headers.get(KEY_HEADER, ""), self.key):
                return _told(
                    403, {"refused": "this is not the console's key: open its address anew"}
                )
            return await self._done(request)
        if request.method != "GET":
            return _told(405, {"refused": "the page is there to GET"})
        if (made := self.made.get(request.path)) is not None:
            return _page(made.encode(), "text/html", MADE_POLICY)
        return _file(request.path)

    async def _done(self, request: Request) -> Response:
        deed = self.deeds.get(request.path.removeprefix("/api/"))
        if deed is None or request.method != "POST":
            return _told(404, {"refused": "the console does no such thing"})
        try:
            asked = json.loads(request.body)
        except ValueError:
            return _told(400, {"refused": "the body must be JSON"})
        try:
            return _told(200, await deed(asked))
        except (KeyError, TypeError, AttributeError) as error:
            return _told(400, {"refused": f"this was not asked as the page asks it: {error!r}"})
        except UsageError as error:
            return _told(400, {"refused": str(error)})
        except OperationError as error:
            return _told(502, {"refused": str(error)})

    async def _socket(self, scope: Message, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        if scope["path"] != SOCKET or stranger(headers, self.hosts) or "origin" not in headers:
            await send({"type": "websocket.close"})
            return
        await send({"type": "websocket.accept"})
        if not await self._has_key(receive):
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return

        async def tell(message: Json) -> None:
            await send({"type": "websocket.send", "text": json.dumps(message)})

        session = Session(self.places, tell)
        async with session.open():
            while (message := await receive())["type"] == "websocket.receive":
                try:
                    await session.take(json.loads(message.get("text") or "null"))
                except (UsageError, ValueError) as error:
                    session.tell({"refused": str(error)})

    async def _has_key(self, receive: Receive) -> bool:
        try:
            async with asyncio.timeout(_KEY_WITHIN_S):
                message = await receive()
            return is_key(json.loads(message.get("text") or "")["key"], self.key)
        except (TimeoutError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return False


def _file(path: str) -> Response:
    """A file of the page, of which each has its own plain name."""
    name = path.removeprefix("/") or "index.html"
    file = next((each for each in _STATIC.iterdir() if each.name == name), None)
    if file is None:
        return _told(404, {"refused": "there is no such page"})
    return _page(file.read_bytes(), _TYPES[file.suffix], POLICY)


def _page(body: bytes, type_: str, policy: str) -> Response:
    headers = (("content-type", f"{type_}; charset=utf-8"), ("content-security-policy", policy))
    return Response(200, body, (*headers, *HEADERS))


def _told(status: int, body: Json) -> Response:
    headers = (("content-type", "application/json"), ("content-security-policy", POLICY), *HEADERS)
    return Response(status, json.dumps(body).encode(), headers)

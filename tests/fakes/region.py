"""A Region's API in memory, served for real: queries over HTTP, announcements over sockets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from localaws.appsync.realtime.session import Sockets
from localaws.cloudfront.proxy import Address
from localaws.serving import serving
from localaws.sockets import HOST, listen, number
from tests.unit.localaws.appsync.realtime.fakes import API_KEY, FakeEndpoint, published

Item = dict[str, Any]


@dataclass
class FakeRegion:
    """The items of one Region and who hears of them.

    Args:
        hosts: the names that clients may sign for.
        asked: the Host of each request, by its path.
    """

    name: str
    hosts: frozenset[str]
    items: dict[str, Item] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    sequence: int = 0
    kept: list[Item] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sockets = Sockets(lambda: FakeEndpoint(self.hosts))

    def write(self, item_id: str, item: str) -> None:
        """A write that reaches this Region's stream, and is announced."""
        kind = "Update" if item_id in self.items else "Create"
        self.items[item_id] = {"id": item_id, "item": item, "version": 1, "updatedIn": self.name}
        self._announce(kind, self.items[item_id])

    def delete(self, item_id: str) -> None:
        self._announce("Delete", self.items.pop(item_id))

    def _announce(self, kind: str, item: Item) -> None:
        self.sequence += 1
        change = {"kind": kind.upper(), "sequence": str(self.sequence), "region": self.name}
        self.kept.append({**item, "_change": change})
        told = published(self.kept[-1], model=f"{kind}ItemsModel")
        self.sockets.announce(told)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        self.asked.append((scope["path"], headers[b"host"].decode()))
        if scope["type"] == "websocket":
            await self.sockets(scope, receive, send)
            return
        request = b""
        more = True
        while more:
            message = await receive()
            request += message.get("body", b"")
            more = message.get("more_body", False)
        allowed = headers.get(b"x-api-key") == API_KEY.encode()
        body = json.dumps(self._answer(request) if allowed else {"errors": []}).encode()
        status = 200 if allowed else 401
        told = [(b"content-type", b"application/json"), (b"x-region", self.name.encode())]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, request: bytes) -> Any:
        if b"syncItemsModels" in request:
            return self._missed(**json.loads(request).get("variables", {}))
        page = {"items": list(self.items.values()), "nextToken": None}
        return {"data": {"listItemsModel": page}}

    def _missed(self, lastSync: str | None = None, nextToken: str | None = None) -> Any:
        """A page of two. What to ask for next reaches one change back, and a token is the rest."""
        name, _, number = (nextToken or lastSync or f"{self.name}/{len(self.kept)}").partition("/")
        if name != self.name:
            expired = {"message": "what was missed is not known", "errorType": "SyncExpired"}
            return {"data": None, "errors": [expired]}
        end = int(number) + 2
        page = {
            "items": self.kept[int(number) : end],
            "nextToken": f"{name}/{end}" if end < len(self.kept) else None,
            "startedAt": f"{name}/{max(0, len(self.kept) - 1)}",
        }
        return {"data": {"syncItemsModels": page}}


@asynccontextmanager
async def served(region: FakeRegion) -> AsyncIterator[Address]:
    """Serve a Region for the length of a block; yields where."""
    listener = listen(0)
    async with serving(region, listener):
        yield Address(HOST, number(listener))
        await region.sockets.close()

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
        told = published({**item, "_change": change}, model=f"{kind}ItemsModel")
        self.sockets.announce(told)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        self.asked.append((scope["path"], headers[b"host"].decode()))
        if scope["type"] == "websocket":
            await self.sockets(scope, receive, send)
            return
        while (await receive()).get("more_body"):
            pass
        allowed = headers.get(b"x-api-key") == API_KEY.encode()
        page = {"items": list(self.items.values()), "nextToken": None}
        body = json.dumps(
            {"data": {"listItemsModel": page}} if allowed else {"errors": []}
        ).encode()
        status = 200 if allowed else 401
        told = [(b"content-type", b"application/json"), (b"x-region", self.name.encode())]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def served(region: FakeRegion) -> AsyncIterator[Address]:
    """Serve a Region for the length of a block; yields where."""
    listener = listen(0)
    async with serving(region, listener):
        yield Address(HOST, number(listener))
        await region.sockets.close()

"""Subscribers that only count: many sockets for little CPU, which the chain needs for itself."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

# A notification that does not come would be waited for without end.
_NEXT_WITHIN_S = 60.0

_FIELDS = "id item createdAt updatedAt version updatedIn _change { id kind sequence region }"
_SUBSCRIPTIONS = ("onCreateItemsModel", "onUpdateItemsModel")


class Audience:
    """So many subscribers of one Region, each with a socket of its own."""

    def __init__(self, sockets: list[ClientConnection]) -> None:
        self._sockets = sockets

    async def hear(self, announcements: int) -> None:
        """Read until each has heard so many more.

        Raises:
            TimeoutError: for a minute one heard nothing.
        """
        await asyncio.gather(*(_hear(each, announcements) for each in self._sockets))


@asynccontextmanager
async def audience(region: Any, subscribers: int) -> AsyncIterator[Audience]:
    """Subscribers to a Region of world.json, which hear of every item that is written there."""
    async with AsyncExitStack() as exits:
        sockets = [await exits.enter_async_context(_connect(region)) for _ in range(subscribers)]
        for each in sockets:
            await _subscribe(each, region)
        yield Audience(sockets)


def _credentials(region: Any) -> dict[str, str]:
    return {"host": region.graphql_url.split("/")[2], "x-api-key": region.api_key}


def _connect(region: Any) -> connect:
    header = json.dumps(_credentials(region)).encode()
    offered = "header-" + base64.urlsafe_b64encode(header).decode().rstrip("=")
    return connect(
        region.realtime_url,
        subprotocols=[Subprotocol("graphql-ws"), Subprotocol(offered)],
        compression=None,
        proxy=None,
    )


async def _subscribe(socket: ClientConnection, region: Any) -> None:
    for field in _SUBSCRIPTIONS:
        request = {"query": f"subscription {{ {field} {{ {_FIELDS} }} }}"}
        payload = {
            "data": json.dumps(request),
            "extensions": {"authorization": _credentials(region)},
        }
        await socket.send(json.dumps({"type": "start", "id": field, "payload": payload}))
        await _next(socket, "start_ack")


async def _hear(socket: ClientConnection, announcements: int) -> None:
    for _ in range(announcements):
        await _next(socket, "data")


async def _next(socket: ClientConnection, kind: str) -> None:
    """Read up to the next frame of this kind."""
    async with asyncio.timeout(_NEXT_WITHIN_S):
        while json.loads(await socket.recv())["type"] != kind:
            pass

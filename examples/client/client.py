"""A client with one URL: it holds a copy of all items, or those of one text, and keeps it right.

    ANTIPODE_TOKEN=... python examples/client/client.py https://api.example.com/graphql [ITEM]

It subscribes, then queries, then applies the announcements. When its connection ends, or its Region
changes, it does so from the start: what was announced meanwhile is in what it queries.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from gql import Client, GraphQLRequest, gql
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncAuthentication,
    AppSyncJWTAuthentication,
)
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from gql.transport.exceptions import TransportError
from websockets.asyncio.client import ClientConnection

Item = dict[str, Any]

FIELDS = "id item version updatedIn"
LIST = gql(
    f"query ($filter: ModelItemsModelFilterInput, $nextToken: String)"
    f" {{ listItemsModel(filter: $filter, nextToken: $nextToken)"
    f" {{ items {{ {FIELDS} }} nextToken }} }}"
)
SUBSCRIPTIONS = [
    gql(
        f"subscription ($item: String) {{ {field}(item: $item)"
        f" {{ {FIELDS} _change {{ kind sequence region }} }} }}"
    )
    for field in ("onCreateItemsModel", "onUpdateItemsModel", "onDeleteItemsModel")
]


class RegionChanged(Exception):
    """Announcements of two Regions do not order: begin again."""


class Mirror:
    """All items, or those with the values that were asked for, as one Region has them."""

    def __init__(self, items: Iterable[Item] = (), asked: Mapping[str, Any] | None = None) -> None:
        """Holds what a query gave, which must have been made after the subscriptions."""
        self._asked = asked or {}
        self.items = {item["id"]: item for item in items}
        self.region: str | None = None
        self._last: dict[str, int] = {}

    def apply(self, announcement: Item) -> None:
        """Takes in what a subscription was told.

        The announcement of an item with the highest sequence is its last state; so a double is
        dropped, and one that comes late. Its version says nothing of that. An update by which an
        item leaves what was asked for comes with its new values.
        """
        item = dict(announcement)
        change = item.pop("_change")
        self._check(change["region"])
        sequence = int(change["sequence"])  # a number of up to 40 digits, and not a text
        if sequence <= self._last.get(item["id"], -1):
            return
        self._last[item["id"]] = sequence
        if change["kind"] == "DELETE" or not self._fits(item):
            self.items.pop(item["id"], None)
        else:
            self.items[item["id"]] = item

    def _fits(self, item: Item) -> bool:
        return all(item[name] == value for name, value in self._asked.items())

    def _check(self, region: str) -> None:
        self.region = self.region or region
        if region != self.region:
            raise RegionChanged(f"{self.region} was left for {region}")


async def follow(
    url: str,
    auth: AppSyncAuthentication,
    show: Callable[[Mirror], None],
    *,
    asked: Mapping[str, str] | None = None,
    pause_s: float = 1.0,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Keeps a copy for ever, and shows it whenever it may have changed.

    Args:
        asked: `{"item": "a text"}`, for the items that have it; None for all.
    """
    while True:
        try:
            await _follow_once(url, auth, show, asked or {})
        except* (TransportError, RegionChanged, OSError) as ended:
            say(f"begin again: {ended.exceptions[0]!r}")
        await asyncio.sleep(pause_s * random.uniform(0.5, 1.5))  # not all clients at once


async def _follow_once(
    url: str,
    auth: AppSyncAuthentication,
    show: Callable[[Mirror], None],
    asked: Mapping[str, str],
) -> None:
    async with _subscribed(url, auth, asked) as announcements:
        mirror = Mirror([item async for item in _everything(url, auth, asked)], asked)
        show(mirror)
        while True:
            mirror.apply(await announcements.get())
            show(mirror)


@asynccontextmanager
async def _subscribed(
    url: str, auth: AppSyncAuthentication, asked: Mapping[str, str]
) -> AsyncIterator[asyncio.Queue[Item]]:
    """What is announced from now on: when the block begins, every subscription is accepted."""
    accepted: asyncio.Queue[None] = asyncio.Queue()
    announcements: asyncio.Queue[Item] = asyncio.Queue()
    transport = AppSyncWebsocketsTransport(
        url=realtime(url),
        auth=auth,
        connect_args={"create_connection": lambda *a, **k: _Watched(accepted, *a, **k)},
    )
    async with Client(transport=transport) as session, asyncio.TaskGroup() as listening:
        for subscription in SUBSCRIPTIONS:
            request = GraphQLRequest(subscription, variable_values=dict(asked))
            listening.create_task(_listen(session, request, announcements))
        for _ in SUBSCRIPTIONS:
            await accepted.get()
        yield announcements


class _Watched(ClientConnection):
    """Notes that a subscription was accepted, which gql keeps to itself."""

    def __init__(self, accepted: asyncio.Queue[None], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._accepted = accepted

    async def recv(self, decode: bool | None = None) -> Any:
        frame = await super().recv(decode)
        if json.loads(frame)["type"] == "start_ack":
            self._accepted.put_nowait(None)
        return frame


async def _listen(
    session: AsyncClientSession, subscription: GraphQLRequest, announcements: asyncio.Queue[Item]
) -> None:
    async for data in session.subscribe(subscription):
        [item] = data.values()
        announcements.put_nowait(item)
    raise ConnectionError("the subscription has ended")


async def _everything(
    url: str, auth: AppSyncAuthentication, asked: Mapping[str, str]
) -> AsyncIterator[Item]:
    filter = {name: {"eq": value} for name, value in asked.items()}
    async with Client(transport=AIOHTTPTransport(url=url, auth=auth)) as session:
        token = None
        while True:
            request = GraphQLRequest(LIST, variable_values={"filter": filter, "nextToken": token})
            page = (await session.execute(request))["listItemsModel"]
            for item in page["items"]:
                yield item
            if (token := page["nextToken"]) is None:
                return


def realtime(url: str) -> str:
    """Where to subscribe: behind a name of one's own beside /graphql; gql knows AppSync's."""
    return url if ".appsync-api." in url else f"{url.replace('http', 'ws', 1)}/realtime"


def credentials(url: str) -> AppSyncAuthentication:
    """From the environment: a token is valid in every Region, an API key in one."""
    host = urlsplit(url).hostname or ""
    if token := os.environ.get("ANTIPODE_TOKEN"):
        return AppSyncJWTAuthentication(host=host, jwt=token)
    return AppSyncApiKeyAuthentication(host=host, api_key=os.environ["ANTIPODE_API_KEY"])


def main() -> None:
    try:
        url, *texts = sys.argv[1:]
        asked = dict(zip(["item"] * bool(texts), texts, strict=True))
        auth = credentials(url)
    except (ValueError, KeyError):
        sys.exit("usage: ANTIPODE_TOKEN=... (or ANTIPODE_API_KEY=...) client.py URL/graphql [ITEM]")

    def show(mirror: Mirror) -> None:
        print(f"{len(mirror.items)} items, {mirror.region or 'nothing announced yet'}")

    with suppress(KeyboardInterrupt):
        asyncio.run(follow(url, auth, show, asked=asked, say=print))


if __name__ == "__main__":
    main()

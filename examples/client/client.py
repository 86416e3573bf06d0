"""A client with one URL: it holds a copy of a model's items and keeps it right.

    ANTIPODE_TOKEN=... python examples/client/client.py https://api.example.com/graphql
    ... client.py URL/graphql --model Todo --select "id name" status=OPEN
    ... client.py URL/graphql --model Card --select "id title" --sync

It subscribes, then queries, then applies the announcements. When its connection ends, or its Region
changes, it does so again: what was announced meanwhile is in what it queries.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncAuthentication,
    AppSyncJWTAuthentication,
)
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from gql.transport.exceptions import TransportError, TransportQueryError
from websockets.asyncio.client import ClientConnection

from examples.client.documents import get, hear, page
from examples.client.mirror import Ask, Item, Mirror, Query, RegionChanged

ITEMS = Query("ItemsModel", "listItemsModel", "id item version updatedIn")


async def follow(
    url: str,
    auth: AppSyncAuthentication,
    show: Callable[[Mirror], None],
    query: Query = ITEMS,
    *,
    pause_s: float = 1.0,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Keeps a copy for ever, and shows it whenever it may have changed."""
    before: Mirror | None = None
    while True:
        mirror = Mirror(query, before)
        before = mirror
        try:
            await _follow_once(url, auth, show, mirror)
        except* (TransportError, OSError) as ended:
            say(f"begin again: {ended.exceptions[0]!r}")
        except* RegionChanged as ended:
            say(f"begin again: {ended.exceptions[0]!r}")
            before = None
        await asyncio.sleep(pause_s * random.uniform(0.5, 1.5))  # not all clients at once


async def _follow_once(
    url: str, auth: AppSyncAuthentication, show: Callable[[Mirror], None], mirror: Mirror
) -> None:
    async with (
        _subscribed(url, auth, mirror.query) as announcements,
        Client(transport=AIOHTTPTransport(url=url, auth=auth)) as session,
    ):
        ask: Ask | None = mirror.subscribed()
        while ask:
            ask = await _page(session, mirror, ask)
        while True:
            while wanted := dict(list(mirror.wants.items())[:20]):
                answer = await session.execute(get(mirror.query, list(wanted)))
                mirror.got(wanted, answer.values())
            show(mirror)
            mirror.heard([await announcements.get()])


async def _page(session: AsyncClientSession, mirror: Mirror, ask: Ask) -> Ask | None:
    try:
        [answer] = (await session.execute(page(mirror.query, ask))).values()
    except TransportQueryError as error:
        if ask.last_sync and (error.errors or [{}])[0].get("errorType") == "SyncExpired":
            return mirror.expired()
        raise
    return mirror.page(ask, answer)


@asynccontextmanager
async def _subscribed(
    url: str, auth: AppSyncAuthentication, query: Query
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
        for field in query.changes:
            listening.create_task(_listen(session, hear(query, field), announcements))
        for _ in query.changes:
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


def realtime(url: str) -> str:
    """Where to subscribe: behind a name of one's own beside /graphql; gql knows AppSync's."""
    return url if ".appsync-api." in url else f"{url.replace('http', 'ws', 1)}/realtime"


def credentials(url: str, environment: Mapping[str, str]) -> AppSyncAuthentication:
    """A token is valid in every Region, an API key in one."""
    host = urlsplit(url).hostname or ""
    if token := environment.get("ANTIPODE_TOKEN"):
        return AppSyncJWTAuthentication(host=host, jwt=token)
    return AppSyncApiKeyAuthentication(host=host, api_key=environment["ANTIPODE_API_KEY"])


def queried(
    model: str, listed: str | None, select: str, asked: Mapping[str, str], sync: str | bool
) -> Query:
    """The query that a command line means: operations have the names that models get by default.

    Args:
        sync: whether to ask what was missed, or the name of the query for it.
    """
    listed = listed or (ITEMS.list if model == ITEMS.model else f"list{model}s")
    named = f"sync{listed.removeprefix('list')}" if sync is True else sync or None
    return Query(model, listed, select, asked, sync=named)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Keeps a copy of a model's items, whatever Region answers.",
        epilog="Signs in with ANTIPODE_TOKEN, or with ANTIPODE_API_KEY.",
    )
    parser.add_argument("url", metavar="URL/graphql")
    parser.add_argument(
        "asked", metavar="FIELD=VALUE", nargs="*", default=[], help="only items that have it"
    )
    parser.add_argument("--model", default=ITEMS.model)
    parser.add_argument("--list", help="its list, where that is not its name with an s")
    parser.add_argument("--select", default=ITEMS.select, help="the fields, as GraphQL has them")
    parser.add_argument("--sync", action="store_true", help="ask what was missed: the model has it")
    parser.add_argument(
        "--sync-query", help="the same, where its query is not its list's with sync"
    )
    given = parser.parse_args(arguments)
    try:
        asked = dict(each.split("=", 1) for each in given.asked)
        auth = credentials(given.url, os.environ)
    except ValueError:
        parser.error("what is asked for is written FIELD=VALUE")
    except KeyError:
        parser.error("set ANTIPODE_TOKEN or ANTIPODE_API_KEY")
    query = queried(given.model, given.list, given.select, asked, given.sync_query or given.sync)

    def show(mirror: Mirror) -> None:
        print(f"{len(mirror.items)} items, {mirror.region or 'nothing announced yet'}")

    with suppress(KeyboardInterrupt):
        asyncio.run(follow(given.url, auth, show, query, say=print))


if __name__ == "__main__":
    main()

"""A page that listens, on real sockets of Regions in memory."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from antipode_tools.console.api_schema import version_of
from antipode_tools.console.places import Places
from antipode_tools.console.session import MOST_ROWS, MOST_SUBSCRIPTIONS, Session
from antipode_tools.operate.stacks.errors import UsageError
from antipode_tools.operate.stacks.target import Target
from tests.fakes.places import SCHEMA, a_lost_place, a_target, some

# JSON.
Json = Any
START = {"id": "a", "region": "ireland", "document": "subscription { onCreateItemsModel { id } }"}


class Page:
    """What a page was told, beats left out."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[Json] = asyncio.Queue()

    async def send(self, message: Json) -> None:
        if "beat" not in message:
            self.told.put_nowait(message)

    async def until(self, is_it: Callable[[Json], bool]) -> Json:
        async with asyncio.timeout(20):
            while not is_it(message := await self.told.get()):
                pass
        return message


def accepts(message: Json) -> bool:
    return bool(message.get("subscription") == "a")


async def test_what_a_region_announces_becomes_a_row_with_its_times() -> None:
    page = Page()
    with some("ireland") as (places, regions):
        session = Session(places, page.send, now=lambda: 1_800_000_000.25)
        async with session.open():
            await session.take({"start": START})
            assert await page.until(accepts) == {
                "subscription": "a",
                "region": "ireland",
                "problem": "",
            }
            item = {"id": "1", "text": "x" * 5_000, "_change": {"recordedAt": "2027-01-15T08:00Z"}}
            regions.servers["ireland"].tell("a", {"onCreateItemsModel": item})
            told = await page.until(lambda message: "rows" in message)
    [row] = told.pop("rows")
    assert told == {"left_out": {}}
    assert row.pop("item")["text"] == f"{'x' * 2_000}… (5,000 characters)"
    assert row == {
        "subscription": "a",
        "region": "ireland",
        "field": "onCreateItemsModel",
        "at": 1_800_000_000.25,
        "since_write": None,
        "since_record": 250,
    }


async def test_a_beat_tells_which_version_of_the_api_is_deployed() -> None:
    beats: asyncio.Queue[Json] = asyncio.Queue()
    with some("ireland") as (places, _):
        session = Session(places, beats.put, beat_s=0.01)
        async with session.open(), asyncio.timeout(20):
            versions = {(await beats.get())["version"]}
            while versions <= {None}:
                versions.add((await beats.get())["version"])
    assert versions == {None, version_of(SCHEMA)}


async def test_a_region_that_is_silent_holds_up_no_beat() -> None:
    beats: asyncio.Queue[Json] = asyncio.Queue()
    over = threading.Event()

    def silent() -> Target:
        over.wait()
        return a_target()

    place = replace(a_lost_place("ireland", "eu-west-1"), stack=silent)
    session = Session(Places([place]), beats.put, beat_s=0.01)
    try:
        async with session.open(), asyncio.timeout(20):
            told = [await beats.get() for _ in range(3)]
    finally:
        over.set()
    assert [beat["version"] for beat in told] == [None] * 3


async def test_10_000_announcements_at_once_are_bounded_and_the_rest_is_counted() -> None:
    page = Page()
    session = Session(Places([]), page.send)
    async with session.open():
        for number in range(10_000):
            session.add({"number": number, "region": "ireland"})
        told = await page.until(lambda message: "rows" in message)
    assert [row["number"] for row in told["rows"]] == [*range(10_000 - MOST_ROWS, 10_000)]
    assert told["left_out"] == {"ireland": 10_000 - MOST_ROWS}


async def test_a_socket_that_closes_is_opened_again_and_what_is_wanted_is_sent_anew() -> None:
    page = Page()
    with some("ireland") as (places, regions):
        server = regions.servers["ireland"]
        session = Session(places, page.send, chance=lambda: 0.0)
        async with session.open():
            await session.take({"start": START})
            for _ in range(3):
                await page.until(accepts)
                connection = server.connections.pop()
                await asyncio.to_thread(connection.close)
                lost = await page.until(lambda m: m.get("region") == "ireland" and m["problem"])
                assert lost
    assert [frame["id"] for frame in server.frames if frame["type"] == "start"][:3] == ["a"] * 3


async def test_a_subscription_that_is_refused_says_why_and_makes_room() -> None:
    def refusing(frame: Json) -> list[Json]:
        if frame["type"] == "start":
            errors = [{"errorType": "UnauthorizedException", "message": "no"}]
            return [{"type": "error", "id": frame["id"], "payload": {"errors": errors}}]
        return [{"type": "connection_ack"}]

    page = Page()
    with some("ireland", realtime=refusing) as (places, _):
        session = Session(places, page.send, flush_s=0.0)
        async with session.open():
            for _ in range(MOST_SUBSCRIPTIONS + 1):
                await session.take({"start": START})
                told = await page.until(accepts)
                assert told["problem"] == "UnauthorizedException: no"


async def test_a_region_that_is_not_found_is_said_to_be_so() -> None:
    page = Page()
    session = Session(Places([a_lost_place("ireland", "eu-west-1")]), page.send)
    async with session.open():
        await session.take({"start": START})
        told = await page.until(lambda message: "region" in message)
    assert told == {"region": "ireland", "problem": "the stack is not there"}


@pytest.mark.parametrize(
    "message",
    [None, [], {"start": {}}, {"start": START | {"region": "atlantis"}}, {"stop": {"id": 1}}],
)
async def test_what_a_page_does_not_send_is_refused(message: Json) -> None:
    with some("ireland") as (places, _):
        session = Session(places, Page().send)
        async with session.open():
            with pytest.raises(UsageError):
                await session.take(message)


async def test_a_page_has_so_many_subscriptions_at_most() -> None:
    with some("ireland") as (places, _):
        session = Session(places, Page().send)
        async with session.open():
            for number in range(MOST_SUBSCRIPTIONS):
                await session.take({"start": START | {"id": str(number)}})
            with pytest.raises(UsageError, match="at most"):
                await session.take({"start": START | {"id": "more"}})
            await session.take({"stop": {"id": "0", "region": "ireland"}})
            await session.take({"start": START | {"id": "more"}})

"""The console's page when what it listens to ends, and comes back as it was or as another."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from itertools import count

import pytest
from playwright.async_api import Browser, Page, WebSocketRoute, expect

from antipode_tools.console.deeds import of_apis
from antipode_tools.console.places import Place, Places
from antipode_tools.console.serving import served
from antipode_tools.schema.compiler import compile_models
from localaws.sockets import listen, number
from tests.browser.chromium import paged
from tests.browser.console import CREATE, column, item, live, opened
from tests.fakes.places import SCHEMA, some
from tests.fakes.realtime import RealtimeServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

START = ("start", CREATE)
WIDER = compile_models(
    "type ItemsModel @model { id: ID! item: String colour: String }"
    " type Colour @model { id: ID! name: String }"
).schema


async def test_a_socket_that_closes_comes_back(browser: Browser) -> None:
    with some("ireland") as (places, regions):
        async with opened(browser, places) as page:
            server = regions.servers["ireland"]
            for number in range(2):
                await live(page, regions)
                server.frames.clear()
                await asyncio.to_thread(server.connections.pop().close)
                await live(page, regions)
                server.tell(CREATE, item(number))
                await expect(column(page).get_by_role("listitem")).to_have_count(number + 1)


async def test_a_page_that_slept_for_a_day_connects_anew(browser: Browser) -> None:
    """Nobody told it that its socket ended: a sign of life is missing."""
    sockets: list[WebSocketRoute] = []
    dead: set[WebSocketRoute] = set()

    def intercept(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        sockets.append(socket)
        server.on_message(lambda told: None if socket in dead else socket.send(told))

    async def prepare(page: Page) -> None:
        await page.clock.install()
        await page.route_web_socket("**/socket", intercept)

    with some("ireland") as (places, regions):
        async with opened(browser, places, prepare=prepare) as page:
            await live(page, regions)
            server = regions.servers["ireland"]
            server.frames.clear()
            dead.update(sockets)
            await page.clock.fast_forward("24:00:00")
            await live(page, regions)
            server.tell(CREATE, item(1))
            await expect(column(page).get_by_role("listitem")).to_have_count(1)
            await expect(page.locator("#connection")).to_have_text("connected")
            assert len(sockets) == 2


async def test_the_page_comes_back_when_the_console_does(browser: Browser) -> None:
    with some("ireland") as (places, _):
        deeds = of_apis(places, "memory")
        async with paged(browser) as page:
            state = page.locator("#connection")
            with listen(0) as first:
                port = number(first)
                async with served(first, "key", places, deeds) as console:
                    await page.goto(console.address)
                    await expect(column(page).get_by_text("live")).to_be_visible()
            await expect(state).to_have_text("the console does not answer")
            await expect(column(page).get_by_text("not connected")).to_be_visible()
            with listen(port) as again:
                async with served(again, "key", places, deeds):
                    await expect(state).to_have_text("connected")
                    await expect(column(page).get_by_text("live")).to_be_visible()


async def test_the_page_finds_the_next_world_with_its_regions_and_its_api(browser: Browser) -> None:
    """A console on the same port, of another world: no reload."""
    with some("ireland") as (before, _), some("sydney", schema=WIDER) as (after, regions):
        async with paged(browser) as page:
            with listen(0) as first:
                port = number(first)
                async with served(first, "key", before, of_apis(before, "one")) as console:
                    await page.goto(console.address)
                    await expect(column(page).get_by_text("live")).to_be_visible()
            with listen(port) as again:
                async with served(again, "key", after, of_apis(after, "another")):
                    await expect(column(page, "sydney").get_by_text("live")).to_be_visible()
                    await expect(column(page, "ireland")).to_have_count(0)
                    await expect(page.locator("#where")).to_have_text("another")
                    await expect(page.get_by_label("Document")).to_have_value(re.compile("colour"))
                    assert "colour" in await subscribed(regions.servers["sydney"])


async def test_the_page_learns_an_api_that_is_deployed_anew(browser: Browser) -> None:
    schemas = [SCHEMA]
    with some("ireland") as (places, regions):
        [place] = places.every
        former = place.reach
        changing = Place(
            place.name,
            place.code,
            place.stack,
            lambda target: replace(former(target), schema=schemas[-1]),
            clock=count(0, 60).__next__,  # whatever it found is old by the next look
        )
        async with opened(browser, Places([changing])) as page:
            await live(page, regions)
            mine = page.get_by_label("Document")
            await mine.fill("{ __typename }")
            schemas.append(WIDER)
            option = page.get_by_role("option", name="createColour", exact=True)
            await expect(option).to_be_attached()
            await expect(mine).to_have_value("{ __typename }")
            await expect(page.get_by_role("checkbox", name="Colour")).not_to_be_checked()
            server = regions.servers["ireland"]
            async with asyncio.timeout(20):
                while "colour" not in await subscribed(server):
                    await asyncio.sleep(0.01)
            server.tell(CREATE, item(1, colour="red"))
            await expect(column(page).get_by_role("listitem")).to_contain_text("colour: red")


async def subscribed(server: RealtimeServer) -> str:
    """The document of the last subscription to what is created."""
    async with asyncio.timeout(20):
        while not (starts := [f for f in server.frames if (f["type"], f.get("id")) == START]):
            await asyncio.sleep(0.01)
    return str(json.loads(starts[-1]["payload"]["data"])["query"])

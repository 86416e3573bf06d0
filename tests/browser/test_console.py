"""The console's page, by clicks, on Regions in memory: what it bears, and what it asks for."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, WebSocketRoute, expect

from antipode_tools.console.deeds import of_apis
from antipode_tools.console.places import Place, Places
from antipode_tools.console.server import Deed
from antipode_tools.console.serving import served
from antipode_tools.project.conditions import Conditions
from antipode_tools.schema.compiler import compile_models
from antipode_tools.world.drills.observed import Observed, Write
from antipode_tools.world.drills.report import Report
from antipode_tools.world.drills.verdict import Finding
from localaws.sockets import listen, number
from tests.browser.chromium import complaints, launched
from tests.fakes.places import SCHEMA, FakeRegions, some
from tests.fakes.realtime import RealtimeServer

# JSON.
Json = Any
CREATE = "ItemsModel-0"
START = ("start", CREATE)
WIDER = compile_models(
    "type ItemsModel @model { id: ID! item: String colour: String }"
    " type Colour @model { id: ID! name: String }"
).schema
CHANGE = {"kind": "CREATE", "sequence": "1", "recordedAt": "2027-01-15T08:00:00Z"}


@asynccontextmanager
async def opened(
    chromium: Path,
    places: Places,
    more: Mapping[str, Deed] | None = None,
    *,
    made: Mapping[str, str] | None = None,
    route: Callable[[WebSocketRoute], None] | None = None,
) -> AsyncIterator[Page]:
    """The page of a console of these Regions.

    Args:
        more: deeds of a local world.
        made: pages that deeds made.
        route: is given the page's socket to the console.
    """
    deeds = {**of_apis(places, "memory", has_faults=bool(more)), **(more or {})}
    with listen(0) as listener:
        async with (
            served(listener, "key", places, deeds, made) as console,
            launched(chromium) as browser,
        ):
            page = await browser.new_page()
            if route:
                await page.route_web_socket("**/socket", route)
            said = complaints(page)
            await page.goto(console.address)
            yield page
            assert said == []


def column(page: Page, region: str = "ireland") -> Locator:
    return page.locator(f'[data-region="{region}"]')


def item(number: int, **fields: Json) -> Json:
    return {"onCreateItemsModel": {"id": f"{number}", "_change": CHANGE, **fields}}


async def live(page: Page, regions: FakeRegions) -> None:
    """Wait until Ireland's subscriptions stand."""
    await expect(column(page).get_by_text("live")).to_be_visible()
    async with asyncio.timeout(20):
        while not any(frame.get("id") == CREATE for frame in regions.servers["ireland"].frames):
            await asyncio.sleep(0.01)


async def test_markup_in_an_item_is_text(chromium: Path) -> None:
    with some("ireland") as (places, regions):
        async with opened(chromium, places) as page:
            await live(page, regions)
            evil = "<img src=x onerror='document.title=`taken`'><script>1</script>"
            regions.servers["ireland"].tell(CREATE, item(1, item=evil))
            row = column(page).get_by_role("listitem")
            await expect(row).to_contain_text(evil)
            await row.locator("summary").click()
            await expect(row.locator("pre")).to_contain_text(evil)
            assert await page.locator("#view img, #view script").count() == 0
            assert await page.title() == "Antipode console"


async def test_a_flood_of_announcements_is_bounded(chromium: Path) -> None:
    with some("ireland") as (places, regions):
        async with opened(chromium, places) as page:
            await live(page, regions)

            def flood() -> None:
                for number in range(2_000):
                    regions.servers["ireland"].tell(CREATE, item(number, item="x" * 200))

            await asyncio.to_thread(flood)
            newest = column(page).get_by_role("listitem").first
            await expect(newest).to_contain_text("1999")
            await expect(column(page).locator(".note").first).to_contain_text("The last 150")
            assert await column(page).get_by_role("listitem").count() == 150


async def test_a_page_that_is_told_10_000_announcements_shows_the_last_and_is_used_meanwhile(
    chromium: Path,
) -> None:
    """As many as the console hands on in a minute, and all at once."""

    def row(number: int) -> Json:
        told = {"subscription": CREATE, "region": "ireland", "field": "onCreateItemsModel"}
        since = {"since_write": 1, "since_record": 1}
        there = {"id": f"{number}", "item": "x" * 200, "_change": CHANGE}
        return {**told, **since, "at": 1_800_000_000.0, "item": there}

    sockets: list[WebSocketRoute] = []

    def intercept(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    with some("ireland") as (places, regions):
        async with opened(chromium, places, route=intercept) as page:
            await live(page, regions)
            [socket] = sockets
            for portion in range(0, 10_000, 20):
                rows = [row(number) for number in range(portion, portion + 20)]
                left_out = {"ireland": 3} if portion == 0 else {}
                socket.send(json.dumps({"rows": rows, "left_out": left_out}))
                if portion == 5_000:  # in the middle of it
                    await page.get_by_role("tab", name="Item").click()
                    await expect(page.get_by_label("Model")).to_be_visible()
                    await page.get_by_role("tab", name="Regions").click()
            newest = column(page).get_by_role("listitem").first
            await expect(newest).to_contain_text("9999")
            note = column(page).locator(".note").first
            await expect(note).to_have_text("The last 150 are shown; 3 came too fast to show.")
            assert await column(page).get_by_role("listitem").count() == 150
            await newest.locator("summary").click()
            await newest.get_by_role("button", name="this item in every Region").click()
            heard = page.get_by_role("region", name="Heard in ireland").get_by_role("listitem")
            await expect(heard).to_have_count(1)


async def test_an_item_of_400_kb_is_shown_in_short(chromium: Path) -> None:
    with some("ireland") as (places, regions):
        async with opened(chromium, places) as page:
            await live(page, regions)
            regions.servers["ireland"].tell(CREATE, item(1, item="x" * 400_000))
            row = column(page).get_by_role("listitem")
            await row.locator("summary").click()
            await expect(row.locator("pre")).to_contain_text("… (400,000 characters)")


async def test_a_schema_without_models_leaves_its_operations(chromium: Path) -> None:
    with some("ireland", schema="type Query { now: String }") as (places, _):
        async with opened(chromium, places) as page:
            await expect(page.get_by_text("This API has no models")).to_be_visible()
            await page.get_by_role("button", name="Run in ireland").click()
            await expect(column(page).get_by_text("✔ now")).to_be_visible()


async def test_a_key_that_is_refused_is_said_where_it_was_refused(chromium: Path) -> None:
    def refusing(frame: Json) -> list[Json]:
        errors = [{"errorType": "UnauthorizedException", "message": "You are not authorized"}]
        return [{"type": "connection_error", "payload": {"errors": errors}}]

    refusal = {"errors": [{"errorType": "UnauthorizedException", "message": "no"}]}
    with some("ireland", answers={"ireland": lambda _: refusal}, realtime=refusing) as (places, _):
        async with opened(chromium, places) as page:
            state = column(page).get_by_text("not connected")
            await expect(state).to_have_attribute(
                "title", "UnauthorizedException: You are not authorized"
            )
            await page.get_by_role("button", name="Run in ireland").click()
            await expect(column(page).get_by_role("alert")).to_have_text(
                "UnauthorizedException: no"
            )


async def test_a_socket_that_closes_comes_back(chromium: Path) -> None:
    with some("ireland") as (places, regions):
        async with opened(chromium, places) as page:
            server = regions.servers["ireland"]
            for number in range(2):
                await live(page, regions)
                server.frames.clear()
                await asyncio.to_thread(server.connections.pop().close)
                await live(page, regions)
                server.tell(CREATE, item(number))
                await expect(column(page).get_by_role("listitem")).to_have_count(number + 1)


async def test_the_page_comes_back_when_the_console_does(chromium: Path) -> None:
    with some("ireland") as (places, _):
        deeds = of_apis(places, "memory")
        async with launched(chromium) as browser:
            page = await browser.new_page()
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


async def test_the_page_finds_the_next_world_with_its_regions_and_its_api(chromium: Path) -> None:
    """A console on the same port, of another world: no reload."""
    with some("ireland") as (before, _), some("sydney", schema=WIDER) as (after, regions):
        async with launched(chromium) as browser:
            page = await browser.new_page()
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


async def test_the_page_learns_an_api_that_is_deployed_anew(chromium: Path) -> None:
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
        async with opened(chromium, Places([changing])) as page:
            await live(page, regions)
            mine = page.get_by_label("Document")
            await mine.fill("{ __typename }")
            schemas.append(WIDER)
            option = page.get_by_role("option", name="createColour")
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


async def test_a_drills_report_is_shown_and_opens_as_a_page(chromium: Path) -> None:
    findings = [Finding("nothing is <b>lost</b>", True, "3 changes, 0 lost")]
    writes = [Write(at, "ireland", "a", f"{at}", done=True, home="ireland") for at in (0.1, 1.2)]
    observed = Observed(["ireland"], writes, marks=[(0.5, "cut ireland sydney")])
    report = Report("split", "it splits", findings, observed)

    async def drilled(_: Json) -> Json:
        told = {**report.as_json(), "page": "/ticket/split.html", "file": "/drills/split.html"}
        return {
            "drills": {"split": "it splits"},
            "runs": False,
            "lines": ["a line"],
            "report": told,
        }

    async def conditions(_: Json) -> Json:
        return {"conditions": Conditions().as_json()}

    made = {"/ticket/split.html": report.as_html()}
    with some("ireland") as (places, _):
        deeds = {"drilled": drilled, "conditions": conditions}
        async with opened(chromium, places, deeds, made=made) as page:
            await page.get_by_role("tab", name="Distance").click()
            await expect(page.get_by_role("status").last).to_have_text("split: the promise held")
            said = page.get_by_text("nothing is <b>lost</b>: 3 changes, 0 lost")
            await expect(said).to_be_visible()
            await expect(page.locator(".plots svg")).to_have_count(len(report.as_json()["series"]))
            async with page.context.expect_page() as opening:
                await page.get_by_role("link", name="The report as a page").click()
            own = await opening.value
            complained = complaints(own)
            await own.reload()
            await expect(own.get_by_role("heading")).to_have_text("split: the promise held")
            padding = "getComputedStyle(document.querySelector('td')).paddingLeft"
            assert await own.evaluate(padding) != "1px"  # its own style is in force
            await expect(own.locator("svg")).to_have_count(len(report.as_json()["series"]))
            assert complained == []


async def test_it_is_used_by_the_keyboard_alone(chromium: Path) -> None:
    answers = dict.fromkeys(("ireland", "sydney"), lambda _: {"data": {"done": True}})
    with some("ireland", "sydney", answers=answers) as (places, _):
        async with opened(chromium, places) as page:
            await page.get_by_role("textbox", name="Document").press("Control+Enter")
            await expect(column(page).get_by_text("✔ createItemsModel")).to_be_visible()
            await page.keyboard.press("Alt+2")
            await expect(column(page, "sydney").get_by_text("✔")).to_be_visible()
            await page.get_by_role("tab", name="Regions").press("ArrowRight")
            await expect(page.get_by_role("tab", name="Item")).to_be_focused()
            await expect(page.get_by_label("Model")).to_be_visible()


async def test_a_wrong_key_says_what_to_do(chromium: Path) -> None:
    with some("ireland") as (places, _), listen(0) as listener:
        async with (
            served(listener, "key", places, of_apis(places, "")) as console,
            launched(chromium) as browser,
        ):
            page = await browser.new_page()
            await page.goto(f"{console.url}/#guessed")
            await expect(page.get_by_role("alert")).to_have_text(
                "this is not the console's key: open its address anew"
            )


async def test_a_line_is_dragged_for_a_lag_and_broken_by_a_key(chromium: Path) -> None:
    given: list[Json] = []

    async def order(asked: Json) -> Json:
        given.append(asked)
        return {"said": "done", "conditions": Conditions().as_json()}

    async def conditions(_: Json) -> Json:
        return {"conditions": Conditions().as_json()}

    async def drilled(_: Json) -> Json:
        return {"drills": {"split": "it splits"}, "runs": False, "lines": [], "report": None}

    faults = {"order": order, "conditions": conditions, "drilled": drilled}
    with some("ireland", "sydney") as (places, _):
        async with opened(chromium, places, faults) as page:
            await page.get_by_role("tab", name="Distance").click()
            line = page.get_by_role("slider", name="ireland and sydney")
            knob = await line.locator("circle").bounding_box()
            assert knob
            x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
            await page.mouse.move(x, y)
            await page.mouse.down()
            await page.mouse.move(x, y - 60, steps=4)
            await page.mouse.up()
            await expect(page.get_by_role("status").last).to_be_attached()
            await line.press("x")
            await expect(page.get_by_text("done")).to_be_visible()
    lag, cut = given
    assert (lag["do"], lag["regions"]) == ("lag", ["ireland", "sydney"])
    assert 0.01 < lag["lag_s"] < 20
    assert cut == {"do": "cut", "regions": ["ireland", "sydney"]}

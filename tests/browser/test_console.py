"""The console's page, by clicks, on Regions in memory: what it bears."""

from __future__ import annotations

import asyncio
import json
import re
import threading

import pytest
from playwright.async_api import Browser, Page, WebSocketRoute, expect

from antipode_tools.console.deeds import of_apis
from antipode_tools.console.serving import served
from localaws.sockets import listen
from tests.browser.chromium import paged
from tests.browser.console import CHANGE, CREATE, Json, column, item, live, opened
from tests.fakes.places import some

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_markup_in_an_item_is_text(browser: Browser) -> None:
    with some("ireland") as (places, regions):
        async with opened(browser, places) as page:
            await live(page, regions)
            evil = "<img src=x onerror='document.title=`taken`'><script>1</script>"
            regions.servers["ireland"].tell(CREATE, item(1, item=evil))
            row = column(page).get_by_role("listitem")
            await expect(row).to_contain_text(evil)
            await row.locator("summary").click()
            await expect(row.locator("pre")).to_contain_text(evil)
            assert await page.locator("#view img, #view script").count() == 0
            assert await page.title() == "Antipode console"


async def test_a_flood_of_announcements_is_bounded(browser: Browser) -> None:
    with some("ireland") as (places, regions):
        async with opened(browser, places) as page:
            await live(page, regions)

            def flood() -> None:
                for number in range(2_000):
                    regions.servers["ireland"].tell(CREATE, item(number, item="x" * 200))

            await asyncio.to_thread(flood)
            rows = column(page).get_by_role("listitem")
            await expect(rows.first).to_contain_text("1999")
            shown = await rows.count()
            note = await column(page).locator(".note").first.text_content()
            assert 0 < shown <= 150
            # What is not shown was left out by the console, or by the page once it had 150.
            told = re.match(r"The last (\d+) are shown(?:; (\d+) came too fast)?", note or "")
            assert told is not None, note
            assert int(told[1]) == shown
            assert shown == 150 or shown + int(told[2] or 0) == 2_000


async def test_a_page_that_is_told_10_000_announcements_shows_the_last_and_is_used_meanwhile(
    browser: Browser,
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

    async def prepare(page: Page) -> None:
        await page.route_web_socket("**/socket", intercept)

    with some("ireland") as (places, regions):
        async with opened(browser, places, prepare=prepare) as page:
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


async def test_an_item_of_400_kb_is_shown_in_short(browser: Browser) -> None:
    with some("ireland") as (places, regions):
        async with opened(browser, places) as page:
            await live(page, regions)
            regions.servers["ireland"].tell(CREATE, item(1, item="x" * 400_000))
            row = column(page).get_by_role("listitem")
            await row.locator("summary").click()
            await expect(row.locator("pre")).to_contain_text("… (400,000 characters)")


async def test_a_schema_without_models_leaves_its_operations(browser: Browser) -> None:
    with some("ireland", schema="type Query { now: String }") as (places, _):
        async with opened(browser, places) as page:
            await expect(page.get_by_text("This API has no models")).to_be_visible()
            await page.get_by_role("button", name="Run in ireland").click()
            await expect(column(page).get_by_text("✔ now")).to_be_visible()


async def test_a_key_that_is_refused_is_said_where_it_was_refused(browser: Browser) -> None:
    def refusing(frame: Json) -> list[Json]:
        errors = [{"errorType": "UnauthorizedException", "message": "You are not authorized"}]
        return [{"type": "connection_error", "payload": {"errors": errors}}]

    refusal = {"errors": [{"errorType": "UnauthorizedException", "message": "no"}]}
    with some("ireland", answers={"ireland": lambda _: refusal}, realtime=refusing) as (places, _):
        async with opened(browser, places) as page:
            state = column(page).get_by_text("not connected")
            await expect(state).to_have_attribute(
                "title", "UnauthorizedException: You are not authorized"
            )
            await page.get_by_role("button", name="Run in ireland").click()
            await expect(column(page).get_by_role("alert")).to_have_text(
                "UnauthorizedException: no"
            )


async def test_a_region_that_never_answers_holds_up_no_other(browser: Browser) -> None:
    over = threading.Event()

    def silent(_: Json) -> Json:
        over.wait()
        return {"data": {}}

    answers = {"ireland": lambda _: {"data": {"done": True}}, "sydney": silent}
    with some("ireland", "sydney", answers=answers) as (places, _):
        async with opened(browser, places) as page:
            try:
                await page.get_by_role("button", name="Run in sydney").click()
                await page.get_by_role("button", name="Run in ireland").click()
                await expect(column(page).get_by_text("✔ createItemsModel")).to_be_visible()
                sydney = column(page, "sydney")
                await expect(sydney.get_by_text("no answer")).to_be_visible()
                await expect(sydney.get_by_text("… createItemsModel")).to_be_visible()
            finally:
                over.set()


async def test_a_wrong_key_says_what_to_do(browser: Browser) -> None:
    with some("ireland") as (places, _), listen(0) as listener:
        async with (
            served(listener, "key", places, of_apis(places, "")) as console,
            paged(browser) as page,
        ):
            await page.goto(f"{console.url}/#guessed")
            await expect(page.get_by_role("alert")).to_have_text(
                "this is not the console's key: open its address anew"
            )

"""The console of a running world, by clicks in a browser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.drills.deploying import Stacks
from antipode_tools.world.drills.tables import Tables
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.order_api import asked
from antipode_tools.world.orders import Order
from tests.browser.chromium import complaints, paged
from tests.e2e.clients import HEARD_WITHIN_S, new_id, table

pytestmark = pytest.mark.asyncio(loop_scope="session")

LATER = HEARD_WITHIN_S * 1000


@asynccontextmanager
async def console(world: WorldFile, browser: Browser) -> AsyncIterator[Page]:
    """The page, once it listens in both Regions; it must not have complained at the end."""
    assert world.console is not None
    async with paged(browser) as page:
        said = complaints(page)
        await page.goto(world.console.address)
        for region in world.regions.values():
            await expect(column(page, region.name).get_by_text("live")).to_be_visible()
        yield page
        assert said == []


def column(page: Page, region: str) -> Locator:
    return page.locator(f'[data-region="{region}"]')


async def test_the_walkthrough_of_the_post_by_clicks(world: WorldFile, browser: Browser) -> None:
    async with console(world, browser) as page:
        await page.get_by_role("combobox", name="Operation").select_option("createItemsModel")
        await page.get_by_label("Variables").fill('{"input": {"item": "<b>of Sydney</b>"}}')
        await page.get_by_role("button", name="Run in sydney").click()
        await expect(column(page, "sydney").get_by_text("✔ createItemsModel")).to_be_visible()
        row = column(page, "ireland").get_by_role("listitem").filter(has_text="<b>of Sydney</b>")
        await expect(row).to_contain_text(re.compile(r"\d+ ms since the write"), timeout=LATER)
        await expect(row).to_contain_text("since the record")

        # What was just heard of is what the next operation is for.
        await page.get_by_role("combobox", name="Operation").select_option("deleteItemsModel")
        await page.get_by_role("button", name="Run in ireland").click()
        gone = column(page, "sydney").locator(".kind.delete")
        await expect(gone).to_be_visible(timeout=LATER)


async def test_an_item_is_shown_in_every_region_and_where_they_differ(
    world: WorldFile, browser: Browser
) -> None:
    async with console(world, browser) as page:
        await page.get_by_role("button", name="Run in sydney").click()
        row = column(page, "ireland").get_by_role("listitem")
        await expect(row).to_contain_text("since the write", timeout=LATER)
        await asked(world, Order("cut", ("ireland", "sydney")))
        try:
            await page.get_by_role("combobox", name="Operation").select_option("updateItemsModel")
            await page.get_by_role("button", name="Run in ireland").click()
            await expect(column(page, "ireland").get_by_text("✔ updateItemsModel")).to_be_visible()
            await row.locator("summary").first.click()
            await page.get_by_role("button", name="this item in every Region").click()
            await expect(page.get_by_role("status").last).to_contain_text("differ in")
            versions = page.get_by_role("row", name="version").get_by_role("cell")
            assert await versions.all_inner_texts() == ["2", "1"]
        finally:
            await asked(world, Order("heal"))
        # It is looked at again as soon as Sydney hears of it.
        await expect(page.get_by_role("status").last).to_contain_text("The same", timeout=LATER)
        assert await versions.all_inner_texts() == ["2", "2"]
        heard = page.get_by_role("region", name="Heard in sydney").get_by_role("listitem")
        await expect(heard).to_have_count(2)


async def test_what_is_set_aside_is_looked_at_and_redriven(
    world: WorldFile, browser: Browser
) -> None:
    ireland, sydney = world.regions.values()
    poison = f"poison-{new_id()}"
    there = await asyncio.to_thread(Tables.of, world, ireland, poison)
    queues = [
        (await asyncio.to_thread(Tables.of, world, region, poison)) for region in (ireland, sydney)
    ]
    await asyncio.to_thread(there.poison, poison)
    async with asyncio.timeout(HEARD_WITHIN_S):
        while not all([await asyncio.to_thread(queue.undelivered) for queue in queues]):
            await asyncio.sleep(0.1)
    try:
        async with console(world, browser) as page:
            await page.get_by_role("tab", name="Health").click()
            card = page.get_by_role("region", name="Health of ireland")
            await expect(card).to_contain_text("answers in")
            await expect(card).to_contain_text("nothing waits")
            await card.get_by_role("button", name="look at what is set aside").click()
            await expect(card).to_contain_text("1 of antipode-ItemsModel: rejected")
            await card.get_by_role("button", name="redrive 1").click()
            # It cannot be announced, whoever tries.
            await expect(card.get_by_role("status")).to_have_text(
                "published 0, rejected again 1, kept 0"
            )
    finally:
        for region in (ireland, sydney):
            aws = Aws(world.engine_url)
            sqs = aws.session.client("sqs", **aws.at(region.code))
            sqs.purge_queue(QueueUrl=region.outputs["UndeliveredQueueUrl"])
        table(world, ireland.code).delete_item(Key={"id": poison})


async def test_a_region_that_is_lost_is_seen_to_be_and_comes_back(
    world: WorldFile, browser: Browser
) -> None:
    async with console(world, browser) as page:
        await page.get_by_role("tab", name="Distance").click()
        lost = page.get_by_role("list", name="Regions", exact=True).get_by_role("listitem").nth(1)
        await lost.get_by_role("button", name="lose", exact=True).click()
        try:
            await expect(lost).to_contain_text("lost, refused")
            await page.get_by_role("tab", name="Regions").click()
            sydney = column(page, "sydney")
            await expect(sydney.get_by_text("not connected")).to_be_visible()
            await expect(sydney.get_by_text("no answer")).to_be_visible()
            await page.get_by_role("button", name="Run in sydney").click()
            await expect(sydney.get_by_role("alert")).to_contain_text("not reached")
            await page.get_by_role("button", name="Run in ireland").click()
            await expect(column(page, "ireland").locator(".kind.create")).to_be_visible(
                timeout=LATER
            )
        finally:
            await asked(world, Order("heal"))
        await expect(sydney.get_by_text("live")).to_be_visible(timeout=LATER)


async def test_a_drill_is_run_from_the_page_and_its_report_opens(
    world: WorldFile, browser: Browser
) -> None:
    async with console(world, browser) as page:
        await page.get_by_role("tab", name="Distance").click()
        drills = page.get_by_role("region", name="Drills")
        await drills.get_by_role("combobox", name="Drill").select_option("split")
        await drills.get_by_label("seconds").fill("3")
        await drills.get_by_role("button", name="run the drill").click()
        verdict = drills.get_by_role("status").filter(has_text="the promise")
        await expect(verdict).to_have_text("split: the promise held", timeout=2 * LATER)
        await expect(drills.get_by_text("✔ every client's copy is its table")).to_be_visible()
        async with page.context.expect_page() as opening:
            await drills.get_by_role("link", name="The report as a page").click()
        report = await opening.value
        await expect(report.get_by_role("heading")).to_have_text("split: the promise held")


async def test_a_schema_that_is_deployed_anew_is_learnt_by_the_page_that_is_open(
    world: WorldFile, browser: Browser
) -> None:
    stacks = Stacks(world)
    async with console(world, browser) as page:
        try:
            for region in world.regions.values():
                await asyncio.to_thread(stacks.deploy, region, {}, wider=True)
            text = page.get_by_role("textbox", name="Document")
            await expect(text).to_have_value(re.compile("ofTheDrill"), timeout=LATER)
            # It is selected of what is announced, too, though the relay, which was not deployed,
            # says nothing of it.
            await page.get_by_role("button", name="Run in sydney").click()
            row = column(page, "ireland").get_by_role("listitem")
            await expect(row).to_contain_text("ofTheDrill: null", timeout=LATER)
        finally:
            await asyncio.to_thread(stacks.restore)


async def test_mistakes_are_shown_where_they_are_as_one_types(
    world: WorldFile, browser: Browser
) -> None:
    async with console(world, browser) as page:
        await page.get_by_role("textbox", name="Document").fill("{\n  getNothing\n}")
        await expect(page.locator("#problems")).to_contain_text(
            "2:3 Cannot query field 'getNothing' on type 'Query'."
        )
        await page.get_by_role("button", name="Run in ireland").click()
        await expect(column(page, "ireland").get_by_role("alert")).to_contain_text("getNothing")

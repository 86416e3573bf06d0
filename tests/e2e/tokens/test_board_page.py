"""examples/web in a real browser: two people, each in a Region of their own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from antipode_tools.project.config import project_root
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.credentials import token
from tests.browser.chromium import complaints, paged
from tests.browser.files import served
from tests.e2e.clients import HEARD_WITHIN_S, new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

WITHIN_MS = HEARD_WITHIN_S * 1000


def settings(world: WorldFile, signed_in: str) -> str:
    """What examples/README.md makes with jq."""
    regions = [
        {"name": each.name, "graphqlUrl": each.graphql_url, "realtimeUrl": each.realtime_url}
        for each in world.regions.values()
    ]
    return json.dumps({"token": signed_in, "regions": regions})


async def let_in(region: WorldRegion, signed_in: str) -> None:
    """Until the authorizer knows who it is: on a busy machine it starts for longer than AppSync
    waits for it, and each page that tries meanwhile starts another."""
    query = {"query": "{ listBoards(limit: 1) { items { id } } }"}
    async with (
        asyncio.timeout(3 * HEARD_WITHIN_S),
        httpx.AsyncClient(trust_env=False, timeout=HEARD_WITHIN_S) as http,
    ):
        headers = {"authorization": signed_in}
        while not (await http.post(region.graphql_url, json=query, headers=headers)).is_success:
            pass


@asynccontextmanager
async def opened(browser: Browser, url: str, **asked: str) -> AsyncIterator[Page]:
    async with paged(browser) as page:
        await page.goto(f"{url}/examples/web/?{urlencode(asked)}")
        yield page


async def test_a_card_moves_in_the_pages_of_two_regions(
    browser: Browser, world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    board = new_id()
    signed_in = token(ireland)
    await let_in(ireland, signed_in)
    await let_in(sydney, signed_in)
    texts = {"/examples/web/settings.json": settings(world, signed_in)}
    with served(project_root(), texts) as url:
        async with (
            opened(browser, url, board=board, here=ireland.name, name="Ada") as ada,
            opened(browser, url, board=board, here=sydney.name, name="Ben") as ben,
        ):
            said = [complaints(page) for page in (ada, ben)]
            for page, region in ((ada, ireland), (ben, sydney)):
                state = page.get_by_role("status")
                await expect(state).to_have_text(f"live in {region.name}", timeout=WITHIN_MS)

            title = "<img src=x onerror=alert(1)> tea"
            await ada.get_by_label("A new card").fill(title)
            await ada.get_by_role("button", name="Add").click()
            card = ben.locator("[data-column=todo] article span")
            await expect(card).to_have_text(title, timeout=WITHIN_MS)

            await ben.get_by_role("button", name=f"{title}: to Doing").click()
            for page in (ben, ada):
                card = page.locator("[data-column=doing] article span")
                await expect(card).to_have_text(title, timeout=WITHIN_MS)
                here = page.get_by_label("Who is here").get_by_role("listitem")
                await expect(here).to_have_text(["Ada", "Ben"], timeout=WITHIN_MS)
                await expect(page.locator("article")).to_have_count(1)

            await ada.get_by_role("button", name=f"{title}: remove").click()
            await expect(ben.locator("article")).to_have_count(0, timeout=WITHIN_MS)
            assert said == [[], []]

"""The console's page on Regions in memory, for the length of a block."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from antipode_tools.console.deeds import of_apis
from antipode_tools.console.places import Places
from antipode_tools.console.server import Deed
from antipode_tools.console.serving import served
from localaws.sockets import listen
from tests.browser.chromium import complaints, paged
from tests.fakes.places import FakeRegions

# JSON.
Json = Any
CREATE = "ItemsModel-0"
CHANGE = {"kind": "CREATE", "sequence": "1", "recordedAt": "2027-01-15T08:00:00Z"}


@asynccontextmanager
async def opened(
    browser: Browser,
    places: Places,
    more: Mapping[str, Deed] | None = None,
    *,
    made: Mapping[str, str] | None = None,
    prepare: Callable[[Page], Awaitable[None]] | None = None,
    **options: Any,
) -> AsyncIterator[Page]:
    """The page of a console of these Regions.

    Args:
        more: further deeds; of a local world, if they have one of its own.
        made: pages that deeds made.
        prepare: is given the page before it is opened.
        options: of the page.
    """
    more = more or {}
    deeds = {**of_apis(places, "memory", has_faults="conditions" in more), **more}
    with listen(0) as listener:
        async with (
            served(listener, "key", places, deeds, made) as console,
            paged(browser, **options) as page,
        ):
            if prepare:
                await prepare(page)
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

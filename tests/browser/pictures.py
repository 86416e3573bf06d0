"""Takes the pictures of the console that the docs show, of the running world.

antipode up && python -m tests.browser.pictures
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Page, expect

from antipode_tools.project import world_file
from antipode_tools.project.config import load, project_root
from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.order_api import asked
from antipode_tools.world.orders import Order
from tests.browser.chromium import launched
from tests.browser.installed import installed

DOCS = project_root() / "docs"
# The light picture is for GitHub's light pages, the dark one for its dark ones.
SCHEMES = ("light", "dark")


async def take(world: WorldFile, chromium: Path) -> None:
    """Take each in both schemes, and leave the world healed."""
    assert world.console is not None
    first, *_, last = [region.name for region in world.regions.values()]
    async with launched(chromium) as browser:
        for scheme in SCHEMES:
            page = await browser.new_page(
                color_scheme="light" if scheme == "light" else "dark",
                viewport={"width": 1280, "height": 760},
            )
            await page.goto(world.console.address)
            for region in (first, last):
                column = page.locator(f'[data-region="{region}"]')
                await expect(column.get_by_text("live")).to_be_visible(timeout=60_000)
            await _written(page, last, first)
            await page.screenshot(path=DOCS / f"console-{scheme}.png")
            await asked(world, Order("lag", (first, last), lag_s=0.8))
            await page.get_by_role("tab", name="Distance").click()
            await expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "800 ms")
            await page.screenshot(path=DOCS / f"console-distance-{scheme}.png")
            await asked(world, Order("heal"))


async def _written(page: Page, writer: str, listener: str) -> None:
    """An item is created in one Region and updated in the other, and both are heard of."""
    for operation, region in (("createItemsModel", writer), ("updateItemsModel", listener)):
        await page.get_by_role("combobox", name="Operation").select_option(operation)
        await page.get_by_role("button", name=f"Run in {region}").click()
        kind = operation.removesuffix("ItemsModel")
        for name in (writer, listener):
            row = page.locator(f'[data-region="{name}"] .kind.{kind}')
            await expect(row.first).to_be_visible(timeout=60_000)


def main() -> None:
    asyncio.run(take(world_file.read(load(root=project_root()).world_file), installed()))


if __name__ == "__main__":
    main()

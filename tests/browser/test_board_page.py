"""examples/web where no Region answers."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import Browser, expect

from antipode_tools.project.config import project_root
from localaws.sockets import HOST, free_port
from tests.browser.chromium import paged
from tests.browser.files import served

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_page_without_a_region_says_so_and_takes_its_writes_back(browser: Browser) -> None:
    regions = [
        {"name": name, "graphqlUrl": f"http://{HOST}:{free_port()}/graphql"}
        for name in ("ireland", "sydney")
    ]
    settings = json.dumps({"token": "none", "regions": regions})
    with served(project_root(), {"/examples/web/settings.json": settings}) as url:
        async with paged(browser) as page:
            await page.goto(f"{url}/examples/web/")
            await expect(page.get_by_role("status")).to_contain_text("offline", timeout=30_000)
            await page.get_by_label("A new card").fill("tea")
            await page.get_by_role("button", name="Add").click()
            await expect(page.get_by_role("alert")).to_have_text(
                "not written: Failed to fetch", timeout=30_000
            )
            await expect(page.locator("article")).to_have_count(0)

"""The browser itself: tests of pages rest on it."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.browser.chromium import complaints, paged

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_page_runs_and_its_complaints_are_heard(browser: Browser) -> None:
    async with paged(browser) as page:
        said = complaints(page)
        await page.set_content("<title>ready</title>")
        assert (await page.title(), said) == ("ready", [])

        await page.set_content(
            "<script>console.error('a word'); Promise.reject(Error('a rejection'))</script>"
        )
        await page.wait_for_function("true")
        assert said == ["a word", "a rejection"]

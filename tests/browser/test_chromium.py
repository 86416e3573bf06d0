"""The browser itself: tests of pages rest on it."""

from __future__ import annotations

from pathlib import Path

from tests.browser.chromium import complaints, launched


async def test_a_page_runs_and_its_complaints_are_heard(chromium: Path) -> None:
    async with launched(chromium) as browser:
        page = await browser.new_page()
        said = complaints(page)
        await page.set_content("<title>ready</title>")
        assert (await page.title(), said) == ("ready", [])

        await page.set_content(
            "<script>console.error('a word'); Promise.reject(Error('a rejection'))</script>"
        )
        await page.wait_for_function("true")
        assert said == ["a word", "a rejection"]

"""The browser of this machine, driven by Playwright, which brings none of its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

# A busy machine is no defect of a page.
expect.set_options(timeout=60_000)


@asynccontextmanager
async def launched(chromium: Path) -> AsyncIterator[Browser]:
    """A browser without windows; each `new_context()` of it has a storage of its own."""
    options = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium has no sandbox for root
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=options)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def paged(browser: Browser, **options: Any) -> AsyncIterator[Page]:
    """A page with a storage of its own, for the length of a block.

    Args:
        options: of the page.
    """
    page = await browser.new_page(**options)
    try:
        yield page
    finally:
        await page.close()


def complaints(page: Page) -> list[str]:
    """What the page will say of itself that a test should assert to be nothing: errors on its
    console, and exceptions and rejections that nobody caught."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(error.message))
    return said

"""For every test: no AWS account can be found; pyproject.toml lets none reach beyond this machine.

With several processes (`pytest -n 2 --no-loadscope-reorder`) the tests of one file stay together,
as do all those of a shared world, so that each world is started once.
"""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from tests.browser.installed import NoBrowser, installed
from tests.clients.tools import Node, NotInstalled
from tests.scheduling import ByScope, position

if TYPE_CHECKING:
    from playwright.async_api import Browser

# Property tests are not timed: a busy machine is no defect of what they test.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
# A quarter of the examples: what `make quick` asks for.
settings.register_profile("quick", max_examples=settings.get_profile("untimed").max_examples // 4)


def pytest_configure() -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """No garbage is looked for while tests are collected, nor ever among what was collected.

    Those are a million objects, which live as long as the process does.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000)
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByScope:
    return ByScope(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):  # one process of several
        items.sort(key=lambda item: position(item.nodeid))


@pytest.fixture(scope="session")
def node() -> Node:
    """Runs the clients and tools of others.

    Without a network a developer does without their tests and is told so; CI does not.
    """
    try:
        return Node.ready()
    except NotInstalled as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"needs Node and npm packages: {error}")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser of this machine; who has none does without its tests, as above."""
    try:
        return installed()
    except NoBrowser as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"needs a browser: {error}")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """One for all tests of pages, in whose event loop they run; each page has its own storage."""
    from tests.browser.chromium import launched  # Playwright takes long to import

    async with launched(chromium) as running:
        yield running

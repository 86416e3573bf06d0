"""A stack that is updated while its Region is served."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from antipode_tools.world.deployment.stack_watch import follow
from antipode_tools.world.errors import WorldError

FIRST, SECOND, THIRD = (datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in (1, 2, 3))


async def served(times: Sequence[datetime | None], *, failing: bool = False) -> int:
    """How often the API was served anew while the stack told these times, one after the other."""
    waiting, count, all_told = list(times), 0, asyncio.Event()

    async def updated() -> datetime | None:
        if not waiting:
            all_told.set()
            await asyncio.Event().wait()
        return waiting.pop(0)

    async def serve() -> None:
        nonlocal count
        count += 1
        if failing:
            raise WorldError("the API of eu-west-1 cannot be served", "it has no schema")

    following = asyncio.create_task(follow(updated, serve, every_s=0))
    await all_told.wait()
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    return count


@pytest.mark.parametrize(
    ("times", "count"),
    [
        pytest.param([FIRST, FIRST, FIRST], 0, id="never updated"),
        pytest.param([FIRST, SECOND, SECOND], 1, id="updated once"),
        pytest.param([FIRST, SECOND, THIRD, THIRD], 2, id="updated twice"),
        pytest.param([FIRST, None, None, FIRST], 0, id="an engine that was silent"),
        pytest.param([FIRST, None, SECOND, SECOND], 1, id="under way, then updated"),
    ],
)
async def test_an_api_is_served_anew_after_each_update_of_its_stack(
    times: list[datetime | None], count: int
) -> None:
    assert await served(times) == count


async def test_what_cannot_be_served_is_told_once_and_the_next_update_is_tried(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        assert await served([FIRST, SECOND, SECOND, THIRD, THIRD], failing=True) == 2
    told = "the API of eu-west-1 cannot be served: it has no schema"
    assert caplog.messages == [f"{told}; still serving the previous API"] * 2

from __future__ import annotations

import asyncio

import pytest

from antipode_tools.world.together import together


async def test_everything_is_done_side_by_side() -> None:
    met = asyncio.Barrier(2)

    async def meet() -> None:
        await met.wait()

    await together(meet(), meet())


async def test_the_first_failure_ends_the_others_and_is_raised_by_itself() -> None:
    ended = []

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("wait")
            raise

    async def fail() -> None:
        raise LookupError("no")

    with pytest.raises(LookupError, match=r"^no$"):
        await together(wait(), fail())
    assert ended == ["wait"]

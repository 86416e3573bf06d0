"""What waits for a socket: in order, bounded, and with one close at the end."""

from __future__ import annotations

import asyncio

import pytest

from localaws.appsync.realtime.outbox import Outbox
from localaws.appsync.realtime.protocol import Close

CLOSE = Close(1001, "bye")


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(characters=10)


async def test_frames_come_out_in_their_order(outbox: Outbox) -> None:
    assert all(outbox.put(frame) for frame in "abc")
    assert [await outbox.get() for _ in range(3)] == ["a", "b", "c"]


async def test_the_reader_waits_for_a_frame(outbox: Outbox) -> None:
    waiting = asyncio.create_task(outbox.get())
    await asyncio.sleep(0)
    assert not waiting.done()
    outbox.put("a")
    assert await waiting == "a"


async def test_a_frame_over_the_limit_is_not_taken_until_there_is_room(outbox: Outbox) -> None:
    assert outbox.put("12345678")
    assert not outbox.put("123")
    assert outbox.put("12")
    assert await outbox.get() == "12345678"
    assert outbox.put("12345678")
    assert [await outbox.get(), await outbox.get()] == ["12", "12345678"]


async def test_a_close_comes_after_what_waits_and_stays(outbox: Outbox) -> None:
    outbox.put("a")
    outbox.close(CLOSE)
    assert outbox.closed
    assert [await outbox.get() for _ in range(3)] == ["a", CLOSE, CLOSE]


async def test_a_close_may_drop_what_waits(outbox: Outbox) -> None:
    outbox.put("a")
    outbox.close(CLOSE, drop_frames=True)
    assert await outbox.get() == CLOSE


async def test_the_first_close_counts(outbox: Outbox) -> None:
    outbox.put("a")
    outbox.close(CLOSE)
    outbox.close(Close(1008, "slow"), drop_frames=True)
    assert [await outbox.get(), await outbox.get()] == ["a", CLOSE]


async def test_frames_after_the_close_are_ignored(outbox: Outbox) -> None:
    outbox.close(CLOSE)
    assert outbox.put("a")
    assert await outbox.get() == CLOSE


async def test_a_close_wakes_the_reader(outbox: Outbox) -> None:
    waiting = asyncio.create_task(outbox.get())
    await asyncio.sleep(0)
    outbox.close(CLOSE)
    assert await waiting == CLOSE

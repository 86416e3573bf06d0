"""BatchInvoke: who waits for whom."""

import asyncio
from collections.abc import Sequence

import pytest

from localaws.appsync.answers import Answer
from localaws.appsync.batches import Batch
from localaws.appsync.ports import Json


class Calls:
    """Answers each payload with itself, doubled."""

    def __init__(self) -> None:
        self.payloads: list[list[Json]] = []

    async def __call__(self, payloads: Sequence[Json]) -> list[Answer]:
        self.payloads.append(list(payloads))
        return [Answer(payload * 2) for payload in payloads]


def entered(calls: Calls, count: int, size: int = 100) -> Batch:
    batch = Batch(calls, size)
    for _ in range(count):
        batch.enter()
    return batch


async def test_a_call_goes_out_when_the_last_has_decided() -> None:
    calls = Calls()
    batch = entered(calls, 3)
    first = asyncio.create_task(batch.add(1))
    second = asyncio.create_task(batch.add(2))
    await asyncio.sleep(0)
    assert calls.payloads == []
    batch.leave()
    assert list(await asyncio.gather(first, second)) == [Answer(2), Answer(4)]
    assert calls.payloads == [[1, 2]]


async def test_a_full_batch_does_not_wait() -> None:
    calls = Calls()
    batch = entered(calls, 3, size=2)
    assert list(await asyncio.gather(batch.add(1), batch.add(2))) == [Answer(2), Answer(4)]
    assert await batch.add(3) == Answer(6)
    assert calls.payloads == [[1, 2], [3]]


async def test_a_batch_that_all_leave_calls_nobody() -> None:
    calls = Calls()
    batch = entered(calls, 2)
    batch.leave()
    batch.leave()
    await asyncio.sleep(0)
    assert calls.payloads == []


async def test_a_call_that_breaks_breaks_for_all_that_wait() -> None:
    async def broken(_: Sequence[Json]) -> list[Answer]:
        raise RuntimeError("broken")

    batch = Batch(broken, 5)
    batch.enter()
    batch.enter()
    outcomes = await asyncio.gather(batch.add(1), batch.add(2), return_exceptions=True)
    assert [str(outcome) for outcome in outcomes] == ["broken", "broken"]


async def test_one_that_gave_up_does_not_disturb_the_others() -> None:
    batch = entered(Calls(), 2)
    impatient = asyncio.create_task(batch.add(1))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await batch.add(2) == Answer(4)
    with pytest.raises(asyncio.CancelledError):
        await impatient

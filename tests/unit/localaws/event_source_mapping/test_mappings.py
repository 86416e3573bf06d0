"""The shell of the local world on a Region in memory: discovery, polling, invocation, recovery."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from localaws.event_source_mapping.lane import Backoff
from localaws.event_source_mapping.mappings import EventSourceMappings
from localaws.event_source_mapping.messages import Condition
from localaws.event_source_mapping.ports import IteratorLost
from localaws.event_source_mapping.settings import Settings, StartingPosition
from localaws.pace import Pace
from tests.unit.localaws.event_source_mapping.fake_region import (
    FUNCTION_ARN,
    PATIENCE_S,
    UNAVAILABLE,
    FakeRegion,
    mapping,
)
from tests.unit.localaws.event_source_mapping.stream_events import STREAM_ARN
from tests.unit.localaws.event_source_mapping.stream_events import event as event_at

REGION = "eu-west-1"
QUICK = Pace(busy=0.001, idle=0.005)
AN_HOUR = 3_600.0
BUCKET = "arn:aws:s3:::given-up"
OTHER = "arn:aws:another"


def event(number: int) -> Any:
    return event_at(number, at=time.time())


@asynccontextmanager
async def serving(
    region: FakeRegion, *, pace: Pace = QUICK, rediscover_every: float = AN_HOUR
) -> AsyncIterator[EventSourceMappings]:
    served = EventSourceMappings(
        {REGION: region},
        pace=pace,
        backoff=Backoff(first=0.001, longest=0.01),
        rediscover_every=rediscover_every,
    )
    task = asyncio.create_task(served.run())
    try:
        yield served
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def numbers(region: FakeRegion, function_arn: str = FUNCTION_ARN) -> list[str]:
    """Every sequence number that the function got, in order."""
    return [number for arn, batch in region.deliveries if arn == function_arn for number in batch]


async def test_records_reach_the_function_in_order_and_once() -> None:
    region = FakeRegion([mapping(settings=Settings(batch_size=2))])
    region.put(event(1), event(2), event(3))
    async with serving(region):
        await region.until(lambda: len(numbers(region)) == 3)
        region.put(event(4))
        await region.until(lambda: len(numbers(region)) == 4)
    assert region.deliveries == [
        (FUNCTION_ARN, ["1", "2"]),
        (FUNCTION_ARN, ["3"]),
        (FUNCTION_ARN, ["4"]),
    ]


async def test_latest_skips_older_records() -> None:
    latest = Settings(starting_position=StartingPosition.LATEST)
    region = FakeRegion([mapping(settings=latest)])
    region.put(event(1))
    async with serving(region):
        await region.until(lambda: region.polls > 0)
        region.put(event(2))
        await region.until(lambda: bool(region.deliveries))
    assert numbers(region) == ["2"]


async def test_a_lost_iterator_is_found_again_behind_the_last_record_read() -> None:
    region = FakeRegion([mapping()])
    region.put(event(1))
    async with serving(region):
        await region.until(lambda: len(numbers(region)) == 1)
        region.faults["page"].append(IteratorLost())
        region.put(event(2))
        await region.until(lambda: len(numbers(region)) == 2)
    assert numbers(region) == ["1", "2"]


async def test_a_position_that_the_stream_no_longer_holds_gives_way_to_the_oldest_record() -> None:
    region = FakeRegion([mapping()])
    region.put(event(1))
    async with serving(region):
        await region.until(lambda: len(numbers(region)) == 1)
        region.put(event(2), event(3))
        region.trimmed = 2
        region.faults["page"].append(IteratorLost())
        await region.until(lambda: "3" in numbers(region))
    assert numbers(region)[-1] == "3"


async def test_a_shard_that_has_ended_is_read_no_further() -> None:
    region = FakeRegion([mapping()], closed=True)
    region.functions[FUNCTION_ARN] = fail
    region.put(event(1), event(2))
    async with serving(region):
        await region.until(lambda: len(region.deliveries) == 3)
    assert region.deliveries == [(FUNCTION_ARN, ["1", "2"])] * 3
    assert region.polls == 1


async def test_a_shard_that_is_blocked_is_read_no_further_than_a_page() -> None:
    region = FakeRegion([mapping(settings=Settings(batch_size=1))])
    region.functions[FUNCTION_ARN] = hang
    region.put(*(event(number) for number in range(1_500)))
    async with serving(region):
        await region.until(lambda: bool(region.deliveries))
        await region.until(lambda: region.polls == 2)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(QUICK.idle * 4):
                await region.until(lambda: region.polls > 2)


@pytest.mark.parametrize("call", ["mappings", "shards", "iterator", "page"])
async def test_a_service_that_is_away_is_asked_again(call: str) -> None:
    region = FakeRegion([mapping()])
    region.faults[call] += [UNAVAILABLE, UNAVAILABLE]
    region.put(event(1))
    async with serving(region, rediscover_every=0.001):
        await region.until(lambda: bool(region.deliveries))
    assert numbers(region) == ["1"]


async def test_a_fault_in_one_mapping_is_logged_and_the_mapping_served_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    region = FakeRegion([mapping()])
    region.faults["invoke"].append(RuntimeError("a bug"))
    region.put(event(1))
    async with serving(region):
        await region.until(lambda: len(numbers(region)) == 2)
    assert numbers(region) == ["1", "1"]
    assert "a bug" in caplog.text


async def test_a_partial_response_is_followed_by_the_rest() -> None:
    async def refuse_the_second_once(batch: Any) -> Any:
        if len(region.deliveries) == 1:
            return {"batchItemFailures": [{"itemIdentifier": "2"}]}
        return None

    region = FakeRegion([mapping(settings=Settings(report_batch_item_failures=True))])
    region.functions[FUNCTION_ARN] = refuse_the_second_once
    region.put(event(1), event(2), event(3))
    async with serving(region):
        await region.until(lambda: len(region.deliveries) == 2)
    assert region.deliveries == [(FUNCTION_ARN, ["1", "2", "3"]), (FUNCTION_ARN, ["2", "3"])]


async def fail(batch: Any) -> None:
    raise ValueError


async def test_records_that_are_given_up_go_to_the_destination() -> None:
    region = FakeRegion([mapping(settings=Settings(retries=1, on_failure=BUCKET))])
    region.functions[FUNCTION_ARN] = fail
    region.put(event(1))
    async with serving(region):
        await region.until(lambda: bool(region.told))
    [(destination, discard, source)] = region.told
    assert destination == BUCKET
    assert (discard.condition, discard.invocations) == (Condition.RETRY_ATTEMPTS_EXHAUSTED, 2)
    assert [record.sequence_number for record in discard.records] == ["1"]
    assert (source.mapping_id, source.function_arn) == ("mapping", FUNCTION_ARN)


@pytest.mark.parametrize("destination", [None, BUCKET])
async def test_the_shard_goes_on_where_no_destination_can_be_reached(
    destination: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(retries=0, batch_size=1, on_failure=destination)
    region = FakeRegion([mapping(settings=settings)])
    region.functions[FUNCTION_ARN] = fail
    region.faults["discard"] += [UNAVAILABLE, UNAVAILABLE]
    region.put(event(1), event(2))
    async with serving(region):
        await region.until(lambda: len(region.deliveries) == 2)
    assert numbers(region) == ["1", "2"]
    assert (
        f"{FUNCTION_ARN}: 1 records from 1 on were discarded: RetryAttemptsExhausted" in caplog.text
    )
    assert (f"could not be sent to {BUCKET}" in caplog.text) is (destination is not None)


async def test_a_function_that_hangs_does_not_delay_another_mapping() -> None:
    quick = mapping("quick", stream_arn=OTHER, function_arn=OTHER)
    region = FakeRegion([mapping("slow"), quick])
    region.functions[FUNCTION_ARN] = hang
    async with serving(region):
        region.put(event(1))
        await region.until(lambda: numbers(region) == ["1"])
        region.put(event(2), event(3), stream_arn=OTHER)
        await region.until(lambda: numbers(region, OTHER) == ["2", "3"])


async def hang(batch: Any) -> None:
    await asyncio.Event().wait()


async def test_a_mapping_that_is_switched_off_is_not_polled() -> None:
    region = FakeRegion([mapping(enabled=False)])
    region.put(event(1))
    async with serving(region) as served:
        await served.refresh()
        region.deployed = [mapping()]
        assert region.polls == 0
        await served.refresh()
        await region.until(lambda: bool(region.deliveries))
    assert numbers(region) == ["1"]


async def test_a_mapping_switched_off_ends_what_is_under_way_and_goes_on_behind_it() -> None:
    release = asyncio.Event()

    async def wait_for_release(batch: Any) -> None:
        await release.wait()

    region = FakeRegion([mapping(settings=Settings(batch_size=1))])
    region.functions[FUNCTION_ARN] = wait_for_release
    region.put(event(1), event(2))
    async with serving(region) as served:
        await region.until(lambda: len(region.deliveries) == 1)
        region.deployed = [mapping(settings=Settings(batch_size=1), enabled=False)]
        await served.refresh()
        release.set()
        region.deployed = [mapping(settings=Settings(batch_size=1))]
        await served.refresh()
        await region.until(lambda: len(region.deliveries) == 2)
    assert numbers(region) == ["1", "2"]


async def test_changed_settings_take_effect_and_nothing_is_sent_twice() -> None:
    region = FakeRegion([mapping(settings=Settings(batch_size=1))])
    region.put(event(1), event(2))
    async with serving(region) as served:
        await region.until(lambda: len(region.deliveries) == 2)
        region.deployed = [mapping(settings=Settings(batch_size=10))]
        await served.refresh()
        region.put(event(3), event(4))
        await region.until(lambda: len(region.deliveries) == 3)
    assert region.deliveries[2] == (FUNCTION_ARN, ["3", "4"])


async def test_a_mapping_that_changes_while_its_shards_are_looked_up_is_served_as_it_is_then() -> (
    None
):
    region = FakeRegion([mapping(settings=Settings(batch_size=1))])
    region.put(event(1), event(2))
    async with serving(region) as served:
        async with region.looking_up:
            await served.refresh()
            region.deployed = [mapping(settings=Settings(batch_size=2))]
            await served.refresh()
        await region.until(lambda: bool(region.deliveries))
    assert region.deliveries == [(FUNCTION_ARN, ["1", "2"])]


async def test_a_mapping_that_is_gone_is_let_go_of() -> None:
    gone, stays = mapping("gone"), mapping("stays", stream_arn=OTHER, function_arn=OTHER)
    region = FakeRegion([gone, stays])
    async with serving(region) as served:
        region.put(event(1))
        await region.until(lambda: numbers(region) == ["1"])
        region.deployed = [stays]
        await served.refresh()
        region.put(event(2))
        region.put(event(3), stream_arn=OTHER)
        await region.until(lambda: numbers(region, OTHER) == ["3"])
        polls = region.polls
        await region.until(lambda: region.polls > polls + 3)
    assert numbers(region) == ["1"]


async def test_a_mapping_deployed_later_is_found_without_being_told() -> None:
    region = FakeRegion()
    region.put(event(1))
    async with serving(region, rediscover_every=0.001):
        region.deployed = [mapping()]
        await region.until(lambda: bool(region.deliveries))


async def test_one_regions_trouble_is_its_own() -> None:
    broken, sound = FakeRegion(), FakeRegion([mapping()])
    broken.faults["mappings"] += [UNAVAILABLE]
    sound.put(event(1))
    served = EventSourceMappings({"us-east-1": broken, REGION: sound}, pace=QUICK)
    await served.refresh()
    await sound.until(lambda: bool(sound.deliveries))
    await served.stop()


async def test_a_write_ends_the_wait_for_the_next_poll_of_its_table_and_of_no_other() -> None:
    other = STREAM_ARN.replace("/Items/", "/Others/")
    region = FakeRegion([mapping(), mapping("other", stream_arn=other, function_arn=OTHER)])
    async with serving(region, pace=Pace(busy=AN_HOUR, idle=AN_HOUR)) as served:
        await region.until(lambda: region.polls == 2)
        region.put(event(1))
        region.put(event(2), stream_arn=other)
        served.wake(REGION, frozenset({"Items"}))
        await region.until(lambda: numbers(region) == ["1"])
        assert (region.polls, numbers(region, OTHER)) == (3, [])
        served.wake(REGION, None)
        await region.until(lambda: numbers(region, OTHER) == ["2"])


async def test_a_write_in_a_region_without_mappings_wakes_none() -> None:
    async with serving(FakeRegion([mapping()])) as served:
        served.wake("us-west-2", None)


def test_polls_grow_rare_while_nothing_comes() -> None:
    pace = Pace(busy=0.02, idle=1.0)
    pauses = [pace.busy]
    for _ in range(4):
        pauses.append(pace.slower(pauses[-1]))
    assert pauses == [0.02, 0.08, 0.32, 1.0, 1.0]


async def test_stopping_waits_for_no_function() -> None:
    region = FakeRegion([mapping()])
    region.functions[FUNCTION_ARN] = hang
    region.put(event(1))
    async with serving(region) as served:
        await region.until(lambda: bool(region.deliveries))
        async with asyncio.timeout(PATIENCE_S):
            await served.stop()

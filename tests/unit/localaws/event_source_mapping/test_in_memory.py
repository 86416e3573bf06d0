"""The shell for tests: the core, a Python handler and a clock that is moved by hand."""

from __future__ import annotations

from typing import Any

from localaws.event_source_mapping.in_memory import InMemoryMapping, Throttled, VirtualClock
from localaws.event_source_mapping.lane import Backoff
from localaws.event_source_mapping.messages import Condition, FunctionFailed
from localaws.event_source_mapping.settings import Settings
from tests.unit.localaws.event_source_mapping.stream_events import event


def accept(batch: Any) -> None:
    assert [record["eventName"] for record in batch["Records"]]


def test_every_record_reaches_the_handler_in_order() -> None:
    mapping = InMemoryMapping(Settings(batch_size=2), accept)
    mapping.put([event(1), event(2), event(3)])
    mapping.run()
    assert mapping.deliveries == [["1", "2"], ["3"]]
    assert mapping.checkpoint == "3"


def test_a_handler_that_raises_is_a_function_that_failed() -> None:
    def fail(batch: Any) -> None:
        raise ValueError(batch)

    mapping = InMemoryMapping(Settings(retries=1), fail)
    mapping.put([event(1)])
    mapping.run()
    assert mapping.deliveries == [["1"], ["1"]]
    [given_up] = mapping.discarded
    assert (given_up.condition, given_up.invocations, given_up.outcome) == (
        Condition.RETRY_ATTEMPTS_EXHAUSTED,
        2,
        FunctionFailed(),
    )


def test_a_response_that_is_not_json_is_a_function_that_failed() -> None:
    mapping = InMemoryMapping(Settings(retries=0), lambda batch: {1, 2})
    mapping.put([event(1)])
    mapping.run()
    assert len(mapping.discarded) == 1


def test_a_throttled_handler_is_called_again_as_virtual_time_passes() -> None:
    clock = VirtualClock(1_000.0)
    called_at: list[float] = []

    def throttle_twice(batch: Any) -> None:
        called_at.append(clock.now)
        if len(called_at) <= 2:
            raise Throttled

    mapping = InMemoryMapping(
        Settings(retries=0), throttle_twice, clock, Backoff(first=1, longest=60)
    )
    mapping.put([event(1, at=1_000)])
    mapping.run()
    assert called_at == [1_000.0, 1_001.0, 1_003.0]
    assert mapping.discarded == []


def test_a_hot_item_waits_for_itself_alone() -> None:
    settings = Settings(parallelization_factor=2, batch_size=1)
    mapping = InMemoryMapping(settings, accept)
    mapping.put([event(1, item="c"), event(2, item="c"), event(3, item="a")])
    mapping.run()
    assert mapping.deliveries == [["1"], ["3"], ["2"]]


def test_a_stream_longer_than_the_read_ahead_is_read_to_its_end() -> None:
    mapping = InMemoryMapping(Settings(batch_size=1_000), accept)
    mapping.put(event(number) for number in range(2_500))
    mapping.run()
    assert [len(delivery) for delivery in mapping.deliveries] == [1_000, 1_000, 500]
    assert mapping.checkpoint == "2499"


def test_the_handler_cannot_change_what_is_sent_again() -> None:
    def spoil(batch: Any) -> None:
        sequence_numbers.append(batch["Records"][0]["dynamodb"]["SequenceNumber"])
        batch["Records"][0]["dynamodb"]["SequenceNumber"] = "0"
        raise ValueError

    sequence_numbers: list[str] = []
    mapping = InMemoryMapping(Settings(retries=1), spoil)
    mapping.put([event(1)])
    mapping.run()
    assert sequence_numbers == ["1", "1"]

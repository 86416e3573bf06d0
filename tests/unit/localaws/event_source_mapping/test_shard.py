"""The core against each case that AWS documents: what goes in, and every command that comes out."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

import pytest

from localaws.event_source_mapping.filters import parse_pattern
from localaws.event_source_mapping.lane import Backoff
from localaws.event_source_mapping.messages import (
    Checkpoint,
    Command,
    Condition,
    Discard,
    FunctionFailed,
    Invoke,
    NotInvoked,
    Outcome,
    Returned,
    Wait,
)
from localaws.event_source_mapping.record import StreamRecord
from localaws.event_source_mapping.settings import Settings
from localaws.event_source_mapping.shard import Shard
from tests.unit.localaws.event_source_mapping.stream_events import record

OK = Returned()
FAILED = FunctionFailed()
THROTTLED = NotInvoked()

ONE_SECOND_THEN_TWO = Backoff(first=1.0, longest=8.0)


def reported(*numbers: object) -> Returned:
    return Returned({"batchItemFailures": [{"itemIdentifier": number} for number in numbers]})


@dataclass
class Story:
    """A shard that is told one outcome after the other, and all that it said."""

    shard: Shard
    outcomes: deque[Outcome]
    now: float = 0.0
    said: list[str] = field(default_factory=list)

    def follow(self, commands: list[Command]) -> None:
        """Do what it says until it says nothing, letting time pass when all it says is wait."""
        while commands:
            commands = [next_one for command in commands for next_one in self._do(command)]

    def _do(self, command: Command) -> list[Command]:
        match command:
            case Invoke(lane, records):
                self.said.append(f"invoke {numbers(records)}")
                return self.shard.finished(lane, self.outcomes.popleft(), self.now)
            case Discard(lane, records, condition, invocations):
                self.said.append(f"discard {numbers(records)}: {condition} after {invocations}")
                return self.shard.discarded(lane, self.now)
            case Checkpoint(sequence_number):
                self.said.append(f"checkpoint {sequence_number}")
                return []
            case Wait(until):
                self.said.append(f"wait {until - self.now:g}")
                self.now = until
                return self.shard.tick(self.now)


def numbers(records: tuple[StreamRecord, ...]) -> str:
    return " ".join(each.sequence_number for each in records)


def tell(settings: Settings, records: list[StreamRecord], *outcomes: Outcome) -> str:
    story = Story(Shard(settings, ONE_SECOND_THEN_TWO), deque(outcomes))
    story.follow(story.shard.read(records, story.now))
    assert not story.outcomes, f"{len(story.outcomes)} outcomes were never asked for"
    assert story.shard.is_idle
    return "; ".join(story.said)


def three() -> list[StreamRecord]:
    return [record(1), record(2), record(3)]


def four() -> list[StreamRecord]:
    return [*three(), record(4)]


PLAIN = Settings()
REPORTING = Settings(report_batch_item_failures=True)
ONE_RETRY = Settings(retries=1)
BISECTING = Settings(bisect=True, retries=0)
BOTH = Settings(bisect=True, retries=1, report_batch_item_failures=True)


@pytest.mark.parametrize(
    ("settings", "records", "outcomes", "commands"),
    [
        pytest.param(
            PLAIN,
            three(),
            [OK],
            "invoke 1 2 3; checkpoint 3",
            id="a success moves the checkpoint to the highest number",
        ),
        pytest.param(
            Settings(batch_size=2),
            three(),
            [OK, OK],
            "invoke 1 2; checkpoint 2; invoke 3; checkpoint 3",
            id="a batch holds no more than BatchSize records",
        ),
        pytest.param(
            PLAIN,
            three(),
            [FAILED, FAILED, FAILED, OK],
            "invoke 1 2 3; wait 1; invoke 1 2 3; wait 2; invoke 1 2 3; wait 4; "
            "invoke 1 2 3; checkpoint 3",
            id="a failed batch is sent again whole, each time after twice as long",
        ),
        pytest.param(
            Settings(batch_size=2, retries=1),
            three(),
            [FAILED, FAILED, OK],
            "invoke 1 2; wait 1; invoke 1 2; discard 1 2: RetryAttemptsExhausted after 2; "
            "checkpoint 2; invoke 3; checkpoint 3",
            id="one retry is two attempts, then the batch is given up and the shard moves on",
        ),
        pytest.param(
            Settings(retries=0),
            three(),
            [FAILED],
            "invoke 1 2 3; discard 1 2 3: RetryAttemptsExhausted after 1; checkpoint 3",
            id="without retries one failure is enough",
        ),
        pytest.param(
            Settings(retries=0),
            three(),
            [THROTTLED, THROTTLED, OK],
            "invoke 1 2 3; wait 1; invoke 1 2 3; wait 2; invoke 1 2 3; checkpoint 3",
            id="a throttled invocation counts as no attempt",
        ),
        pytest.param(
            Settings(retries=0, record_age=60),
            three(),
            [THROTTLED] * 10,
            "invoke 1 2 3; wait 1; invoke 1 2 3; wait 2; invoke 1 2 3; wait 4; "
            "invoke 1 2 3; wait 8; invoke 1 2 3; wait 8; invoke 1 2 3; wait 8; "
            "invoke 1 2 3; wait 8; invoke 1 2 3; wait 8; invoke 1 2 3; wait 8; "
            "invoke 1 2 3; wait 8; discard 1 2 3: RecordAgeExceeded after 0; checkpoint 3",
            id="throttling lasts until the records are too old",
        ),
        pytest.param(
            PLAIN,
            three(),
            [reported("2")],
            "invoke 1 2 3; checkpoint 3",
            id="without ReportBatchItemFailures the response is not read",
        ),
        pytest.param(
            REPORTING,
            three(),
            [reported("2"), OK],
            "invoke 1 2 3; checkpoint 1; wait 1; invoke 2 3; checkpoint 3",
            id="everything from the reported number on is sent again",
        ),
        pytest.param(
            REPORTING,
            four(),
            [reported("4", "2", "3"), OK],
            "invoke 1 2 3 4; checkpoint 1; wait 1; invoke 2 3 4; checkpoint 4",
            id="of several reported numbers the lowest counts",
        ),
        pytest.param(
            REPORTING,
            [record(9), record(10)],
            [reported("10", "9"), OK],
            "invoke 9 10; wait 1; invoke 9 10; checkpoint 10",
            id="the lowest number is the lowest number, not the first in the dictionary",
        ),
        pytest.param(
            Settings(report_batch_item_failures=True, retries=1),
            three(),
            [reported("2"), reported("2"), reported("2")],
            "invoke 1 2 3; checkpoint 1; wait 1; invoke 2 3; wait 1; invoke 2 3; "
            "discard 2 3: RetryAttemptsExhausted after 2; checkpoint 3",
            id="without bisect the rest of the batch is given up with the record that fails",
        ),
        pytest.param(
            Settings(report_batch_item_failures=True, retries=3),
            three(),
            [reported("3"), *[reported("3")] * 4],
            "invoke 1 2 3; checkpoint 2; wait 1; invoke 3; wait 1; invoke 3; wait 2; "
            "invoke 3; wait 4; invoke 3; discard 3: RetryAttemptsExhausted after 4; "
            "checkpoint 3",
            id="what follows an accepted record has all its retries, as recorded on AWS",
        ),
        pytest.param(
            ONE_RETRY,
            three(),
            [FAILED, OK],
            "invoke 1 2 3; wait 1; invoke 1 2 3; checkpoint 3",
            id="a retry that succeeds is the end of it",
        ),
        pytest.param(
            BISECTING,
            four(),
            [FAILED, OK, FAILED, FAILED, OK],
            "invoke 1 2 3 4; wait 1; invoke 1 2; checkpoint 2; invoke 3 4; wait 1; "
            "invoke 3; discard 3: RetryAttemptsExhausted after 1; checkpoint 3; invoke 4; "
            "checkpoint 4",
            id="bisecting finds the poison record and costs no retry",
        ),
        pytest.param(
            BISECTING,
            three(),
            [FAILED, OK, OK],
            "invoke 1 2 3; wait 1; invoke 1 2; checkpoint 2; invoke 3; checkpoint 3",
            id="of an odd number the first half is the larger",
        ),
        pytest.param(
            BOTH,
            three(),
            [reported("2"), reported("2"), reported("2"), reported("2"), OK],
            "invoke 1 2 3; checkpoint 1; wait 1; invoke 2 3; wait 1; invoke 2; wait 1; "
            "invoke 2; discard 2: RetryAttemptsExhausted after 2; checkpoint 2; invoke 3; "
            "checkpoint 3",
            id="with bisect and reports the poison record alone is given up",
        ),
        pytest.param(
            BOTH,
            four(),
            [FAILED, OK, OK],
            "invoke 1 2 3 4; wait 1; invoke 1 2; checkpoint 2; invoke 3 4; checkpoint 4",
            id="a batch that raises is bisected whatever the function may report",
        ),
        pytest.param(
            Settings(record_age=60),
            [record(1, at=-100), record(2, at=-61), record(3, at=-60), record(4)],
            [OK],
            "discard 1 2: RecordAgeExceeded after 0; checkpoint 2; invoke 3 4; checkpoint 4",
            id="records that are too old are given up before the first attempt, the others sent",
        ),
        pytest.param(
            Settings(record_age=60),
            [record(1, at=-59), record(2)],
            [FAILED, FAILED, OK],
            "invoke 1 2; wait 1; invoke 1 2; wait 2; discard 1: RecordAgeExceeded after 2; "
            "checkpoint 1; invoke 2; checkpoint 2",
            id="records that grow too old between retries are given up, the others sent",
        ),
        pytest.param(
            PLAIN,
            [record(1, at=-86_401), record(2, at=-86_400)],
            [OK],
            "discard 1: RecordAgeExceeded after 0; checkpoint 1; invoke 2; checkpoint 2",
            id="no record outlives the stream's 24 hours",
        ),
        pytest.param(
            Settings(batching_window=20),
            three(),
            [OK],
            "wait 20; invoke 1 2 3; checkpoint 3",
            id="a batching window waits for more records",
        ),
        pytest.param(
            Settings(batching_window=20, batch_size=3),
            three(),
            [OK],
            "invoke 1 2 3; checkpoint 3",
            id="a full batch does not wait for its window",
        ),
        pytest.param(
            Settings(batching_window=20, batch_size=3),
            four(),
            [OK, OK],
            "invoke 1 2 3; checkpoint 3; wait 20; invoke 4; checkpoint 4",
            id="the next window opens when the invocation before it ends",
        ),
        pytest.param(
            Settings(batching_window=20),
            three(),
            [FAILED, OK],
            "wait 20; invoke 1 2 3; wait 1; invoke 1 2 3; checkpoint 3",
            id="a retry waits for no window",
        ),
    ],
)
def test_the_core_says(
    settings: Settings, records: list[StreamRecord], outcomes: list[Outcome], commands: str
) -> None:
    assert tell(settings, records, *outcomes) == commands


def test_two_items_go_out_side_by_side_and_one_item_never_does() -> None:
    shard = Shard(Settings(parallelization_factor=2, batch_size=1))
    hot = [record(1, item="c"), record(2, item="c")]
    cold = record(3, item="a")

    assert shard.read([*hot, cold], 0) == [Invoke(0, (hot[0],)), Invoke(1, (cold,))]
    assert shard.finished(1, OK, 0) == []
    assert shard.finished(0, OK, 0) == [Checkpoint("1"), Invoke(0, (hot[1],))]
    assert shard.finished(0, OK, 0) == [Checkpoint("3")]


def test_a_failing_lane_does_not_stop_another() -> None:
    shard = Shard(Settings(parallelization_factor=2), ONE_SECOND_THEN_TWO)
    poison, other, later = record(1, item="c"), record(2, item="a"), record(3, item="a")
    shard.read([poison, other], 0)

    assert shard.finished(0, FAILED, 0) == [Wait(1.0)]
    assert shard.finished(1, OK, 0) == [Wait(1.0)]
    assert shard.read([later], 0.5) == [Invoke(1, (later,)), Wait(1.0)]
    assert shard.tick(1.0) == [Invoke(0, (poison,))]


def test_the_oldest_record_that_waits_is_the_first_that_is_not_done_with() -> None:
    shard = Shard(Settings(parallelization_factor=2))
    seen = [shard.waiting_since]
    shard.read([record(1, item="c", at=100), record(2, item="a", at=101)], 102)
    for lane in (1, 0):
        shard.finished(lane, OK, 103)
        seen.append(shard.waiting_since)
    assert seen == [None, 100, None]


def test_the_lane_that_is_due_first_says_how_long_to_wait() -> None:
    shard = Shard(Settings(parallelization_factor=2), ONE_SECOND_THEN_TWO)
    shard.read([record(1, item="c"), record(2, item="a")], 0)

    assert shard.finished(0, FAILED, 0) == [Wait(1.0)]
    assert shard.finished(1, FAILED, 0.5) == [Wait(1.0)]
    assert shard.tick(1.0) == [Invoke(0, (record(1, item="c"),)), Wait(1.5)]


def test_what_is_given_up_carries_the_last_outcome() -> None:
    shard = Shard(Settings(retries=0))
    records = (record(1), record(2))
    shard.read(records, 0)
    timed_out = FunctionFailed("Unhandled", executed_version="7")

    assert shard.finished(0, timed_out, 0) == [
        Discard(0, records, Condition.RETRY_ATTEMPTS_EXHAUSTED, 1, timed_out)
    ]


def test_filtered_records_are_done_with_and_never_sent() -> None:
    wanted = parse_pattern('{"dynamodb": {"NewImage": {"colour": {"S": ["red", "blue"]}}}}')
    removed = parse_pattern('{"eventName": ["REMOVE"]}')
    shard = Shard(Settings(filters=(wanted, removed)))
    red = record(2, colour={"S": "red"})

    assert shard.read([record(1)], 0) == [Checkpoint("1")]
    assert shard.read([red, record(3, colour={"S": "green"})], 0) == [Invoke(0, (red,))]
    assert shard.finished(0, OK, 0) == [Checkpoint("3")]
    assert shard.is_idle


def test_a_payload_stays_within_six_megabytes() -> None:
    envelope = len('{"Records":[]}')
    limit = 6 * 1024 * 1024
    small = record(1)
    filler = limit - envelope - small.size - len(",")
    fits = record(2, text={"S": "x" * (filler - record(2, text={"S": ""}).size - len(","))})
    shard = Shard(Settings())

    [first] = shard.read([small, fits], 0)
    assert first == Invoke(0, (small, fits))
    shard.read([small, replace(fits, sequence_number="3", size=fits.size + 1)], 0)
    assert shard.finished(0, OK, 0) == [Checkpoint("2"), Invoke(0, (small,))]


def test_a_record_larger_than_a_payload_goes_out_alone() -> None:
    huge = replace(record(1), size=7 * 1024 * 1024)
    shard = Shard(Settings(batching_window=20))
    assert shard.read([huge, record(2)], 0) == [Invoke(0, (huge,))]


def test_records_that_arrive_within_the_window_fill_the_batch() -> None:
    shard = Shard(Settings(batching_window=20, batch_size=2))
    assert shard.read([record(1)], 0) == [Wait(20.0)]
    assert shard.tick(5) == [Wait(20.0)]
    assert shard.read([record(2)], 10) == [Invoke(0, (record(1), record(2)))]


def test_a_blocked_shard_reads_a_page_ahead_and_no_more() -> None:
    shard = Shard(Settings(batch_size=10))
    assert shard.room == 1_000
    shard.read([record(number) for number in range(600)], 0)
    assert shard.room == 410
    shard.read([record(number) for number in range(600, 1_010)], 0)
    assert shard.room == 0


def test_a_shard_that_holds_a_payload_of_large_records_reads_no_further() -> None:
    shard = Shard(Settings(batch_size=1))
    large = replace(record(1), size=4 * 1024 * 1024)
    shard.read([record(0), large], 0)
    assert shard.room == 999
    shard.read([replace(large, sequence_number="2")], 0)
    assert shard.room == 0


def test_large_batches_and_many_lanes_read_further_ahead() -> None:
    assert Shard(Settings(batch_size=10_000, parallelization_factor=2)).room == 20_000


def test_an_outcome_of_what_was_never_started_is_refused() -> None:
    with pytest.raises(RuntimeError, match="lane 0 has nothing under way"):
        Shard(Settings()).finished(0, OK, 0)

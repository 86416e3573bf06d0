"""The rules of a redrive, against a queue, a bucket and a relay in memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from antipode_tools.operate.redrive.backlog import Backlog
from antipode_tools.operate.redrive.ports import Answer, Crashed, NotInvoked, Result
from antipode_tools.operate.redrive.reading import of_object
from antipode_tools.operate.redrive.redriving import Redrive, Tally
from antipode_tools.operate.redrive.spool import Spool
from antipode_tools.operate.redrive.stored import Container
from antipode_tools.operate.redrive.survey import look
from antipode_tools.operate.stacks.errors import OperationError
from tests.fakes.clock import Clock
from tests.unit.antipode_tools.operate.redrive.fakes import (
    STREAM,
    FakeBucket,
    FakeQueue,
    FakeRelay,
    batch,
    message,
    record,
)

CRASH = Crashed("the relay crashed: Sandbox.Timedout: too slow")


@dataclass
class World:
    """One stack, in memory."""

    clock: Clock = field(default_factory=Clock)
    queue: FakeQueue = field(init=False)
    bucket: FakeBucket = field(default_factory=FakeBucket)
    relay: FakeRelay = field(init=False)
    watched: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue = FakeQueue(self.clock)
        self.relay = FakeRelay(self.queue)

    def redrive(self, fates: Mapping[str, Result | Answer] | None = None) -> Tally:
        """One redrive, with a relay that publishes all but these event ids."""
        if fates is not None:
            self.relay.behaviour = lambda event_id: fates.get(event_id, Result.PUBLISHED)
        backlog = Backlog(Spool(io.BytesIO()))
        look(self.bucket, self.queue, backlog, watch=lambda _: None)
        redrive = Redrive(
            backlog,
            self.relay,
            self.queue,
            self.bucket,
            sleep=self.clock.sleep,
            watch=lambda tally: self.watched.append(tally.settled),
        )
        try:
            return redrive.run()
        finally:
            self.queue.release()

    def left_in(self, key: str) -> list[str]:
        """The event ids that an object holds."""
        container = of_object(key, self.bucket.objects[key])
        assert isinstance(container, Container)
        return [each["eventID"] for each in container.records]


def failed(tally: Tally) -> list[tuple[str, str]]:
    return [(entry.identity.id, why) for entry, why in tally.failed]


def rejected(tally: Tally) -> list[tuple[str, str]]:
    return [(entry.identity.id, why) for entry, why in tally.rejected]


def test_an_empty_backlog_invokes_nobody() -> None:
    world = World()

    tally = world.redrive()

    assert tally == Tally()
    assert world.relay.invocations == []


def test_what_is_published_is_removed_from_both_places() -> None:
    world = World()
    world.queue.send(message(record("a", 1)))
    world.bucket.objects["o"] = batch(record("b", 2), record("c", 3))

    tally = world.redrive()

    assert world.relay.announcements == ["a1", "b2", "c3"]
    assert (world.queue.bodies, world.bucket.objects) == ({}, {})
    assert (tally.messages_removed, tally.objects_removed, tally.objects_shrunk) == (1, 1, 0)
    assert tally.settled == 3


def test_an_item_goes_out_in_the_order_of_its_changes_across_both_places() -> None:
    world = World()
    world.queue.send(message(record("a", 10)))
    world.queue.send(message(record("a", 2)))
    world.bucket.objects["o"] = batch(record("a", 9), record("a", 11))

    world.redrive()

    assert world.relay.announcements == ["a2", "a9", "a10", "a11"]


def test_the_stream_of_an_earlier_replica_goes_out_first_although_its_numbers_are_higher() -> None:
    world = World()
    world.queue.send(message(record("a", 1, stream=STREAM.replace("2026", "2027"))))
    world.queue.send(message(record("a", 2)))

    world.redrive()

    assert world.relay.announcements == ["a2", "a1"]


def test_a_record_in_several_places_is_sent_once_and_removed_from_all() -> None:
    world = World()
    world.queue.send(message(record("a", 1)))
    world.queue.send(message(record("a", 1)))
    world.bucket.objects["o"] = batch(record("a", 1))

    world.redrive()

    assert world.relay.announcements == ["a1"]
    assert (world.queue.bodies, world.bucket.objects) == ({}, {})


def test_the_relay_is_proven_by_an_empty_batch_before_anything_is_sent() -> None:
    world = World()
    world.queue.send(message(record("a", 1)))

    world.redrive()

    assert world.relay.invocations == [[], ["a1"]]


@pytest.mark.parametrize("answer", [CRASH, NotInvoked("throttled")])
def test_a_relay_that_fails_on_an_empty_batch_is_sent_nothing(
    answer: Crashed | NotInvoked,
) -> None:
    world = World()
    world.queue.send(message(record("a", 1)))
    asked: list[int] = []

    class Broken(FakeRelay):
        def publish(self, records: Any) -> Answer:
            asked.append(len(records))
            return answer

    world.relay = Broken(world.queue)
    tally = world.redrive()

    assert tally.stopped == f"the relay fails on an empty batch: {answer.error}"
    assert asked == [0]
    assert list(world.queue.bodies) == ["m1"]


def test_a_record_that_is_rejected_leaves_only_its_new_message() -> None:
    world = World()
    world.queue.send(message(record("a", 1)))

    tally = world.redrive({"a1": Result.REJECTED})

    assert world.queue.bodies == {"m2": message(record("a", 1))}
    assert rejected(tally) == [("a1", "REJECTED it is")]
    assert world.relay.invocations == [[], ["a1"]]


def test_a_record_of_an_object_that_is_rejected_leaves_the_object() -> None:
    world = World()
    world.bucket.objects["o"] = batch(record("a", 1))

    world.redrive({"a1": Result.REJECTED})

    assert world.bucket.objects == {}
    assert world.queue.bodies == {"m1": message(record("a", 1))}


def test_a_failure_holds_back_the_later_changes_of_its_item_and_nothing_else() -> None:
    world = World()
    for sequence, item in enumerate("abaab"):
        world.queue.send(message(record(item, sequence)))

    tally = world.redrive({"a2": Result.FAILED})

    assert world.relay.announcements == ["a0", "b1", "b4"]
    assert failed(tally) == [("a2", "FAILED it is")]
    assert list(world.queue.bodies) == ["m3", "m4"]


def test_an_object_keeps_what_failed_and_no_longer_holds_what_was_published() -> None:
    world = World()
    world.bucket.objects["o"] = batch(record("a", 1), record("b", 2), record("a", 3))

    tally = world.redrive({"a1": Result.FAILED})

    assert world.left_in("o") == ["a1", "a3"]
    assert (tally.objects_removed, tally.objects_shrunk) == (0, 1)
    world.redrive({})
    assert world.relay.announcements == ["b2", "a1", "a3"]
    assert world.bucket.objects == {}


def test_what_was_held_back_by_time_alone_is_sent_at_once_again() -> None:
    world = World()
    world.queue.send(message(record("a", 1)))
    world.queue.send(message(record("b", 2)))
    slow: Iterator[Result | Answer] = iter([Result.PUBLISHED, Result.HELD_BACK, Result.PUBLISHED])
    world.relay.behaviour = lambda _: next(slow)

    tally = world.redrive()

    assert world.relay.invocations == [[], ["a1", "b2"], ["b2"]]
    assert tally.settled == 2
    assert world.clock() == 0.0


def test_after_a_crash_each_record_goes_alone_and_only_the_one_that_caused_it_stays() -> None:
    world = World()
    world.bucket.objects["o"] = batch(*(record(item, n) for n, item in enumerate("abcde")))

    tally = world.redrive({"c2": CRASH})

    assert failed(tally) == [("c2", CRASH.error)]
    assert world.left_in("o") == ["c2"]
    assert world.relay.announcements == ["a0", "b1", "a0", "b1", "d3", "e4"]
    assert world.relay.invocations[2:] == [["a0"], ["b1"], ["c2"], ["d3"], ["e4"]]


def test_a_throttled_relay_is_tried_again_after_a_pause() -> None:
    world = World()
    world.queue.send(message(record("a", 1)))
    lost, sent = NotInvoked("rate exceeded"), Result.PUBLISHED
    answers: Iterator[Result | Answer] = iter([lost, lost, sent])
    world.relay.behaviour = lambda _: next(answers)

    tally = world.redrive()

    assert (tally.settled, tally.stopped) == (1, "")
    assert world.clock() == 6.0


def test_three_invocations_in_a_row_that_settle_nothing_end_the_redrive() -> None:
    world = World()
    for number, item in enumerate("abcd"):
        world.queue.send(message(record(item, number)))

    tally = world.redrive(dict.fromkeys(["a0", "b1", "c2", "d3"], Result.FAILED))

    # All four are tried by the first invocation, and none is left to try again.
    assert [why for _, why in failed(tally)] == ["FAILED it is"] * 4
    assert tally.stopped == ""

    throttled = dict.fromkeys(["a0", "b1", "c2", "d3"], NotInvoked("rate exceeded"))
    assert world.redrive(throttled).stopped == "the relay published nothing 3 times: rate exceeded"
    assert len(world.queue.bodies) == 4


def test_progress_starts_the_count_of_fruitless_invocations_anew() -> None:
    world = World()
    world.queue.send(message(record("a", 1)))
    world.queue.send(message(record("b", 2)))
    lost, sent = NotInvoked("rate exceeded"), Result.PUBLISHED
    answers: Iterator[Result | Answer] = iter(
        [lost, lost, sent, Result.HELD_BACK, lost, lost, sent]
    )
    world.relay.behaviour = lambda _: next(answers)

    tally = world.redrive()

    assert (tally.settled, tally.stopped) == (2, "")


def test_messages_are_kept_hidden_before_every_invocation() -> None:
    world = World()
    world.bucket.objects["o"] = batch(*(record("a", number) for number in range(250)))

    world.redrive()

    assert [len(ids) for ids in world.relay.invocations] == [0, 100, 100, 50]
    assert world.queue.kept == 3


def test_each_invocation_is_reported() -> None:
    world = World()
    world.bucket.objects["o"] = batch(*(record("a", number) for number in range(250)))

    world.redrive()

    assert world.watched == [100, 200, 250]


def test_a_message_that_cannot_be_deleted_is_named() -> None:
    world = World()
    world.queue.send(message(record("a", 1)))
    world.queue.send(message(record("b", 2)))
    world.queue.stuck = {"m1"}

    tally = world.redrive()

    assert (tally.settled, tally.messages_removed, tally.not_removed) == (2, 1, ["m1"])


def raising(error: BaseException) -> Callable[[str], Result | Answer]:
    def behave(event_id: str) -> Result | Answer:
        if event_id == "b200":
            raise error
        return Result.PUBLISHED

    return behave


@pytest.mark.parametrize(
    ("error", "stopped"),
    [
        (OperationError("cannot invoke relay: denied"), "cannot invoke relay: denied"),
        (KeyboardInterrupt(), "interrupted"),
    ],
)
def test_an_early_end_removes_what_was_published_and_keeps_the_rest(
    error: BaseException, stopped: str
) -> None:
    world = World()
    world.bucket.objects["o"] = batch(*(record("a", number) for number in range(100)))
    world.bucket.objects["p"] = batch(record("a", 99), record("c", 100), record("b", 200))
    world.relay.behaviour = raising(error)

    tally = world.redrive()

    assert tally.stopped == stopped
    assert world.relay.announcements == [*(f"a{number}" for number in range(100)), "c100"]
    # That c was published, the relay did not live to say.
    assert world.left_in("p") == ["c100", "b200"]
    assert list(world.bucket.objects) == ["p"]


def test_a_broken_record_is_sent_after_all_others_and_queued_anew() -> None:
    world = World()
    world.queue.send(message({"eventID": "broken"}, reason="malformed"))
    world.queue.send(message("no record at all", reason="malformed"))
    world.queue.send(message(record("a", 1)))

    world.redrive({"broken": Result.REJECTED})

    assert world.relay.invocations[1][:2] == ["a1", "broken"]
    assert list(world.queue.bodies) == ["m4"]

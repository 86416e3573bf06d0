"""The promise of a redrive, whatever fails and wherever it is killed.

Random records lie in random places, each possibly in several. Redrives run one after the other: the
relay does as it pleases with each record, and a redrive may be killed before or after any change
of the queue or the bucket. At every such moment each record is published, or lies somewhere.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.redrive.backlog import Backlog
from antipode_tools.operate.redrive.ports import Answer, Crashed, NotInvoked, Result
from antipode_tools.operate.redrive.reading import of_message, of_object
from antipode_tools.operate.redrive.redriving import Redrive
from antipode_tools.operate.redrive.spool import Spool
from antipode_tools.operate.redrive.stored import Container
from antipode_tools.operate.redrive.survey import look
from antipode_tools.operate.stacks.errors import OperationError
from tests.fakes.clock import Clock
from tests.unit.antipode_tools.operate.redrive.fakes import (
    HIDDEN_S,
    FakeBucket,
    FakeQueue,
    FakeRelay,
    batch,
    message,
    record,
)

RECORDS = [record(item, sequence) for item in "abc" for sequence in (1, 2, 3, 30)]

# What a relay does with a record. An error is an answer that never came back.
DEEDS: list[Result | Answer | OperationError] = [
    *[Result.PUBLISHED] * 6,
    *[Result.FAILED] * 2,
    Result.REJECTED,
    Result.HELD_BACK,
    Crashed("out of memory"),
    NotInvoked("rate exceeded"),
    OperationError("the connection was lost"),
]

backlogs = st.tuples(
    st.lists(st.sampled_from(RECORDS), max_size=8),
    st.lists(st.lists(st.sampled_from(RECORDS), min_size=1, max_size=6), max_size=3),
)


class Killed(BaseException):
    """The end of a process, which runs nothing any more."""


@dataclass
class Run:
    """One redrive.

    Args:
        deeds: what the relay does, record by record; then it is well.
        killed_at: the step at which the process is killed, if it is.
        waits: seconds until the next one.
    """

    deeds: list[Result | Answer | OperationError]
    killed_at: int | None
    waits: float = HIDDEN_S


runs = st.builds(
    Run,
    deeds=st.lists(st.sampled_from(DEEDS), max_size=30),
    killed_at=st.none() | st.integers(0, 12),
    waits=st.sampled_from([0.0, HIDDEN_S]),
)


@dataclass
class World:
    """One stack, in memory, with everything that was ever undelivered in it."""

    messages: list[Any]
    batches: list[list[Any]]
    clock: Clock = field(default_factory=Clock)
    log: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue = FakeQueue(self.clock, self._step)
        self.bucket = FakeBucket(self._step)
        self.relay = FakeRelay(self.queue)
        self._steps_left: int | None = None
        for each in self.messages:
            self.queue.send(message(each))
        for number, records in enumerate(self.batches):
            self.bucket.objects[f"o{number}"] = batch(*records)
        batched = (each for records in self.batches for each in records)
        self.ever = {each["eventID"] for each in (*self.messages, *batched)}

    def redrive(self, run: Run) -> None:
        """Runs once, as a process that may be killed: then what it held is hidden for a while."""
        self.log.clear()
        self._steps_left = run.killed_at
        self.relay.behaviour = self._behaviour(run.deeds)
        backlog = Backlog(Spool(io.BytesIO()))
        try:
            look(self.bucket, self.queue, backlog, watch=lambda _: None)
            Redrive(
                backlog,
                self.relay,
                self.queue,
                self.bucket,
                sleep=self.clock.sleep,
                watch=lambda _: None,
            ).run()
            self.queue.release()
        except Killed:
            self.queue.held.clear()
        self.clock.sleep(run.waits)

    def lying(self) -> set[str]:
        """The event ids of what lies in either place, hidden or not."""
        found = [of_message(name, body) for name, body in self.queue.bodies.items()]
        found += [of_object(key, text) for key, text in self.bucket.objects.items()]
        assert all(isinstance(each, Container) for each in found)
        return {
            each["eventID"]
            for container in found
            if isinstance(container, Container)
            for each in container.records
        }

    def check_that_nothing_is_lost(self) -> None:
        assert self.ever == self.lying() | set(self.relay.announcements) & self.ever

    def _step(self, _: str) -> None:
        self.check_that_nothing_is_lost()
        if self._steps_left is None:
            return
        if self._steps_left == 0:
            raise Killed
        self._steps_left -= 1

    def _behaviour(
        self, deeds: Sequence[Result | Answer | OperationError]
    ) -> Callable[[str], Result | Answer]:
        remaining = iter(deeds)

        def behave(event_id: str) -> Result | Answer:
            deed = next(remaining, Result.PUBLISHED)
            if isinstance(deed, OperationError):
                raise deed
            if isinstance(deed, Result) and deed is not Result.HELD_BACK:
                self.log.append((event_id, deed.name))
            return deed

        return behave


def check_order(log: Sequence[tuple[str, str]]) -> None:
    """Of each item: first announcements in order, and none after a failure of an earlier change.

    Later changes of its item do not wait for a record that cannot be published: such a one may
    come late, if it can be published after all when a crash had it sent again.
    """
    newest: dict[str, int] = {}
    failed: dict[str, int] = {}
    excused: set[str] = set()
    for event_id, deed in log:
        item, sequence = event_id[0], int(event_id[1:])
        if failed.get(item) == sequence:
            del failed[item]  # tried again, since the invocation that failed it crashed
        if deed == "FAILED":
            failed.setdefault(item, sequence)
        elif event_id not in excused:
            assert newest.get(item, 0) < sequence, f"{event_id} after {newest[item]} in {log}"
            assert failed.get(item, sequence) >= sequence, f"{event_id} after a failure in {log}"
            newest[item] = sequence
            excused.add(event_id)


@given(backlogs, st.lists(runs, min_size=1, max_size=4))
def test_nothing_is_lost_each_item_is_in_order_and_in_the_end_all_is_published(
    backlog: tuple[list[Any], list[list[Any]]], attempts: list[Run]
) -> None:
    world = World(*backlog)

    for attempt in attempts:
        world.redrive(attempt)
        world.check_that_nothing_is_lost()
        check_order(world.log)

    world.clock.sleep(HIDDEN_S)
    world.redrive(Run([], None))
    assert set(world.relay.announcements) == world.ever
    assert (world.queue.bodies, world.bucket.objects) == ({}, {})


@given(backlogs)
def test_a_healthy_relay_publishes_each_record_once(
    backlog: tuple[list[Any], list[list[Any]]],
) -> None:
    world = World(*backlog)

    world.redrive(Run([], None))

    assert sorted(world.relay.announcements) == sorted(world.ever)

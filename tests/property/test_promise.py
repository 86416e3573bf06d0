"""The relay's promise, held against whatever may happen to it.

The real relay, on a mapping that keeps Lambda's rules, publishes to an AppSync that fails in every
way, and its process dies at any moment. Each item's changes are announced in their order; each
change is announced or lies where a redrive finds it; and none is announced twice, unless a process
died that had it in hand, or AppSync announced it and could not say so.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import Enum, auto

from antipode.relay.answers import Answer, classify
from antipode.relay.errors import QueueRefusedError
from antipode.relay.pace import Pace
from antipode.relay.relay import Relay
from antipode.relay.response import response
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from localaws.event_source_mapping.in_memory import InMemoryMapping, Throttled, VirtualClock
from localaws.event_source_mapping.settings import Settings
from localaws.json_value import Json
from tests.fakes.relay import MODELS, STREAM, record
from tests.fakes.virtual_time import run

EPOCH = 1_795_380_420.0  # the time of the fake records
REQUEST_S = 0.02
UNKNOWN_TABLE = STREAM.replace("antipode-ItemsModel", "antipode-Unheard")


class Mishap(Enum):
    """What goes wrong with one publish, or with the invocation that it is part of."""

    UNAVAILABLE = auto()
    THROTTLED = auto()
    TIMED_OUT = auto()
    NOT_AN_ANSWER = auto()
    WEB_ACL = auto()
    INVALID = auto()
    NOTHING_RETURNED = auto()
    UNAUTHORIZED = auto()
    ANSWER_LOST = auto()
    DIES_BEFORE = auto()
    DIES_AFTER = auto()


class ProcessDied(Exception):
    """The execution environment is gone: a crash, a time-out, no memory left."""


def errors(error_type: str) -> bytes:
    return json.dumps(
        {"data": None, "errors": [{"errorType": error_type, "message": "m"}]}
    ).encode()


# What AppSync answers, without having announced anything.
ANSWERS = {
    Mishap.UNAVAILABLE: (503, b"<html>Service Unavailable</html>"),
    Mishap.THROTTLED: (429, errors("ThrottlingException")),
    Mishap.TIMED_OUT: (200, errors("ExecutionTimeout")),
    Mishap.NOT_AN_ANSWER: (200, b"[]"),
    Mishap.WEB_ACL: (403, b""),
    Mishap.INVALID: (200, errors("ValidationError")),
    Mishap.UNAUTHORIZED: (401, errors("UnauthorizedException")),
}


@dataclass(frozen=True)
class Announcement:
    """One thing that subscribers were told, and by which process."""

    process: int
    item: str
    event_id: str
    sequence: int
    answered: bool


@dataclass
class Troubled:
    """AppSync and the queue of undelivered changes, with mishaps that are used up one by one."""

    clock: VirtualClock
    mishaps: deque[Mishap | None] = field(default_factory=deque)
    refusals: int = 0
    process: int = 0
    announced: list[Announcement] = field(default_factory=list)
    undelivered: list[tuple[int, str]] = field(default_factory=list)

    async def publish(self, field: str, body: bytes, *, timeout: float) -> Answer:
        await asyncio.sleep(REQUEST_S)
        change = json.loads(json.loads(body)["variables"]["change"])
        mishap = self.mishaps.popleft() if self.mishaps else None
        match mishap:
            case None:
                return self._announce(field, change)
            case Mishap.DIES_BEFORE:
                raise ProcessDied
            case Mishap.DIES_AFTER:
                self._announce(field, change, answered=False)
                raise ProcessDied
            case Mishap.ANSWER_LOST:
                self._announce(field, change, answered=False)
                return classify(*ANSWERS[Mishap.UNAVAILABLE], field)
            case Mishap.NOTHING_RETURNED:
                return classify(200, json.dumps({"data": {field: None}}).encode(), field)
            case _:
                return classify(*ANSWERS[mishap], field)

    async def send(self, body: str) -> None:
        if self.refusals:
            self.refusals -= 1
            raise QueueRefusedError("the queue refused")
        self.undelivered.append((self.process, json.loads(body)["record"]["eventID"]))

    def _announce(self, field: str, change: Json, *, answered: bool = True) -> Answer:
        told = change["_change"]
        self.announced.append(
            Announcement(self.process, change["id"], told["id"], int(told["sequence"]), answered)
        )
        return classify(200, json.dumps({"data": {field: change}}).encode(), field)


items = st.sampled_from(["hot", "hot", "hot", "warm", "cold"])


class Promise(RuleBasedStateMachine):
    """Writes, mishaps and deliveries in any order."""

    @initialize(
        batch_size=st.sampled_from([1, 4, 100]),
        bisect=st.booleans(),
        retries=st.sampled_from([None, 0, 2]),
        seconds=st.sampled_from([0.1, 55.0]),
        lanes=st.sampled_from([1, 2, 64]),
    )
    def begin(
        self, batch_size: int, bisect: bool, retries: int | None, seconds: float, lanes: int
    ) -> None:
        self.clock = VirtualClock(EPOCH)
        self.troubled = Troubled(self.clock)
        self.seconds, self.lanes = seconds, lanes
        self.written: list[str] = []
        self.throttles = 0
        self.replacements = 0
        self.in_hand: set[str] = set()
        self.in_hand_at_a_death: Counter[str] = Counter()
        self.relay = self._start_process()
        settings = Settings(
            batch_size=batch_size,
            bisect=bisect,
            retries=retries,
            report_batch_item_failures=True,
            parallelization_factor=2,
        )
        self.mapping = InMemoryMapping(settings, self._handle, self.clock)

    @rule(changed=st.lists(items, max_size=12))
    def write(self, changed: list[str]) -> None:
        for item in changed:
            self._write(item)

    @rule(item=items, event_name=st.sampled_from(["MODIFY", "FORGET"]))
    def write_what_cannot_be_published(self, item: str, event_name: str) -> None:
        self._write(item, event_name=event_name, arn=UNKNOWN_TABLE)

    @rule(mishaps=st.lists(st.none() | st.sampled_from(Mishap), max_size=8))
    def trouble_is_coming(self, mishaps: list[Mishap | None]) -> None:
        self.troubled.mishaps.extend(mishaps)

    @rule(count=st.integers(1, 3))
    def the_queue_is_going_to_refuse(self, count: int) -> None:
        self.troubled.refusals += count

    @rule()
    def lambda_is_going_to_throttle(self) -> None:
        self.throttles += 1

    @rule()
    def the_process_is_replaced_while_idle(self) -> None:
        self.relay = self._start_process()

    @rule()
    def the_process_is_going_to_be_replaced(self) -> None:
        self.replacements += 1

    @rule()
    def deliver(self) -> None:
        self.mapping.run()
        assert self._announced_ids() | self._undelivered_ids() | self._given_up_ids() == set(
            self.written
        )

    def teardown(self) -> None:
        self.deliver()

    @invariant()
    def an_items_changes_are_announced_in_their_order(self) -> None:
        """But for those undelivered: a later process may find that they can be announced."""
        first: dict[str, Announcement] = {}
        for each in self.troubled.announced:
            first.setdefault(each.event_id, each)
        undelivered = self._undelivered_ids()
        assert_rising([each for each in first.values() if each.event_id not in undelivered])

    @invariant()
    def no_process_goes_back(self) -> None:
        for process in range(1, self.troubled.process + 1):
            assert_rising([each for each in self.troubled.announced if each.process == process])

    @invariant()
    def nothing_is_announced_twice_without_a_reason(self) -> None:
        announced = Counter(each.event_id for each in self.troubled.announced)
        in_doubt = Counter(each.event_id for each in self.troubled.announced if not each.answered)
        reasons = in_doubt + self.in_hand_at_a_death
        assert all(count <= 1 + reasons[event_id] for event_id, count in announced.items())

    @invariant()
    def no_process_announces_twice_what_it_knows_it_announced(self) -> None:
        announced = [
            (each.process, each.event_id, each.answered) for each in self.troubled.announced
        ]
        answered = [(process, event_id) for process, event_id, is_known in announced if is_known]
        assert len(answered) == len(set(answered))

    @invariant()
    def no_process_sets_a_change_aside_twice(self) -> None:
        assert len(self.troubled.undelivered) == len(set(self.troubled.undelivered))

    def _write(self, item: str, *, event_name: str = "MODIFY", arn: str = STREAM) -> None:
        written = record(len(self.written), item, event_name=event_name, arn=arn)
        self.written.append(written["eventID"])
        self.mapping.put([written])

    def _start_process(self) -> Relay:
        self.troubled.process += 1
        return Relay(
            models=MODELS,
            table_prefix="antipode-",
            region="eu-west-1",
            pace=Pace(self.lanes),
            publisher=self.troubled,
            queue=self.troubled,
            now=lambda: self.clock.now,
            random=lambda: 1.0,
        )

    def _handle(self, event: Json) -> Json:
        if self.throttles:
            self.throttles -= 1
            raise Throttled
        if self.replacements:
            self.replacements -= 1
            self._die()
        self.in_hand.update(each["eventID"] for each in event["Records"])
        try:
            tasks = run(self.relay.publish(event, seconds=self.seconds), self.clock)
            answer = response(event, tasks)
        except ProcessDied:
            self._die()
            raise
        self.in_hand.difference_update(accepted_ids(event, answer))
        return answer

    def _die(self) -> None:
        self.in_hand_at_a_death.update(self.in_hand)
        self.relay = self._start_process()

    def _announced_ids(self) -> set[str]:
        return {each.event_id for each in self.troubled.announced}

    def _undelivered_ids(self) -> set[str]:
        return {event_id for _, event_id in self.troubled.undelivered}

    def _given_up_ids(self) -> set[str]:
        records = [each for discard in self.mapping.discarded for each in discard.records]
        return {each.event["eventID"] for each in records}


def accepted_ids(event: Json, answer: Json) -> list[str]:
    """The records of a batch that come before the one that the relay reported."""
    reported = [each["itemIdentifier"] for each in answer["batchItemFailures"]]
    numbers = [each["dynamodb"]["SequenceNumber"] for each in event["Records"]]
    end = numbers.index(reported[0]) if reported else len(numbers)
    return [each["eventID"] for each in event["Records"][:end]]


def assert_rising(announcements: list[Announcement]) -> None:
    """Of no item does an announcement follow that of a later change."""
    last: dict[str, int] = {}
    for each in announcements:
        assert each.sequence >= last.get(each.item, 0)
        last[each.item] = each.sequence


TestPromise = Promise.TestCase

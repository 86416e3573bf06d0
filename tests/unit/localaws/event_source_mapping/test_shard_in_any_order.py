"""The core under every order of events: nothing is lost, and an item's changes stay in order."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from localaws.event_source_mapping.filters import parse_pattern
from localaws.event_source_mapping.lane import DEFAULT_BACKOFF, Backoff
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

UNWANTED = {"S": "unwanted"}
WANTED_ONLY = parse_pattern(
    '{"dynamodb": {"NewImage": {"mark": {"S": [{"anything-but": "unwanted"}]}}}}'
)

AT_ONCE = Backoff(first=0, longest=0)

settings = st.builds(
    Settings,
    batch_size=st.sampled_from([1, 2, 8]),
    batching_window=st.sampled_from([0, 7]),
    parallelization_factor=st.integers(1, 2),
    retries=st.sampled_from([None, 0, 2]),
    record_age=st.sampled_from([None, 60]),
    bisect=st.booleans(),
    report_batch_item_failures=st.booleans(),
    filters=st.just((WANTED_ONLY,)),
)
changes = st.lists(st.tuples(st.sampled_from("ac"), st.booleans()), min_size=1, max_size=10)


ENOUGH_RECORDS = 40

# Every step settles a batch of each lane, or a record of it at the least.
STEPS_TO_THE_END = 100


class AnyOrder(RuleBasedStateMachine):
    """Feeds a shard whatever may come next, and holds what it says against the promise."""

    @initialize(given=settings, backoff=st.sampled_from([AT_ONCE, DEFAULT_BACKOFF]))
    def begin(self, given: Settings, backoff: Backoff) -> None:
        self.settings = given
        self.shard = Shard(given, backoff)
        self.now = 1_000.0
        self.written: list[StreamRecord] = []
        self.settled: set[str] = set()
        self.under_way: dict[int, Invoke | Discard] = {}
        self.wait_until: float | None = None
        self.checkpoint = 0
        self.attempts: Counter[tuple[str, ...]] = Counter()

    @precondition(lambda self: len(self.written) < ENOUGH_RECORDS)
    @rule(what=changes)
    def write(self, what: list[tuple[str, bool]]) -> None:
        fresh = []
        for item, is_wanted in what:
            number = len(self.written) + 1
            mark = {"S": "wanted"} if is_wanted else UNWANTED
            fresh.append(record(number, item=item, at=self.now, mark=mark))
            self.written.append(fresh[-1])
            if not is_wanted:
                self.settled.add(str(number))
        self._obey(self.shard.read(fresh, self.now))

    @rule(seconds=st.sampled_from([0.0, 0.1, 1.0, 8.0, 70.0]))
    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self._obey(self.shard.tick(self.now))

    @precondition(lambda self: self.under_way)
    @rule(choice=st.data())
    def end_something(self, choice: st.DataObject) -> None:
        lane = choice.draw(st.sampled_from(sorted(self.under_way)))
        command = self.under_way.pop(lane)
        if isinstance(command, Discard):
            self._end_discard(command)
        else:
            self._end_invocation(command, choice.draw(outcomes_of(command)))

    @invariant()
    def something_is_always_to_come(self) -> None:
        waits = bool(self.under_way) or self.wait_until is not None
        assert self.shard.is_idle != waits

    @invariant()
    def one_item_is_in_one_batch_at_most(self) -> None:
        items = [{each.item for each in command.records} for command in self.under_way.values()]
        assert sum(map(len, items)) == len(set().union(*items))

    @invariant()
    def the_checkpoint_is_just_before_the_first_record_that_is_not_settled(self) -> None:
        numbers = (int(each.sequence_number) for each in self.written)
        unsettled = (number for number in numbers if str(number) not in self.settled)
        assert self.checkpoint == next(unsettled, len(self.written) + 1) - 1

    def teardown(self) -> None:
        """Whatever happened: once the function is well again, every record is settled."""
        for _ in range(STEPS_TO_THE_END):
            for command in list(self.under_way.values()):
                del self.under_way[command.lane]
                if isinstance(command, Discard):
                    self._end_discard(command)
                else:
                    self._end_invocation(command, Returned())
            self.now = max(self.now, self.wait_until or 0)
            self._obey(self.shard.tick(self.now))
        assert self.shard.is_idle
        assert self.settled == {each.sequence_number for each in self.written}

    def _end_invocation(self, command: Invoke, outcome: Outcome) -> None:
        if not isinstance(outcome, NotInvoked):
            self.attempts[numbers_of(command)] += 1
        self._settle(command.records[: self._accepted(command, outcome)])
        self._obey(self.shard.finished(command.lane, outcome, self.now))

    def _end_discard(self, command: Discard) -> None:
        self._settle(command.records)
        self._obey(self.shard.discarded(command.lane, self.now))

    def _accepted(self, command: Invoke, outcome: Outcome) -> int:
        """How many records the function took, said in another way than the core says it."""
        if not isinstance(outcome, Returned):
            return 0
        numbers = numbers_of(command)
        failures = (outcome.payload or {}).get("batchItemFailures", [])
        if not self.settings.report_batch_item_failures or not failures:
            return len(numbers)
        reported = [failure["itemIdentifier"] for failure in failures]
        return min(map(numbers.index, reported)) if set(reported) <= set(numbers) else 0

    def _settle(self, records: tuple[StreamRecord, ...]) -> None:
        numbers = {each.sequence_number for each in records}
        assert not numbers & self.settled
        self.settled |= numbers

    def _obey(self, commands: list[Command]) -> None:
        self.wait_until = None
        for command in commands:
            match command:
                case Invoke(lane):
                    self._check_batch(command)
                    self.under_way[lane] = command
                case Discard(lane):
                    self._check_discard(command)
                    self.under_way[lane] = command
                case Checkpoint(sequence_number):
                    assert int(sequence_number) > self.checkpoint
                    self.checkpoint = int(sequence_number)
                case Wait(until):
                    assert until > self.now
                    self.wait_until = until

    def _check_batch(self, command: Invoke) -> None:
        assert command.lane not in self.under_way
        assert 1 <= len(command.records) <= self.settings.batch_size
        oldest = self.now - self.settings.longest_age
        assert all(each.arrived_at >= oldest for each in command.records)
        if self.settings.retries is not None:
            assert self.attempts[numbers_of(command)] <= self.settings.retries
        self._check_order(command.records)

    def _check_discard(self, command: Discard) -> None:
        assert command.lane not in self.under_way
        self._check_order(command.records)
        retries = self.settings.retries
        if command.condition is Condition.RETRY_ATTEMPTS_EXHAUSTED:
            assert retries is not None
            assert command.invocations == retries + 1
        else:
            oldest = self.now - self.settings.longest_age
            assert all(each.arrived_at < oldest for each in command.records)

    def _check_order(self, records: tuple[StreamRecord, ...]) -> None:
        """A record goes out when everything before it of its item is settled, or just before it."""
        gone = set(self.settled)
        for each in records:
            before = self.written[: int(each.sequence_number) - 1]
            assert {one.sequence_number for one in before if one.item == each.item} <= gone
            assert each.sequence_number not in gone
            gone.add(each.sequence_number)


def numbers_of(command: Invoke) -> tuple[str, ...]:
    return tuple(each.sequence_number for each in command.records)


def outcomes_of(command: Invoke) -> st.SearchStrategy[Outcome]:
    """Everything that an invocation may come to."""
    numbers = st.sampled_from([*numbers_of(command), "unknown"])
    failures = st.lists(st.fixed_dictionaries({"itemIdentifier": numbers}), max_size=3)
    responses = st.fixed_dictionaries({"batchItemFailures": failures})
    return st.one_of(
        st.just(Returned()),
        st.just(FunctionFailed()),
        st.just(NotInvoked()),
        st.builds(Returned, responses),
    )


TestAnyOrder = AnyOrder.TestCase

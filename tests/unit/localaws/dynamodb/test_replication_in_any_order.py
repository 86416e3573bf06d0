"""Any writes, any delays, any cuts: after healing every replica is what the last writer wrote."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from localaws.dynamodb.replica import Apply, Image, Record, Version
from localaws.dynamodb.replication import Replication

REGIONS = ("ap-southeast-2", "eu-west-1", "us-east-1")
KEYS = ("a", "b")
ENOUGH_STEPS = 1_000

regions = st.sampled_from(REGIONS)
keys = st.sampled_from(KEYS)


class Table:
    """A Region's table and its stream; `clock` is its hidden time."""

    def __init__(self) -> None:
        self.items: dict[str, Image] = {}
        self.stream: list[Record] = []
        self.read = 0

    def write(self, key: str, image: Image, time: int) -> bool:
        """Returns whether it changed anything."""
        before = self.items.get(key)
        if before == image:
            return False
        self.items[key] = image
        self.stream.append(Record(key, {"id": {"S": key}}, time, before, image))
        return True


class AnyOrder(RuleBasedStateMachine):
    """Writes, reads, cuts and heals in any order, and lets writes finish in any order."""

    @initialize(
        skew=st.fixed_dictionaries({region: st.sampled_from([0, 0, 3]) for region in REGIONS}),
        late=st.booleans(),
    )
    def begin(self, skew: dict[str, int], late: bool) -> None:
        """`late`: one of the Regions joins only later, with an item of its own."""
        self.now = 0.0
        self.skew = skew
        self.numbers = itertools.count(1)
        self.delays: dict[tuple[str, str], float | None] = {}
        self.tables = {region: Table() for region in REGIONS}
        self.winners: dict[str, tuple[Version, Image]] = {}
        self.pending: list[Apply] = []
        # Where the stream had been read to when a write was asked for.
        self.asked_at: dict[int, int] = {}
        self.excused = False
        self.core = Replication(lambda source, target: self.delays.get((source, target), 1.0))
        self.late = REGIONS[0] if late else None
        for region in REGIONS:
            if region != self.late:
                self._ask(self.core.join(region, [], self.now))

    def _ask(self, writes: list[Apply]) -> None:
        self.pending += writes
        self.asked_at |= {id(write): self.tables[write.region].read for write in writes}

    @rule(region=regions, key=keys, deletes=st.booleans())
    def write(self, region: str, key: str, deletes: bool) -> None:
        number = next(self.numbers)
        image = None if deletes else {"id": {"S": key}, "value": {"N": str(number)}}
        time = number + self.skew[region]
        if self.tables[region].write(key, image, time) and region != self.late:
            self._wins(key, Version(time, region), image)

    def _wins(self, key: str, version: Version, image: Image) -> None:
        if key not in self.winners or self.winners[key][0] < version:
            self.winners[key] = version, image

    @rule(region=regions, most=st.integers(1, 3))
    def read(self, region: str, most: int) -> None:
        if region == self.late:
            return
        table = self.tables[region]
        records = table.stream[table.read : table.read + most]
        table.read += len(records)
        self._ask(self.core.read(region, records, self.now))

    @precondition(lambda self: self.pending)
    @rule(chance=st.randoms(use_true_random=False))
    def finish(self, chance: Any) -> None:
        self._finish(chance.randrange(len(self.pending)))

    def _finish(self, number: int) -> None:
        write = self.pending.pop(number)
        table = self.tables[write.region]
        applied = table.items.get(write.key) == write.expected
        if applied:
            assert write.image != write.expected
            # It was changed and changed back, unread: what has lost may be seen for a moment.
            unread = table.stream[self.asked_at[id(write)] :]
            self.excused |= any(record.key == write.key for record in unread)
            table.write(write.key, write.image, next(self.numbers) + self.skew[write.region])
        self._ask(self.core.done(write, applied=applied, now=self.now))

    @rule(link=st.tuples(regions, regions), delay=st.sampled_from([None, 0.0, 2.5]))
    def change_the_network(self, link: tuple[str, str], delay: float | None) -> None:
        self.delays[link] = delay

    @rule(seconds=st.sampled_from([0.5, 3.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        self._ask(self.core.tick(self.now))

    @precondition(lambda self: self.late)
    @rule()
    def join(self) -> None:
        assert self.late
        region, self.late = self.late, None
        table = self.tables[region]
        items = [
            Record(key, {"id": {"S": key}}, 0, None, image)
            for key, image in table.items.items()
            if image is not None
        ]
        for item in items:
            self._wins(item.key, Version(0, region), item.new)
        table.read = len(table.stream)
        # What was written before is older than its numbers say.
        self.excused |= bool(table.stream)
        self._ask(self.core.join(region, items, self.now))

    def teardown(self) -> None:
        if not hasattr(self, "core"):
            return
        if self.late:
            self.join()
        self.delays.clear()
        for _ in range(ENOUGH_STEPS):
            for region in REGIONS:
                self.read(region, 3)
            self.wait(3.0)
            if self.pending:
                self._finish(0)
            elif self._settled():
                break
        assert self._settled(), "it never comes to rest"
        wanted = {key: image for key, (_, image) in self.winners.items()}
        held = {
            region: {key: self.tables[region].items.get(key) for key in wanted}
            for region in REGIONS
        }
        assert held == dict.fromkeys(REGIONS, wanted)
        if not any(self.skew.values()) and not self.excused:
            self._losers_left_no_trace()

    def _settled(self) -> bool:
        return not self.pending and self.core.due is None and not self._unread()

    def _unread(self) -> bool:
        return any(table.read < len(table.stream) for table in self.tables.values())

    def _losers_left_no_trace(self) -> None:
        """Where clocks agree, a replica's items only ever become newer, and nothing comes twice."""
        for table in self.tables.values():
            for key in KEYS:
                values = [
                    int(record.new["value"]["N"])
                    for record in table.stream
                    if record.key == key and record.new
                ]
                assert values == sorted(set(values))


TestAnyOrder = AnyOrder.TestCase

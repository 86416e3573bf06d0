"""Whoever asks for what was missed, and applies it by sequence, has the table in the end.

Whatever is written in two Regions, however late it is replicated and announced, with puts that take
their time or are lost, with redeliveries, clocks that differ, and days in between; at any moment
and in either Region, page by page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from localaws.appsync.ports import Json
from localaws.appsync.resolvers import FieldFailed
from tests.examples import percent
from tests.fakes.clock import Clock
from tests.fakes.journal import Journal
from tests.moto_dynamodb import dynamodb_client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SOURCE = "type Card @model(sync: true) { id: ID!, value: Int }"
REGIONS = ("eu-west-1", "ap-southeast-2")
IDS = ("a", "b")
START = 1767323045.0
# Of a request to AppSync, and what its clocks may differ by.
LONGEST, SKEW = 30.0, 15.0
DAYS = 86400.0

# A client is mostly in the first.
regions = st.sampled_from([REGIONS[0], *REGIONS])
ids = st.sampled_from(IDS)

# When a write was made, and where: of two the later wins.
Stamp = tuple[int, str]
Write = tuple[str, int | None, Stamp]


@dataclass
class Put:
    """A publish that has read the clock and has not put anything yet."""

    request: Json
    since: float


@dataclass
class Region:
    """One Region's replica, its stream and its relay, and the journal that it fills."""

    name: str
    journal: Journal
    items: dict[str, int] = field(default_factory=dict)
    stamps: dict[str, Stamp] = field(default_factory=dict)
    # By the item: its changes, and how many of them the relay takes for published.
    stream: dict[str, list[Json]] = field(default_factory=lambda: {name: [] for name in IDS})
    published: dict[str, int] = field(default_factory=lambda: dict.fromkeys(IDS, 0))
    puts: dict[str, Put] = field(default_factory=dict)
    late: list[Put] = field(default_factory=list)
    arriving: list[Write] = field(default_factory=list)
    sequence: int = 0

    def apply(self, write: Write) -> None:
        id_, value, stamp = write
        if stamp <= self.stamps.get(id_, (0, "")):
            return
        self.stamps[id_] = stamp
        before = self.items.pop(id_, None)
        if value is not None:
            self.items[id_] = value
        if value is not None or before is not None:
            kind = "DELETE" if value is None else "CREATE" if before is None else "UPDATE"
            self.sequence += 1
            told = {"kind": kind, "sequence": str(self.sequence), "id": f"{self.sequence}"}
            image = before if value is None else value
            self.stream[id_].append({"id": id_, "value": image, "_change": told})

    def begin(self, id_: str, now: float) -> None:
        """The relay publishes the item's next change."""
        if id_ not in self.puts and self.published[id_] < len(self.stream[id_]):
            change = self.stream[id_][self.published[id_]]
            self.puts[id_] = Put(self.journal.request("Card", change), now)

    def end(self, id_: str) -> None:
        """It is put, and announced."""
        if put := self.puts.pop(id_, None):
            self.journal.put(put.request)
            self.published[id_] += 1

    def settle(self, now: float) -> None:
        for put in self.late:
            self.journal.put(put.request)
        self.late.clear()
        for id_ in IDS:
            while id_ in self.puts or self.published[id_] < len(self.stream[id_]):
                self.begin(id_, now)
                self.end(id_)


@dataclass
class Client:
    """A copy of the items, which is asked for and never heard of."""

    items: dict[str, int] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    started: str | None = None
    token: str | None = None

    def ask(self, region: Region, limit: int) -> None:
        """One page. Where there is nothing to go on from, it begins with the list."""
        given = {"lastSync": self.started, "nextToken": self.token, "limit": limit}
        try:
            page = region.journal.sync("Card", **given)
        except FieldFailed as failed:
            if failed.error.type != "SyncExpired":
                raise
            self.started = self.token = None
            page = region.journal.sync("Card")
        if self.started is None:
            self.items, self.sequences = dict(region.items), {}
        for item in page["items"]:
            self._take(item)
        self.token = page["nextToken"]
        if self.token is None:
            self.started = page["startedAt"]

    def _take(self, item: Json) -> None:
        id_, change = item["id"], item["_change"]
        if int(change["sequence"]) > self.sequences.get(id_, 0):
            self.sequences[id_] = int(change["sequence"])
            if change["kind"] == "DELETE":
                self.items.pop(id_, None)
            else:
                self.items[id_] = int(item["value"])


class Missed(RuleBasedStateMachine):
    """Any steps, in any order."""

    dynamodb: DynamoDBClient

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.client, self.writes = Clock(START), Client(), 0
        self.asked = REGIONS[0]

    @initialize()
    def made(self) -> None:
        self.regions = {
            name: Region(
                name,
                Journal(
                    self.dynamodb,
                    SOURCE,
                    clock=self.clock,
                    region=name,
                    table=f"{name}-Journal-1A2B3C",
                ),
            )
            for name in REGIONS
        }

    @rule(region=regions, id_=ids, value=st.none() | st.integers(0, 9))
    def write(self, region: str, id_: str, value: int | None) -> None:
        self.writes += 1
        write = (id_, value, (self.writes, region))
        self.regions[region].apply(write)
        [other] = (each for name, each in self.regions.items() if name != region)
        other.arriving.append(write)

    @rule(region=regions, number=st.integers(1, 3))
    def replicate(self, region: str, number: int) -> None:
        """Some of what waits arrives; until then the Region is cut off."""
        there = self.regions[region]
        for write in there.arriving[:number]:
            there.apply(write)
        del there.arriving[:number]

    @rule(region=regions, skew=st.floats(-SKEW, SKEW), ends=st.booleans())
    def publish(self, region: str, skew: float, ends: bool) -> None:
        """The next change of each item is put at once, or takes its time."""
        there, now = self.regions[region], self.clock.now
        self.clock.now += skew
        for id_ in IDS:
            there.begin(id_, now)
        self.clock.now = now
        for id_ in IDS if ends else ():
            there.end(id_)

    @rule(region=regions, id_=ids, drop=st.none() | st.booleans())
    def give_up(self, region: str, id_: str, drop: bool | None) -> None:
        """The relay hears nothing of a put, and will try again; it is made now, later or never."""
        there = self.regions[region]
        if put := there.puts.pop(id_, None):
            if drop is None:
                there.late.append(put)
            elif not drop:
                there.journal.put(put.request)

    @rule(region=regions, number=st.integers(1, 3))
    def redeliver(self, region: str, number: int) -> None:
        """A process that knows nothing of what was published begins some changes before."""
        there = self.regions[region]
        for id_ in set(IDS) - there.puts.keys():
            there.published[id_] = max(0, there.published[id_] - number)

    @rule(seconds=st.sampled_from([0.001, 20.0, 20.0, 70.0, 3600.0, 9 * DAYS]))
    def wait(self, seconds: float) -> None:
        """No request to AppSync takes longer than it may."""
        now = self.clock.now + seconds
        for region in self.regions.values():
            for id_, put in list(region.puts.items()):
                if put.since + LONGEST < now:
                    region.end(id_)
            for put in region.late:
                if put.since + LONGEST < now:
                    region.journal.put(put.request)
            region.late = [put for put in region.late if put.since + LONGEST >= now]
            if seconds > DAYS:
                region.journal.expire(now)
        self.clock.now = now

    @rule(limit=st.sampled_from([1, 2, 100]))
    def ask(self, limit: int) -> None:
        self.client.ask(self.regions[self.asked], limit)

    @rule()
    def ask_everything(self) -> None:
        self.ask(100)
        while self.client.token:
            self.ask(100)

    @precondition(lambda self: self.client.started)
    @rule(region=regions)
    def move(self, region: str) -> None:
        """The client's one name leads to another Region from now on, which it does not see."""
        self.asked = region

    def teardown(self) -> None:
        for region in self.regions.values():
            for write in region.arriving:
                region.apply(write)
        for region in self.regions.values():
            region.settle(self.clock.now)
        self.ask_everything()
        for region in self.regions.values():
            region.journal.drop()
        one, other = self.regions.values()
        assert self.client.items == one.items == other.items


def test_a_client_that_asks_for_what_it_missed_has_the_table_in_the_end() -> None:
    with dynamodb_client() as client:

        class Any(Missed):
            dynamodb = client

        run_state_machine_as_test(
            Any, settings=settings(max_examples=percent(50), stateful_step_count=25)
        )

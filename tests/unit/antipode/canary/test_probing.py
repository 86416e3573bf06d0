"""The parts of a probe, carried out at once by canaries whose Regions are a list in memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from antipode.canary.errors import GraphqlError, RealtimeError
from antipode.canary.order import Noted, Order
from antipode.canary.probing import HEAR_AT_LEAST_S, Prober
from antipode.canary.protocol import Told
from antipode.json_values import Json

IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"
SECONDS = HEAR_AT_LEAST_S + 20


@dataclass
class Bus:
    """What is written in any Region is told in all of them, to whoever listens by then."""

    ears: list[SimpleQueue[Told]] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    sequence: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, item: Mapping[str, Json]) -> None:
        for ear in self.ears:
            ear.put(Told("1", {"onAnyBeat": dict(item)}))


@dataclass
class Region:
    """One Region's API on the bus."""

    bus: Bus
    refuses: str = ""
    deaf: str = ""
    ends: str = ""
    wakes_after_s: float = 0.0

    @contextmanager
    def writing(self) -> Iterator[Region]:
        yield self

    def execute(
        self, document: str, variables: Mapping[str, Json] | None = None
    ) -> Mapping[str, Json]:
        item = (variables or {})["id"]
        if self.refuses and self.refuses in item:
            raise GraphqlError("Unauthorized: no")
        kind = document.removeprefix("mutation ($id: ID!) { ").split("Beat(input: {id: $id})")[0]
        with self.bus.lock:
            self.bus.sequence += 1
            self.bus.written.append(f"{kind} {item}")
            change = {
                "id": f"event-{self.bus.sequence}",
                "kind": kind.upper(),
                "sequence": f"{self.bus.sequence}",
            }
            self.bus.tell({"id": item, "_change": change})
        return {}

    @contextmanager
    def listening(self, documents: Sequence[str], variables: Mapping[str, Json]) -> Iterator[Ear]:
        if self.deaf:
            raise RealtimeError(self.deaf)
        time.sleep(self.wakes_after_s)
        ear = Ear(self.ends)
        with self.bus.lock:
            self.bus.documents = list(documents)
            self.bus.ears.append(ear.queue)
        yield ear


@dataclass
class Ear:
    """One subscriber."""

    ends: str = ""
    queue: SimpleQueue[Told] = field(default_factory=SimpleQueue)

    def told(self, *, timeout: float) -> Told | None:
        if self.ends:
            raise RealtimeError(self.ends)
        try:
            return self.queue.get(timeout=timeout)
        except Empty:
            return None


def probe(
    regions: Mapping[str, Region], order: Order, *, seconds: float = SECONDS
) -> Mapping[str, Noted]:
    """What each Region noted, all of them at once."""
    found: dict[str, Noted] = {}

    def part(name: str, region: Region) -> None:
        prober = Prober(region, name, "Beat", hello_every_s=0.01, meet_within_s=0.5, settle_s=0.01)
        found[name] = prober.probe(order, seconds=seconds)

    threads = [threading.Thread(target=part, args=each) for each in regions.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def order(items: int = 2, within_s: float = 5.0) -> Order:
    return Order("r1", (IRELAND, SYDNEY), items, 0.0, within_s)


def acts(region: str, items: int = 2) -> list[tuple[str, str]]:
    return [
        (f"probe-r1-{region}-{number}", kind)
        for number in range(items)
        for kind in ("CREATE", "UPDATE", "DELETE")
    ]


def measured(noted: Noted) -> list[tuple[str, str]]:
    """What was heard of the writes that count."""
    return sorted(
        (each["item"], each["kind"]) for each in noted.heard if "hello" not in each["item"]
    )


def test_each_region_hears_of_both_although_one_wakes_later() -> None:
    bus = Bus()
    found = probe({IRELAND: Region(bus), SYDNEY: Region(bus, wakes_after_s=0.15)}, order())
    for name, noted in found.items():
        assert noted.problems == []
        assert [(each["item"], each["kind"]) for each in noted.writes] == acts(name)
        assert measured(noted) == sorted([*acts(IRELAND), *acts(SYDNEY)])
        assert all(each["at"] > 1_700_000_000 for each in [*noted.writes, *noted.heard])
    assert bus.documents == [
        f"subscription {{ on{kind}Beat {{ id _change {{ id kind sequence }} }} }}"
        for kind in ("Create", "Update", "Delete")
    ]


def test_whatever_is_written_is_deleted_again() -> None:
    bus = Bus()
    probe({IRELAND: Region(bus), SYDNEY: Region(bus)}, order())
    created = {each.split()[1] for each in bus.written if each.startswith("create")}
    deleted = {each.split()[1] for each in bus.written if each.startswith("delete")}
    assert created == deleted
    assert len(created) == 6


def test_a_region_that_does_not_come_is_named_and_the_others_are_measured() -> None:
    noted = probe({IRELAND: Region(Bus())}, order(within_s=0.1))[IRELAND]
    assert noted.problems == ["the canary of ap-southeast-2 was not heard within 0.5 s"]
    assert measured(noted) == sorted(acts(IRELAND))


def test_a_region_that_refuses_a_write_still_hears_of_the_other() -> None:
    bus = Bus()
    regions = {IRELAND: Region(bus), SYDNEY: Region(bus, refuses=f"{SYDNEY}-1")}
    found = probe(regions, order(within_s=0.5))
    assert found[SYDNEY].problems == ["a write was refused: Unauthorized: no"]
    assert found[SYDNEY].writes[-1]["item"] == f"probe-r1-{SYDNEY}-0"
    assert set(acts(IRELAND)) <= set(measured(found[SYDNEY]))


def test_a_region_that_lets_nobody_subscribe_says_so() -> None:
    noted = probe({IRELAND: Region(Bus(), deaf="refused: no")}, order())[IRELAND]
    assert noted == Noted(problems=["nothing was heard: refused: no"])


def test_what_does_not_fit_into_the_functions_time_is_said_and_not_lost() -> None:
    seconds = HEAR_AT_LEAST_S - 1  # no time to write anything
    found = probe({IRELAND: Region(Bus())}, Order("r1", (IRELAND,), 3, 0.0, 0.1), seconds=seconds)
    assert found[IRELAND].problems == ["0 of 3 items fitted into the function's time"]
    assert found[IRELAND].writes == []


@dataclass
class Busy(Region):
    """A Region in which something else is written at the same time."""

    def execute(
        self, document: str, variables: Mapping[str, Json] | None = None
    ) -> Mapping[str, Json]:
        change = {"id": "another", "kind": "UPDATE", "sequence": "1"}
        self.bus.tell({"id": IRELAND, "_change": change})
        return super().execute(document, variables)


def test_what_others_write_into_the_model_is_not_noted() -> None:
    noted = probe({IRELAND: Busy(Bus())}, Order("r1", (IRELAND,), 1, 0.0, 5.0))[IRELAND]
    assert {each["change"] for each in noted.heard}.isdisjoint({"another"})
    assert measured(noted) == sorted(acts(IRELAND, 1))


def test_a_subscription_that_ends_is_said_and_the_writes_are_noted_all_the_same() -> None:
    noted = probe({IRELAND: Region(Bus(), ends="the connection has ended: bye")}, order(1, 0.1))
    assert noted[IRELAND].problems == [
        "the subscriber heard no more: the connection has ended: bye",
        "the canary of eu-west-1, ap-southeast-2 was not heard within 0.5 s",
    ]
    assert [(each["item"], each["kind"]) for each in noted[IRELAND].writes] == acts(IRELAND, 1)

"""The verdict on any drill: where the promise held, and on whatever went wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.world.drills.observed import Announcement, Drain, Observed, Record, Write
from antipode_tools.world.drills.verdict import Allowed, judge

REGIONS = ("ireland", "sydney")
CLIENTS = ("Python", "JavaScript")
ORDINARY = Allowed()
LOST, ORDER, DOUBLES, ASIDE, REPLICAS, COPIES, INVENTED = (
    "every change of a stream is announced",
    "each item's announcements are in their order",
    "doubles only where the guarantee allows them",
    "what cannot be announced is set aside, and nothing else",
    "every replica holds the same",
    "every client's copy is its table",
    "what is held is what a client wrote",
)


@st.composite
def drills(draw: st.DrawFn) -> Observed:
    """A drill in which everything went well: each item is written twice at least."""
    items = draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True))
    order = draw(st.permutations([item for item in items for _ in range(draw(st.integers(2, 4)))]))
    writes = [
        Write(
            number,
            draw(st.sampled_from(REGIONS)),
            item,
            str(number),
            done=draw(st.booleans()),
            home=draw(st.sampled_from(REGIONS)),
        )
        for number, item in enumerate(order)
    ]
    table = {write.item: write.text for write in writes}
    streams = [
        Record(region, f"{region} {number}", write.item, number + 1)
        for region in REGIONS
        for number, write in enumerate(writes)
    ]
    heard = [
        Announcement(number, r.region, r.change, r.item, r.sequence, "")
        for number, r in enumerate(streams)
    ]
    whole = dict.fromkeys(REGIONS, table)
    return Observed(REGIONS, writes, streams, heard, whole, dict.fromkeys(CLIENTS, whole))


def broken(observed: Observed, allowed: Allowed = ORDINARY) -> set[str]:
    """Which promises did not hold."""
    return {finding.promise for finding in judge(observed, allowed) if not finding.held}


@given(drills())
def test_where_all_went_well_the_promise_held(drill: Observed) -> None:
    assert broken(drill) == set()


@given(drills(), st.data())
def test_an_announcement_that_is_missing_is_lost_unless_its_region_was_deaf(
    drill: Observed, data: st.DataObject
) -> None:
    heard = [*drill.heard]
    missing = heard.pop(data.draw(st.integers(0, len(heard) - 1)))
    lost = replace(drill, heard=heard)
    assert broken(lost) == {LOST}
    assert broken(replace(lost, deaf=frozenset({missing.region}))) == set()
    poisoned = replace(lost, undelivered=dict.fromkeys(REGIONS, 1))
    assert broken(poisoned, Allowed(poison=frozenset({missing.item}))) == set()


@given(drills(), st.data())
def test_two_announcements_of_an_item_in_the_wrong_order_are_found(
    drill: Observed, data: st.DataObject
) -> None:
    heard = [*drill.heard]
    first = data.draw(st.sampled_from([each for each in heard if _has_later(each, heard)]))
    heard.remove(first)
    assert broken(replace(drill, heard=[*heard, first])) == {ORDER}


def _has_later(one: Announcement, heard: list[Announcement]) -> bool:
    place = one.region, one.item
    return any((e.region, e.item) == place and e.sequence > one.sequence for e in heard)


@given(drills(), st.data())
def test_a_double_is_found_and_allowed_where_a_process_died(
    drill: Observed, data: st.DataObject
) -> None:
    again = data.draw(st.sampled_from(drill.heard))
    doubled = replace(drill, heard=[*drill.heard, again])
    assert broken(doubled) == {DOUBLES}
    assert broken(doubled, Allowed(doubles=True)) == set()


@given(drills(), st.sampled_from(REGIONS), st.sampled_from(CLIENTS))
def test_what_a_region_or_a_client_holds_amiss_is_found(
    drill: Observed, region: str, client: str
) -> None:
    def with_(change: Callable[[dict[str, str]], Any]) -> dict[str, dict[str, str]]:
        tables = {name: dict(table) for name, table in drill.tables.items()}
        change(tables[region])
        return tables

    stale = with_(lambda table: table.update({next(iter(table)): drill.writes[0].text + "?"}))
    gone = with_(lambda table: table.pop(next(iter(table))))
    for held in (stale, gone, {}):
        assert broken(replace(drill, copies={**drill.copies, client: held})) == {COPIES}
    assert broken(replace(drill, tables=gone, copies=dict.fromkeys(CLIENTS, gone))) == {REPLICAS}
    stale_copies = dict.fromkeys(CLIENTS, stale)
    assert broken(replace(drill, tables=stale, copies=stale_copies)) == {REPLICAS, INVENTED}


@given(drills(), st.sampled_from(REGIONS))
def test_what_is_set_aside_is_poison_alone_and_all_of_it(drill: Observed, region: str) -> None:
    one = replace(drill, undelivered={region: 1})
    assert broken(one) == {ASIDE}
    assert broken(one, Allowed(poison=frozenset({"p"}))) == {ASIDE}
    both = replace(drill, undelivered=dict.fromkeys(REGIONS, 1))
    assert broken(both, Allowed(poison=frozenset({"p"}))) == set()


def test_a_finding_names_examples_of_what_is_wrong() -> None:
    records = [Record("sydney", str(n), f"item{n}", n) for n in range(5)]
    whole: dict[str, dict[str, str]] = {region: {} for region in REGIONS}
    [lost, *_] = judge(Observed(REGIONS, streams=records, tables=whole), ORDINARY)
    assert lost.counted == (
        "5 changes, 5 lost: item0 in sydney, item1 in sydney, item2 in sydney and more"
    )


def served(*regions: str) -> Observed:
    """A drill in which these Regions took the writes of Sydney's client, one after the other."""
    writes = [
        Write(number, region, "a", str(number), done=True, home="sydney")
        for number, region in enumerate(regions)
    ]
    return Observed(REGIONS, writes, tables={region: {} for region in REGIONS})


def test_clients_that_move_are_served_at_home_then_elsewhere_then_at_home() -> None:
    moves = "the clients of sydney are served elsewhere, and at home again"
    allowed = Allowed(moves="sydney")
    assert moves not in broken(served("sydney", "ireland", "ireland", "sydney"), allowed)
    for stays in (
        served(),
        served("sydney", "sydney"),
        served("ireland", "sydney"),
        served("sydney", "ireland"),
    ):
        assert moves in broken(stays, allowed)
    [*_, told] = judge(served("sydney", "ireland", "sydney"), allowed)
    assert told.counted == "1 of their 3 writes elsewhere, the last one in sydney"


DRAINS = "the backlog of ireland drains within its PublishRate"
SERVED = "clients are served while the backlog drains"


def drained(announced: int, done: int, refused: int, ended: float | None = 20.0) -> Observed:
    """A backlog of 100 that was announced from the tenth second on, beside so many writes."""
    heard = [Announcement(11, "ireland", str(n), str(n), n, "") for n in range(announced)]
    ours = [
        Write(12, "ireland", "a", str(n), done=n < done, home="ireland")
        for n in range(done + refused)
    ]
    others = [
        Write(12, "ireland", "a", "of a client that moved", done=False, home="sydney"),
        Write(9, "ireland", "a", "before", done=False, home="ireland"),
        Write(21, "ireland", "a", "after", done=False, home="ireland"),
    ]
    return Observed(
        REGIONS,
        [*ours, *others],
        heard=[*heard, Announcement(9, "ireland", "early", "a", 1, "")],
        tables={region: {} for region in REGIONS},
        drain=Drain("ireland", 10.0, ended, waiting=100, rate=20),
    )


def test_a_backlog_drains_no_faster_than_its_rate_and_to_its_end() -> None:
    assert DRAINS not in broken(drained(220, done=9, refused=1))
    assert DRAINS in broken(drained(221, done=9, refused=1))
    assert DRAINS in broken(drained(90, done=9, refused=1, ended=None))
    [*_, told, _] = judge(drained(200, done=9, refused=1), ORDINARY)
    assert told.counted == (
        "100 changes waited; with what came meanwhile 200 in 10.0 s, for which 20/s allows 10.0 s"
    )


def test_clients_are_served_beside_it_if_nine_in_ten_of_their_own_writes_are() -> None:
    assert SERVED not in broken(drained(100, done=9, refused=1))
    assert SERVED in broken(drained(100, done=9, refused=2))
    assert SERVED in broken(drained(100, done=0, refused=0))
    assert SERVED in broken(drained(100, done=9, refused=1, ended=None))

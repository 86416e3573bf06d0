"""Whether the promise held in a drill: a pure function of what was observed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from antipode_tools.world.drills.observed import Drain, Items, Observed, Write

# So many examples are named.
_NAMED = 3
# Of what clients ask while a backlog drains, so much may be refused; and so many seconds' rate may
# come at once.
_MOST_REFUSED, _AT_ONCE_S = 0.1, 1.0


@dataclass(frozen=True)
class Allowed:
    """What a drill may bring beside what the promise has in the ordinary course.

    Args:
        doubles: a relay may die after a publish and before it has said so.
        poison: the items of whose changes the relay sets one aside in every Region.
        moves: the Region whose clients are to be served elsewhere for a while; none, if empty.
    """

    doubles: bool = False
    poison: frozenset[str] = frozenset()
    moves: str = ""


@dataclass(frozen=True)
class Finding:
    """Whether one part of the promise held, and what was counted."""

    promise: str
    held: bool
    counted: str


def judge(observed: Observed, allowed: Allowed) -> list[Finding]:
    """Every part of the promise, whether it held or not."""
    return [
        _nothing_lost(observed, allowed),
        _in_order(observed),
        _no_doubles(observed, allowed),
        _set_aside(observed, allowed),
        _replicas_equal(observed),
        _copies_right(observed),
        _nothing_invented(observed),
        *([_moved(observed, allowed.moves)] if allowed.moves else []),
        *([_drained(observed, observed.drain)] if observed.drain else []),
        *([_not_starved(observed, observed.drain)] if observed.drain else []),
    ]


def _nothing_lost(observed: Observed, allowed: Allowed) -> Finding:
    """A subscriber that was cut off is no witness: AppSync keeps no history for it."""
    heard = {(each.region, each.change) for each in observed.heard}
    due = [
        record
        for record in observed.streams
        if record.region not in observed.deaf and record.item not in allowed.poison
    ]
    lost = [f"{r.item} in {r.region}" for r in due if (r.region, r.change) not in heard]
    return _finding(
        "every change of a stream is announced", lost, f"{len(due)} changes, {len(lost)} lost"
    )


def _in_order(observed: Observed) -> Finding:
    last: dict[tuple[str, str], int] = {}
    known = set[tuple[str, str]]()
    wrong: list[str] = []
    for each in observed.heard:
        if (each.region, each.change) in known:
            continue
        known.add((each.region, each.change))
        where = each.region, each.item
        if each.sequence < last.get(where, 0):
            wrong.append(f"{each.item} in {each.region}")
        last[where] = max(each.sequence, last.get(where, 0))
    return _finding(
        "each item's announcements are in their order", wrong, f"{len(wrong)} out of order"
    )


def _no_doubles(observed: Observed, allowed: Allowed) -> Finding:
    times = Counter((each.region, each.change, each.item) for each in observed.heard)
    doubles = [f"{item} in {region}" for (region, _, item), count in times.items() if count > 1]
    counted = f"{len(doubles)} announced twice"
    if allowed.doubles:
        return Finding("doubles only where the guarantee allows them", True, f"{counted}, allowed")
    return _finding("doubles only where the guarantee allows them", doubles, counted)


def _set_aside(observed: Observed, allowed: Allowed) -> Finding:
    expected = dict.fromkeys(observed.regions, len(allowed.poison))
    found = {region: observed.undelivered.get(region, 0) for region in observed.regions}
    counted = ", ".join(f"{count} in {region}" for region, count in found.items())
    return Finding(
        "what cannot be announced is set aside, and nothing else", found == expected, counted
    )


def _replicas_equal(observed: Observed) -> Finding:
    differing = _differing(observed.tables.values())
    items = len({item for table in observed.tables.values() for item in table})
    return _finding(
        "every replica holds the same", differing, f"{items} items, {len(differing)} differ"
    )


def _copies_right(observed: Observed) -> Finding:
    wrong = [
        f"{item} in {region}, {client}"
        for client, copies in observed.copies.items()
        for region in observed.regions
        for item in _differing([observed.tables[region], copies.get(region, {})])
    ]
    clients = " and ".join(observed.copies)
    counted = f"{len(wrong)} items are wrong, of the clients in {clients}"
    return _finding("every client's copy is its table", wrong, counted)


def _nothing_invented(observed: Observed) -> Finding:
    """An answer may be lost and the write made all the same."""
    written = {(write.item, write.text) for write in observed.writes}
    made = {(write.item, write.text) for write in observed.writes if write.done}
    held = {(item, text) for table in observed.tables.values() for item, text in table.items()}
    wrong = sorted(item for item, text in held - written)
    return _finding(
        "what is held is what a client wrote", wrong, f"{len(made)} writes, {len(wrong)} unknown"
    )


def are_home_again(writes: Iterable[Write], home: str) -> bool:
    """Whether a Region's clients were served there, then elsewhere, and at last there again."""
    served = _served(writes, home)
    away = [region != home for region in served]
    return any(away) and not away[0] and not away[-1]


def _served(writes: Iterable[Write], home: str) -> list[str]:
    """The Regions that served a Region's clients, a write each."""
    return [write.region for write in writes if write.done and write.home == home]


def _moved(observed: Observed, home: str) -> Finding:
    served = _served(observed.writes, home)
    elsewhere = len(served) - served.count(home)
    return Finding(
        f"the clients of {home} are served elsewhere, and at home again",
        are_home_again(observed.writes, home),
        f"{elsewhere} of their {len(served)} writes elsewhere, the last one in {served[-1]}"
        if served
        else "none of their writes was served",
    )


def _drained(observed: Observed, drain: Drain) -> Finding:
    promise = f"the backlog of {drain.region} drains within its PublishRate"
    if drain.ended is None:
        return Finding(
            promise, False, f"{drain.waiting} changes waited, and not all were announced"
        )
    seconds = drain.ended - drain.began
    announced = sum(
        each.region == drain.region and drain.began < each.at <= drain.ended
        for each in observed.heard
    )
    return Finding(
        promise,
        announced <= drain.rate * (seconds + _AT_ONCE_S),
        f"{drain.waiting} changes waited; with what came meanwhile {announced} in {seconds:.1f} s,"
        f" for which {drain.rate:g}/s allows {announced / drain.rate:.1f} s",
    )


def _not_starved(observed: Observed, drain: Drain) -> Finding:
    ended = math.inf if drain.ended is None else drain.ended
    asked = [
        write.done
        for write in observed.writes
        if write.region == write.home == drain.region and drain.began < write.at <= ended
    ]
    refused = asked.count(False)
    return Finding(
        "clients are served while the backlog drains",
        bool(asked) and refused <= len(asked) * _MOST_REFUSED,
        f"{refused} of {len(asked)} writes refused",
    )


def _differing(tables: Iterable[Items]) -> list[str]:
    there = list(tables)
    items = sorted({item for table in there for item in table})
    return [item for item in items if len({table.get(item) for table in there}) > 1]


def _finding(promise: str, wrong: Sequence[str], counted: str) -> Finding:
    if not wrong:
        return Finding(promise, True, counted)
    shown = ", ".join(wrong[:_NAMED]) + (" and more" if wrong[_NAMED:] else "")
    return Finding(promise, False, f"{counted}: {shown}")

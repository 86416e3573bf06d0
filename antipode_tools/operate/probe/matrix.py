"""What became of the writes of one Region in another: a matrix of Regions by Regions.

Knows no network and no clock: it judges what was written and what was heard.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a write did to its item, in the words of `_change.kind`."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


@dataclass(frozen=True)
class Write:
    """One write that was accepted.

    Args:
        region: where it was made, by its name.
        item: the item's key, as text.
        at: when it was sent, in seconds: of a clock that only rises, or of its Region's own.
    """

    region: str
    item: str
    kind: Kind
    at: float


@dataclass(frozen=True)
class Heard:
    """One announcement, as one Region's subscriber heard it.

    Args:
        change: `_change.id`, the same whenever one change is announced again.
        sequence: `_change.sequence`, as a number.
        at: when it came, by the clock of the writes.
    """

    region: str
    item: str
    kind: Kind
    change: str
    sequence: int
    at: float


@dataclass(frozen=True)
class Cell:
    """What a subscriber in one Region heard of another's writes.

    Args:
        milliseconds: from each write to its first announcement, the shortest first.
        lost: writes that were not announced, among them what replication merged with the next.
        doubled: announcements beyond the first of a change.
        disordered: announcements of an item that came after a later one of the same item.
    """

    milliseconds: Sequence[int]
    lost: int = 0
    doubled: int = 0
    disordered: int = 0

    @property
    def writes(self) -> int:
        return len(self.milliseconds) + self.lost

    def percentile(self, percent: float) -> int | None:
        """The milliseconds within which so many percent of what was heard came; None of nothing."""
        if not self.milliseconds:
            return None
        rank = math.ceil(percent / 100 * len(self.milliseconds))
        return self.milliseconds[max(0, rank - 1)]


# By the writing Region, and then by the Region that heard.
Matrix = Mapping[str, Mapping[str, Cell]]


def judged(regions: Sequence[str], writes: Iterable[Write], heard: Iterable[Heard]) -> Matrix:
    """What each Region heard of each Region's writes. What others wrote meanwhile is left out."""
    written = {(write.item, write.kind): write for write in writes}
    of_listener: dict[str, list[Heard]] = {region: [] for region in regions}
    for each in sorted(heard, key=lambda each: each.at):
        if (each.item, each.kind) in written:
            of_listener[each.region].append(each)
    return {
        writer: {
            listener: _cell(
                {key: write for key, write in written.items() if write.region == writer},
                of_listener[listener],
            )
            for listener in regions
        }
        for writer in regions
    }


def missing(regions: Sequence[str], writes: Iterable[Write], heard: Iterable[Heard]) -> int:
    """How many announcements are still to come, of all Regions together."""
    known = {(each.region, each.item, each.kind) for each in heard}
    return sum((r, write.item, write.kind) not in known for write in writes for r in regions)


def _cell(writes: Mapping[tuple[str, Kind], Write], heard: Sequence[Heard]) -> Cell:
    first: dict[tuple[str, Kind], float] = {}
    changes: set[str] = set()
    highest: dict[str, int] = {}
    doubled = disordered = 0
    for each in heard:
        if (key := (each.item, each.kind)) not in writes:
            continue
        if each.change in changes:
            doubled += 1
            continue
        changes.add(each.change)
        disordered += each.sequence < highest.get(each.item, each.sequence)
        highest[each.item] = max(each.sequence, highest.get(each.item, each.sequence))
        first.setdefault(key, each.at)
    return Cell(
        # Where each Region goes by its own clock, two of them may disagree.
        milliseconds=sorted(
            max(0, round((at - writes[key].at) * 1000)) for key, at in first.items()
        ),
        lost=len(writes) - len(first),
        doubled=doubled,
        disordered=disordered,
    )


@dataclass(frozen=True)
class Limits:
    """What a probe must not exceed to pass.

    Args:
        p99: milliseconds, from any Region to any Region; None for no limit.
    """

    p99: int | None = None
    lost: int = 0
    doubled: int = 0


def beyond(matrix: Matrix, limits: Limits) -> list[str]:
    """What exceeds the limits, in words: nothing if the probe passes."""
    cells = [(w, r, cell) for w, row in matrix.items() for r, cell in row.items()]
    lost, doubled = (sum(getattr(cell, name) for *_, cell in cells) for name in ("lost", "doubled"))
    found = []
    if lost > limits.lost:
        found.append(f"{lost} announcements were lost, and {limits.lost} may be")
    if doubled > limits.doubled:
        found.append(f"{doubled} announcements came twice, and {limits.doubled} may")
    # No limit: each item's changes are announced in their order, by promise.
    found += [
        f"{cell.disordered} announcements came out of order, of {writer}'s writes in {listener}"
        for writer, listener, cell in cells
        if cell.disordered
    ]
    found += [
        f"p99 is {p99} ms from {writer} to {listener}, and {limits.p99} ms are allowed"
        for writer, listener, cell in cells
        if limits.p99 is not None and (p99 := cell.percentile(99)) is not None and p99 > limits.p99
    ]
    return found

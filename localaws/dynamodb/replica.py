"""One Region's replica of a global table, as replication sees it through the replica's stream.

A write to the replica depends on the item's being what the stream said: a newer one that is not
read yet stays. If in that moment the item was changed and changed back, the write is made all the
same, and put right when the records are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

# An item with its attributes as DynamoDB writes them; None for one that is not there.
Image: TypeAlias = Mapping[str, Any] | None


@dataclass(frozen=True, order=True)
class Version:
    """The hidden time of a write, and the Region that took it: the greater one wins."""

    time: int
    region: str


@dataclass(frozen=True)
class Written:
    """What a write made of an item.

    Args:
        keys: the attributes of its key.
    """

    version: Version
    keys: Mapping[str, Any]
    image: Image


@dataclass(frozen=True)
class Record:
    """A record of a replica's stream.

    Args:
        key: of the item, as a text.
        time: of the write, the greater the later.
    """

    key: str
    keys: Mapping[str, Any]
    time: int
    old: Image
    new: Image


@dataclass(frozen=True)
class Apply:
    """A write to a replica, on the condition that the item is still the expected one."""

    region: str
    key: str
    keys: Mapping[str, Any]
    expected: Image
    image: Image


@dataclass
class _Item:
    """An item of the replica.

    Args:
        held: what the table held when its stream was last read.
        wanted: the last write of other Regions, as long as it is not applied.
        applying: a write that was given out, until its record has been read.
        applied: whether that write has succeeded.
        stale: whether the table holds something else, whose record is still to be read.
        unread: records that came while it was open whether a write has succeeded.
    """

    held: Written | None = None
    wanted: Written | None = None
    applying: tuple[Apply, Written] | None = None
    applied: bool = False
    stale: bool = False
    unread: list[Record] = field(default_factory=list)


class Replica:
    """What a Region holds, and the one write at a time that is under way to each of its items."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._items: dict[str, _Item] = {}

    def items(self) -> Iterator[tuple[str, Written]]:
        """What was last written to each item, the deleted ones included."""
        for key, item in self._items.items():
            if item.held is not None:
                yield key, item.held

    def begin_with(self, record: Record) -> None:
        """Take an item that was there before its stream was read."""
        self._items[record.key] = _Item(held=self._written(record))

    def read(self, record: Record) -> list[Written]:
        """Take a record of the stream; returns what others must hear of."""
        item = self._items.setdefault(record.key, _Item())
        if item.applying is not None and not item.applied:
            item.unread.append(record)
            return []
        return self._take(item, record)

    def done(self, key: str, *, applied: bool) -> list[Written]:
        """Take the outcome of a write; returns what others must hear of."""
        item = self._items[key]
        assert item.applying is not None
        if applied:
            item.applied = True
        else:
            # Whatever the table holds instead has a record, which may have been read already.
            written, item.applying, item.stale = item.applying[1], None, True
            self.want(key, written)
        unread, item.unread = item.unread, []
        return [each for record in unread for each in self._take(item, record)]

    def want(self, key: str, written: Written) -> None:
        """Take what another Region wrote, to be applied unless it loses."""
        item = self._items.setdefault(key, _Item())
        if item.wanted is None or item.wanted.version < written.version:
            item.wanted = written

    def settle(self, key: str) -> list[Apply]:
        """The write that brings an item up to date, if there is to be one."""
        item = self._items[key]
        if item.applying is not None or item.stale or item.wanted is None:
            return []
        wanted, item.wanted, held = item.wanted, None, item.held
        if held is not None and wanted.version <= held.version:
            return []
        there = held.image if held is not None else None
        if wanted.image == there:
            item.held = wanted  # a write that changes nothing makes no record
            return []
        write = Apply(self.region, key, wanted.keys, there, wanted.image)
        item.applying, item.applied = (write, wanted), False
        return [write]

    def _take(self, item: _Item, record: Record) -> list[Written]:
        before, ours = item.held, item.applying
        if ours and (record.old, record.new) == (ours[0].expected, ours[0].image):
            item.held, item.applying = ours[1], None
            others: list[Written] = []
        else:
            item.held, item.stale = self._written(record), False
            others = [item.held]
        if before is not None and before.version > item.held.version:
            self.want(record.key, before)  # it was overwritten by what had lost
        return others

    def _written(self, record: Record) -> Written:
        return Written(Version(record.time, self.region), record.keys, record.new)

"""A copy of what a query gives, and what becomes of it: knows no network and no clock.

Subscribe, then query, then apply what was announced; the announcement of an item with the highest
sequence is its last state. tests/scenarios says the same in data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Item = dict[str, Any]
# What an item is known by: its id, or the values of the key's fields.
Key = Any


class RegionChanged(Exception):
    """Announcements of two Regions do not order: begin again with nothing."""


@dataclass(frozen=True)
class Query:
    """What to hold a copy of.

    Args:
        select: fields, as GraphQL has them.
        asked: the values that fields of the items must have; none for all items.
        optional: fields that may well be null. For others the item is asked for: an announcement
            leaves out what is too large, and what is related.
        sync: the query for what was missed, where the model has one.
    """

    model: str
    list: str
    select: str
    asked: Mapping[str, Any] = field(default_factory=dict)
    key: Sequence[str] = ("id",)
    optional: Sequence[str] = ()
    sync: str | None = None

    @property
    def changes(self) -> Sequence[str]:
        return tuple(f"on{kind}{self.model}" for kind in ("Create", "Update", "Delete"))

    @property
    def fields(self) -> str:
        """All that is selected."""
        named = self._top_level
        more = dict.fromkeys(name for name in (*self.key, *self.asked) if name not in named)
        return " ".join([self.select, *more])

    @property
    def whole(self) -> Sequence[str]:
        """What an announcement has that was announced whole."""
        named = dict.fromkeys([*self._top_level, *self.key, *self.asked])
        return [name for name in named if name not in self.optional]

    @property
    def _top_level(self) -> Sequence[str]:
        depth, names = 0, []
        for word in self.select.replace("{", " { ").replace("}", " } ").split():
            depth += {"{": 1, "}": -1}.get(word, 0)
            if depth == 0 and word != "}":
                names.append(word)
        return names


@dataclass(frozen=True)
class Ask:
    """A page to ask for, of the list, or of what was missed since `last_sync`."""

    what: str
    next_token: str | None = None
    last_sync: str | None = None


class Mirror:
    """The items that one Region has."""

    def __init__(self, query: Query, before: Mirror | None = None) -> None:
        """Begins; what was held before a gap is there until it is put right."""
        self.query = query
        self.live = False
        self.items: Mapping[Key, Item] = before.items if before else {}
        self.region: str | None = before.region if before else None
        self.wants: Mapping[Key, int] = before.wants if before else {}
        self._last: Mapping[Key, int] = before._last if before else {}
        self._point: str | None = before._point if before else None
        self._mark: str | None = None
        self._found: list[Item] = []
        self._ahead: list[Item] = []

    def subscribed(self) -> Ask:
        """Everything is announced from now on: what is to be asked for."""
        return Ask("sync", last_sync=self._point) if self.query.sync else Ask("list")

    def expired(self) -> Ask:
        """It is too late to ask for what was missed: all is asked for."""
        self._point = None
        return Ask("sync")

    def page(self, ask: Ask, page: Mapping[str, Any]) -> Ask | None:
        """Takes in a page, and says what to ask for next; None once the copy is right.

        Raises:
            RegionChanged
        """
        items = [item for item in page["items"] if item]
        if ask == Ask("sync"):
            self._mark = page["startedAt"]
            return Ask("list")
        if ask.what == "sync":
            self._ahead += items
        else:
            self._found += items
        if page["nextToken"]:
            return Ask(ask.what, page["nextToken"], ask.last_sync)
        if ask.what == "sync":
            self._point = page["startedAt"]
        else:
            self.items = {self._key(item): item for item in self._found}
            self.region, self.wants, self._last, self._point = None, {}, {}, self._mark
        self.live = True
        self._take(self._ahead)
        return None

    def heard(self, announcements: Iterable[Item]) -> None:
        """Takes in what subscriptions were told.

        Raises:
            RegionChanged
        """
        if self.live:
            self._take(announcements)
        else:
            self._ahead += announcements

    def got(self, wanted: Mapping[Key, int], found: Iterable[Item | None]) -> None:
        """Takes in items that were asked for, but those of which something was heard meanwhile."""
        items, wants = dict(self.items), dict(self.wants)
        for (key, sequence), item in zip(wanted.items(), found, strict=True):
            if wants.get(key) == sequence:
                del wants[key]
                self._put(items, key, item)
        self.items, self.wants = items, wants

    def _take(self, announcements: Iterable[Item]) -> None:
        items, wants, last = dict(self.items), dict(self.wants), dict(self._last)
        for announcement in announcements:
            item = dict(announcement)
            change = item.pop("_change")
            self._check(change["region"])
            key = self._key(item)
            sequence = int(change["sequence"])  # a number of up to 40 digits, and not a text
            if sequence <= last.get(key, -1):
                continue
            last[key] = sequence
            wants.pop(key, None)
            missing = [name for name in self.query.whole if item[name] is None]
            judged = not set(missing) & set(self.query.asked)
            if change["kind"] == "DELETE" or (judged and not self._fits(item)):
                items.pop(key, None)
            elif missing:
                wants[key] = sequence
            else:
                items[key] = item
        self.items, self.wants, self._last = items, wants, last

    def _put(self, items: dict[Key, Item], key: Key, item: Item | None) -> None:
        if item and self._fits(item):
            items[key] = item
        else:
            items.pop(key, None)

    def _key(self, item: Item) -> Key:
        values = tuple(item[name] for name in self.query.key)
        return values if len(values) > 1 else values[0]

    def _fits(self, item: Item) -> bool:
        return all(item[name] == value for name, value in self.query.asked.items())

    def _check(self, region: str) -> None:
        self.region = self.region or region
        if region != self.region:
            raise RegionChanged(f"{self.region} was left for {region}")

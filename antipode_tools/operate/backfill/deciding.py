"""What becomes of one item of the source, by what the target holds of its key."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, auto

from antipode_tools.operate.backfill.digests import same
from antipode_tools.operate.backfill.ports import Expected, Item, Key, Value

# What every write by the API changes.
VERSION = "version"

# DataStore's mark of an item that was deleted, which lies in its table for a while.
DELETED = "_deleted"


class Left(Enum):
    """Why an item is not written."""

    THERE = auto()  # just so
    NEWER = auto()  # or at least not known to be older
    DELETED = auto()


@dataclass(frozen=True)
class Form:
    """What a model's table takes.

    Args:
        key: the key's attributes and their types, the partition key first.
        stamp: the attribute that says when an item was last written.
    """

    key: Mapping[str, str]
    stamp: str

    def unfit(self, item: Item) -> str:
        """Why the item has no key of this table; empty if it has one."""
        for name, type_ in self.key.items():
            if name not in item:
                return f"no {name}"
            if type_ not in item[name]:
                return f"{name} is of type {next(iter(item[name]))}, not {type_}"
            if not item[name][type_]:
                return f"{name} is empty"
        return ""

    def taken(self, item: Item) -> Item:
        """The item as the table takes it: without nulls, since by the API none is ever stored."""
        return {name: value for name, value in item.items() if "NULL" not in value}

    def key_of(self, item: Item) -> Key:
        """The item's key in this table."""
        return key_of(tuple(self.key), item)

    def traces(self, others: Iterable[str], item: Item) -> Item:
        """What of an item is needed to find it again, and to see whether it was written since.

        Args:
            others: more attributes of it.
        """
        names = {*self.key, *others, self.stamp, VERSION}
        return {name: value for name, value in item.items() if name in names}

    def as_seen(self, item: Item | None) -> Expected:
        """That nobody wrote the item since: every write by the API changes one of both."""
        if item is None:
            return Expected(None)
        return Expected({name: item.get(name) for name in (self.stamp, VERSION)})

    def decide(self, item: Item, there: Item | None) -> Expected | Left:
        """Whether the item is to be written, and on which condition.

        Args:
            there: what the target holds of its key.
        """
        if is_deleted(item):
            return Left.DELETED
        if there is None:
            return Expected(None)
        if same(there, item):
            return Left.THERE
        if is_newer(item.get(self.stamp), there.get(self.stamp)):
            return self.as_seen(there)
        return Left.NEWER


def is_deleted(item: Item) -> bool:
    """Whether it is what DataStore keeps of an item that was deleted."""
    return item.get(DELETED) == {"BOOL": True}


def key_of(names: Sequence[str], item: Item) -> Key:
    """The item's key in a table whose key has these names."""
    return {name: item[name] for name in names}


def identity(key: Key) -> str:
    """A text for a key, which no other key has, and people can read."""
    return json.dumps(
        {name: _content(value) for name, value in sorted(key.items())}, ensure_ascii=False
    )


def _content(value: object) -> object:
    match value:
        case {"S": str(text)}:
            return text
        case {"B": bytes(data)}:
            return {"B": data.hex()}
        case _:
            return value


def is_newer(one: Value | None, other: Value | None) -> bool:
    """Whether one stamp is surely later than the other.

    Stamps are times as AppSync writes them, of whatever precision and offset, or numbers.
    """
    match one, other:
        case {"S": mine}, {"S": theirs}:
            times = _time(mine), _time(theirs)
            return times[0] is not None and times[1] is not None and times[0] > times[1]
        case {"N": mine}, {"N": theirs}:
            return Decimal(mine) > Decimal(theirs)
        case _:
            return False


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)

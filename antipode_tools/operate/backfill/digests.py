"""Digests of items, and of many of them whatever their order."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from antipode_tools.operate.backfill.ports import Item, Value

# A table is compared in so many parts, by its keys: those that differ are looked at again alone.
PARTS = 4096
_MODULUS = 2**256


def same(one: Item, other: Item) -> bool:
    """Whether both hold the same; a set has no order."""
    return one == other or canonical(one) == canonical(other)


def canonical(item: Item) -> str:
    """One text for all that is the same."""
    return json.dumps({name: _plain(value) for name, value in item.items()}, sort_keys=True)


def digest(text: str) -> int:
    """A number of 256 bits."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest())


def part_of(identity: str) -> int:
    """The part that a key belongs to, of whichever table."""
    return digest(identity) % PARTS


@dataclass
class Parts:
    """What a table holds: of each part the number of its items and the sum of their digests.

    A sum does not depend on the order. Unlike an exclusive or it does not lose what is there twice.
    """

    counts: list[int] = field(default_factory=lambda: [0] * PARTS)
    sums: list[int] = field(default_factory=lambda: [0] * PARTS)

    def add(self, identity: str, item: Item) -> None:
        """Takes one item in."""
        part = part_of(identity)
        self.counts[part] += 1
        self.sums[part] = (self.sums[part] + digest(canonical(item))) % _MODULUS

    @property
    def count(self) -> int:
        """Of all items."""
        return sum(self.counts)

    def different(self, other: Parts) -> list[int]:
        """The parts in which both are not the same."""
        mine, theirs = (list(zip(parts.counts, parts.sums, strict=True)) for parts in (self, other))
        return [n for n, (one, two) in enumerate(zip(mine, theirs, strict=True)) if one != two]


def _plain(value: Value) -> Any:
    [(type_, content)] = value.items()
    match type_:
        case "SS" | "NS":
            return {type_: sorted(content)}
        case "BS":
            return {type_: sorted(each.hex() for each in content)}
        case "B":
            return {type_: content.hex()}
        case "M":
            return {type_: {name: _plain(each) for name, each in content.items()}}
        case "L":
            return {type_: [_plain(each) for each in content]}
        case _:
            return {type_: content}

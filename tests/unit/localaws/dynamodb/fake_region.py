"""A Region's tables in memory, with streams, and a clock that all Regions share."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from localaws.dynamodb.ports import NoSuchTable, Unreachable
from localaws.dynamodb.replica import Apply, Image, Record


@dataclass
class FakeRegion:
    """One table, whatever it is called.

    `faults` is how many calls fail before one succeeds; `gone` is for a table that was deleted.
    """

    clock: Iterator[int]
    table: dict[str, Image] = field(default_factory=dict)
    stream: list[Record] = field(default_factory=list)
    faults: int = 0
    gone: bool = False
    applied: list[Apply] = field(default_factory=list)

    def write(self, key: str, value: str | None) -> None:
        """What a client does: None deletes."""
        image = None if value is None else {"id": {"S": key}, "value": {"S": value}}
        self._change(key, image)

    def held(self) -> dict[str, str]:
        """The value of each item."""
        return {key: image["value"]["S"] for key, image in self.table.items() if image}

    async def reader(self, table: str) -> FakeReader:
        await self._answer()
        return FakeReader(self, len(self.stream))

    async def items(self, table: str) -> Sequence[Record]:
        await self._answer()
        return [
            Record(key, {"id": {"S": key}}, 0, None, image)
            for key, image in self.table.items()
            if image
        ]

    async def apply(self, table: str, write: Apply) -> bool:
        await self._answer()
        if self.table.get(write.key) != write.expected:
            return False
        self.applied.append(write)
        self._change(write.key, write.image)
        return True

    def _change(self, key: str, image: Image) -> None:
        before = self.table.get(key)
        if before != image:
            self.table[key] = image
            self.stream.append(Record(key, {"id": {"S": key}}, next(self.clock), before, image))

    async def _answer(self) -> None:
        await asyncio.sleep(0)
        if self.gone:
            raise NoSuchTable
        if self.faults:
            self.faults -= 1
            raise Unreachable("a fault of the test's")


@dataclass
class FakeReader:
    """A place in the stream."""

    region: FakeRegion
    position: int

    async def read(self) -> Sequence[Record]:
        await self.region._answer()
        records = self.region.stream[self.position :]
        self.position += len(records)
        return records


def regions(*codes: str) -> dict[str, FakeRegion]:
    """Regions whose tables are empty."""
    clock = itertools.count(1)
    return {code: FakeRegion(clock) for code in codes}

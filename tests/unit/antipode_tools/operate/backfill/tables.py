"""Tables in memory, and what a backfill is given besides."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from antipode_tools.operate.backfill.deciding import Form, identity, key_of
from antipode_tools.operate.backfill.pace import Pace
from antipode_tools.operate.backfill.ports import Expected, Item, Key, Outcome, Page, T, Value
from antipode_tools.operate.backfill.reading import Reader
from tests.fakes.clock import Clock

FORM = Form({"id": "S"}, "updatedAt")


def item(id_: str, second: int = 0, **others: str) -> dict[str, Value]:
    """An item that was written at this second of an hour."""
    texts = {"id": id_, "updatedAt": f"2026-11-27T08:{second // 60:02}:{second % 60:02}Z", **others}
    return {name: {"S": text} for name, text in texts.items()}


def one_after_the_other(calls: Sequence[Callable[[], T]], /) -> Sequence[T]:
    return [call() for call in calls]


def reader(clock: Clock | None = None, most: float = 1000) -> Reader:
    clock = clock or Clock(1000.0)
    return Reader(Pace(most), one_after_the_other, clock, clock.sleep)


@dataclass
class MemoryTable:
    """A table that does as DynamoDB does with conditions.

    Args:
        before: called before each call with its name; it may raise, and write to this or another.
        throttles: called before each write.
    """

    key: Sequence[str] = ("id",)
    items: dict[str, Item] = field(default_factory=dict)
    before: Callable[[str], None] = lambda _: None
    throttles: Callable[[], bool] = lambda: False
    calls: list[str] = field(default_factory=list)

    def fill(self, items: Iterable[Item]) -> MemoryTable:
        for each in items:
            self.items[self.name_of(each)] = each
        return self

    def name_of(self, each: Item) -> str:
        return identity(key_of(self.key, each))

    def page(self, segment: int, of: int, after: Key | None, most: int) -> Page:
        self._called("page")
        names = sorted(name for name in self.items if zlib.crc32(name.encode()) % of == segment)
        if after is not None:
            names = [name for name in names if name > identity(after)]
        some = [self.items[name] for name in names[:most]]
        # As DynamoDB, which does not know yet that nothing follows a full page.
        last = key_of(self.key, some[-1]) if len(some) == most else None
        return Page(some, last)

    def find(self, keys: Sequence[Key]) -> Sequence[Item]:
        self._called("find")
        names = [identity(key) for key in keys]
        assert len(set(names)) == len(names), "DynamoDB refuses a key that is asked for twice"
        return [self.items[name] for name in names if name in self.items]

    def put(self, item: Item, expected: Expected) -> Outcome:
        return self._write("put", self.name_of(item), item, expected)

    def remove(self, key: Key, expected: Expected) -> Outcome:
        return self._write("remove", identity(key), None, expected)

    def _write(self, doing: str, name: str, item: Item | None, expected: Expected) -> Outcome:
        self._called(doing)
        if self.throttles():
            return Outcome.THROTTLED
        if not self._holds(self.items.get(name), expected):
            return Outcome.OTHERWISE
        if item is None:
            del self.items[name]
        else:
            self.items[name] = item
        return Outcome.DONE

    def _holds(self, there: Item | None, expected: Expected) -> bool:
        if expected.attributes is None or there is None:
            return expected.attributes is None and there is None
        return all(there.get(name) == value for name, value in expected.attributes.items())

    def _called(self, doing: str) -> None:
        self.calls.append(doing)
        self.before(doing)

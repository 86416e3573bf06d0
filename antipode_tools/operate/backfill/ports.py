"""What a backfill reads and writes: two tables, each in one Region."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Protocol, TypeVar

from antipode_tools.operate.stacks.errors import OperationError

T = TypeVar("T")

# As DynamoDB writes them, {"S": "a"}: nothing is lost on the way, a number of 38 digits neither.
Value = Mapping[str, Any]
Item = Mapping[str, Value]
Key = Mapping[str, Value]


class ThrottledError(OperationError):
    """The table takes no more at the moment."""


class Outcome(Enum):
    """What became of a conditional write."""

    DONE = auto()
    OTHERWISE = auto()  # the target holds something else than was expected
    THROTTLED = auto()


@dataclass(frozen=True)
class Expected:
    """What the target has to hold of a key for a write to be made.

    Args:
        attributes: of the item that has to be there, None where it may not have one; None for no
            item at all.
    """

    attributes: Mapping[str, Value | None] | None


@dataclass(frozen=True)
class Page:
    """Some items of a segment.

    Args:
        last: where the next page begins; None if there is none.
    """

    items: Sequence[Item]
    last: Key | None


class Readable(Protocol):
    """A table to read. Every method may raise ThrottledError, or another OperationError.

    Args:
        key: the names of its key's attributes.
    """

    @property
    def key(self) -> Sequence[str]: ...

    def page(self, segment: int, of: int, after: Key | None, most: int) -> Page:
        """Some items, as they are now."""

    def find(self, keys: Sequence[Key]) -> Sequence[Item]:
        """The items of these keys that are there, as they are now."""


class Writable(Readable, Protocol):
    """A table to write to, too. What is throttled is an outcome, since others are not."""

    def put(self, item: Item, expected: Expected) -> Outcome: ...

    def remove(self, key: Key, expected: Expected) -> Outcome: ...


class Together(Protocol):
    """Makes several calls at once, and gives what each returned, in their order.

    Raises whatever one of them raised, once all have ended.
    """

    def __call__(self, calls: Sequence[Callable[[], T]], /) -> Sequence[T]: ...

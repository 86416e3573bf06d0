"""What a redrive needs of the outside, and what comes back from there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from antipode_tools.operate.redrive.identity import Identity
from antipode_tools.operate.redrive.stored import Container, Unreadable

# -- What became of an invocation ---------------------------------------------------------------


class Result(Enum):
    """What the relay says became of one record."""

    PUBLISHED = auto()
    REJECTED = auto()  # it cannot be published still: a new message holds it
    FAILED = auto()  # it may pass another time
    HELD_BACK = auto()  # not tried: no time was left, or an earlier change of its item failed


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate of one record, and why, without what its item holds."""

    result: Result
    detail: str = ""

    @property
    def settled(self) -> bool:
        """Whether the record need not lie where it lay."""
        match self.result:
            case Result.PUBLISHED | Result.REJECTED:
                return True
            case Result.FAILED | Result.HELD_BACK:
                return False


@dataclass(frozen=True, slots=True)
class Answered:
    """The relay answered: an outcome for each record, in their order."""

    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Crashed:
    """The relay ran and did not answer. Any of the records may have been published."""

    error: str


@dataclass(frozen=True, slots=True)
class NotInvoked:
    """The relay did not run, which may pass: it was throttled."""

    error: str


Answer = Answered | Crashed | NotInvoked

# -- The outside --------------------------------------------------------------------------------


class Relay(Protocol):
    """The relay of one Region."""

    def publish(self, records: Sequence[bytes]) -> Answer:
        """Has it publish these records, each as JSON. No records prove that it is there.

        Raises:
            OperationError: it cannot be invoked, or does not say what became of the records.
        """


class Store(Protocol):
    """A place where records lie. Every method may raise OperationError."""

    @property
    def more(self) -> bool:
        """Whether there was more than `read` gave."""

    def read(self) -> Iterator[Container | Unreadable]:
        """Everything that lies there, up to a bound."""

    def remove(self, names: Sequence[str]) -> Sequence[str]:
        """Removes messages or objects; gives those that would not go."""


class Queue(Store, Protocol):
    """The relay's queue. What was read is hidden from other readers until it is released."""

    @property
    def hidden(self) -> int:
        """About how many messages another reader had when `read` began."""

    def keep(self) -> None:
        """Goes on hiding what was read, for longer than any invocation takes."""

    def release(self) -> None:
        """Shows what was read and not removed, at once."""


class Bucket(Store, Protocol):
    """Lambda's on-failure destination."""

    def shrink(self, name: str, settled: Set[Identity]) -> None:
        """Takes these records out of an object."""

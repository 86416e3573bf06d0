"""One record on its way through the relay, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from antipode.json_values import Json
from antipode.relay.change import Change, Unreadable


class Fate(Enum):
    """What became of one record."""

    HELD_BACK = auto()  # not tried: time ran out, or an earlier change of its item failed
    PUBLISHED = auto()
    UNDELIVERED = auto()  # it cannot be published: in the queue
    REDELIVERED = auto()  # this process was done with it before
    FAILED = auto()


@dataclass(slots=True)
class Task:
    """One record on its way. Held by one lane at a time."""

    record: Json
    read: Change | Unreadable
    fate: Fate = Fate.HELD_BACK
    attempts: int = 0
    throttled: int = 0  # of the attempts
    detail: str = ""
    dropped: tuple[str, ...] = ()
    published_at: float = 0.0

    @property
    def id(self) -> str:
        """The event id of the record, or what stands for it."""
        return self.read.header.id

    @property
    def change(self) -> Change | None:
        """The change that the record tells of, if it tells of one."""
        return self.read if isinstance(self.read, Change) else None

    @property
    def is_left(self) -> bool:
        """Whether Lambda has to send the record again."""
        return self.fate in (Fate.FAILED, Fate.HELD_BACK)

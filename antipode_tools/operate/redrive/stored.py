"""What lies undelivered, in its two forms: a message with one record, an object with a batch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from antipode.json_values import Json


class Source(StrEnum):
    """Where a record lies."""

    QUEUE = "queue"  # the relay put it there: it cannot be published as it is
    BUCKET = "bucket"  # Lambda put it there: the relay crashed, or failed too often


@dataclass(frozen=True, slots=True)
class Location:
    """One message, by its id, or one object, by its key."""

    source: Source
    name: str


@dataclass(frozen=True, slots=True)
class Container:
    """The records of one message or object.

    Args:
        reason: why they lie there, in one word of the relay's or of Lambda's.
        detail: the same in a sentence, where there is one.
    """

    place: Location
    records: tuple[Json, ...]
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message or object that holds no records in a form that is known. It is never removed."""

    place: Location
    problem: str

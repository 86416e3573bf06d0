"""One stream record, decoded: what changed, in which item, and when.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import NoReturn

from antipode.errors import MalformedRecordError, UnknownModelError
from antipode.relay.attributes import Json


class ChangeKind(StrEnum):
    """The enum of the schema."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one item. Keys and image are as DynamoDB writes them."""

    id: str
    kind: ChangeKind
    model: str
    keys: Mapping[str, Json]
    sequence: str
    recorded_at: float | None
    image: Mapping[str, Json]


_identity = json.JSONEncoder(sort_keys=True).encode

# The kind of change that each event name means, and the image to announce: of an item that is
# gone, its last known state.
_EVENTS = {
    "INSERT": (ChangeKind.CREATE, "NewImage"),
    "MODIFY": (ChangeKind.UPDATE, "NewImage"),
    "REMOVE": (ChangeKind.DELETE, "OldImage"),
}


def decode(record: Json, *, table_prefix: str) -> Change:
    """The change that a stream record tells of. What its image holds is not looked at yet.

    Raises:
        MalformedRecordError: something that every record has is missing.
        UnknownModelError: the table's name does not begin with the prefix.
    """
    if not isinstance(record, dict) or record.get("eventSource") != "aws:dynamodb":
        _refuse("it is no record of a DynamoDB stream")
    if not isinstance(stream := record.get("dynamodb"), dict):
        _refuse("it has no dynamodb")
    if (event := _EVENTS.get(_text(record, "eventName"))) is None:
        _refuse("its eventName is not INSERT, MODIFY or REMOVE")
    kind, image = event
    table = _table(record)
    if not table.startswith(table_prefix):
        raise UnknownModelError(table)
    return Change(
        id=_text(record, "eventID"),
        kind=kind,
        model=table.removeprefix(table_prefix),
        keys=_attributes(stream, "Keys"),
        sequence=_sequence(stream),
        recorded_at=_recorded_at(stream),
        image=_attributes(stream, image),
    )


def item_of(record: Json) -> str | None:
    """What tells the item of a record from every other, if it can be told."""
    try:
        return _identity([record["eventSourceARN"], record["dynamodb"]["Keys"]])
    except (KeyError, TypeError):
        return None


def sequence_of(record: Json) -> str | None:
    """The number to report a record by, if it has one, whatever else is wrong with it."""
    try:
        return _sequence(record["dynamodb"])
    except (MalformedRecordError, KeyError, TypeError):
        return None


@lru_cache(maxsize=64)  # the records of a batch share a few seconds
def timestamp(seconds: float) -> str:
    """Seconds since 1970 as the schema's AWSDateTime, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _table(record: Mapping[str, Json]) -> str:
    # arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/TIMESTAMP
    parts = _text(record, "eventSourceARN").split("/")
    if len(parts) < 4 or parts[2] != "stream":
        _refuse("its eventSourceARN is not that of a stream")
    return parts[1]


def _attributes(stream: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    if not isinstance(attributes := stream.get(name), dict) or not attributes:
        _refuse(f"it has no {name}")
    return attributes


def _sequence(stream: Mapping[str, Json]) -> str:
    sequence = _text(stream, "SequenceNumber")
    if not (sequence.isascii() and sequence.isdecimal()):
        _refuse("its SequenceNumber is not a number")
    return sequence


def _recorded_at(stream: Mapping[str, Json]) -> float | None:
    match stream.get("ApproximateCreationDateTime"):
        # Beyond the year 9999 there is no AWSDateTime.
        case int() | float() as seconds if math.isfinite(seconds) and 0 <= seconds < 253402300800:
            return float(seconds)
        case _:
            return None


def _text(fields: Mapping[str, Json], name: str) -> str:
    if not isinstance(text := fields.get(name), str) or not text:
        _refuse(f"it has no {name}")
    return text


def _refuse(problem: str) -> NoReturn:
    raise MalformedRecordError(f"the record is malformed: {problem}")

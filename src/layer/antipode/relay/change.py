"""One stream record, read: the change that it tells of, or why it tells of none.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import NoReturn

from antipode.json_values import Json
from antipode.relay.errors import (
    MalformedRecordError,
    Reason,
    UndeliverableError,
    UnknownModelError,
)


class ChangeKind(StrEnum):
    """The enum of the schema."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class Header:
    """What a record says of itself whatever it holds, as far as it can be read.

    Args:
        id: the event id, the same at each delivery; of a record without one, a digest of it.
        stream: the ARN of the stream.
        item: tells the item from every other; None where the record does not say which it is.
        sequence: the number to report the record by, if it has one.
        recorded_at: seconds since 1970.
    """

    id: str
    stream: str
    table: str
    item: str | None
    sequence: str | None
    recorded_at: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one item. Keys and images are as DynamoDB writes them.

    Args:
        earlier: the item before an update; None of other kinds, and where the record has it not.
    """

    header: Header
    kind: ChangeKind
    model: str
    keys: Mapping[str, Json]
    sequence: str
    image: Mapping[str, Json]
    earlier: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that tells of no change of a model, and why."""

    header: Header
    reason: Reason
    problem: str


_NONE: Mapping[str, str] = {}

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode

# The kind of change that each event name means, and the image to announce: of an item that is
# gone, its last known state.
_EVENTS = {
    "INSERT": (ChangeKind.CREATE, "NewImage"),
    "MODIFY": (ChangeKind.UPDATE, "NewImage"),
    "REMOVE": (ChangeKind.DELETE, "OldImage"),
}


def read(
    record: Json, *, table_prefix: str = "", tables: Mapping[str, str] = _NONE
) -> Change | Unreadable:
    """What a stream record tells of. What its image holds is not looked at yet.

    Args:
        record: any JSON value.
        table_prefix: what the name of a table has before the name of its model.
        tables: the models of tables that are called otherwise, by the names of these.
    """
    header = _header(record)
    try:
        return _change(record, header, tables.get(header.table) or _model(header, table_prefix))
    except UndeliverableError as error:
        return Unreadable(header, error.reason, str(error))


def _header(record: Json) -> Header:
    fields = record if isinstance(record, dict) else {}
    stream = fields.get("dynamodb")
    stream = stream if isinstance(stream, dict) else {}
    arn = fields.get("eventSourceARN")
    arn = arn if isinstance(arn, str) else ""
    # arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/TIMESTAMP
    table = parts[1] if len(parts := arn.split("/")) > 1 else ""
    event_id, keys = fields.get("eventID"), stream.get("Keys")
    return Header(
        id=event_id if isinstance(event_id, str) and event_id else f"sha256:{_digest(record)}",
        stream=arn,
        table=table,
        item=f"{table} {_canonical(keys)}" if isinstance(keys, dict) and keys else None,
        sequence=_sequence(stream.get("SequenceNumber")),
        recorded_at=_recorded_at(stream.get("ApproximateCreationDateTime")),
    )


def _model(header: Header, table_prefix: str) -> str | None:
    """The model of a table that is called by the stack and its model."""
    if not header.table.startswith(table_prefix):
        return None
    return header.table.removeprefix(table_prefix)


def _change(record: Json, header: Header, model: str | None) -> Change:
    if not isinstance(record, dict) or record.get("eventSource") != "aws:dynamodb":
        _refuse("it is no record of a DynamoDB stream")
    if not isinstance(stream := record.get("dynamodb"), dict):
        _refuse("it has no dynamodb")
    if (event := _EVENTS.get(_text(record, "eventName"))) is None:
        _refuse("its eventName is not INSERT, MODIFY or REMOVE")
    kind, image = event
    parts = _text(record, "eventSourceARN").split("/")
    if len(parts) < 4 or parts[2] != "stream":
        _refuse("its eventSourceARN is not that of a stream")
    if model is None:
        raise UnknownModelError(header.table)
    _text(record, "eventID")
    keys = _attributes(stream, "Keys")
    _text(stream, "SequenceNumber")
    if header.sequence is None:
        _refuse("its SequenceNumber is not a number")
    return Change(
        header=header,
        kind=kind,
        model=model,
        keys=keys,
        sequence=header.sequence,
        image=_attributes(stream, image),
        earlier=_earlier(stream) if kind is ChangeKind.UPDATE else None,
    )


@lru_cache(maxsize=64)  # the records of a batch share a few seconds
def timestamp(seconds: float) -> str:
    """Seconds since 1970 as the schema's AWSDateTime, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _digest(record: Json) -> str:
    return hashlib.sha256(_canonical(record).encode()).hexdigest()


def _attributes(stream: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    if not isinstance(attributes := stream.get(name), dict) or not attributes:
        _refuse(f"it has no {name}")
    return attributes


def _earlier(stream: Mapping[str, Json]) -> Mapping[str, Json] | None:
    """An update is announced without it, too."""
    return attributes if isinstance(attributes := stream.get("OldImage"), dict) else None


def _sequence(number: Json) -> str | None:
    is_number = isinstance(number, str) and number.isascii() and number.isdecimal()
    return number if is_number else None


def _recorded_at(moment: Json) -> float | None:
    match moment:
        # Beyond the year 9999 there is no AWSDateTime.
        case int() | float() as seconds if 0 <= seconds < 253402300800:
            return float(seconds)
        case _:
            return None


def _text(fields: Mapping[str, Json], name: str) -> str:
    if not isinstance(text := fields.get(name), str) or not text:
        _refuse(f"it has no {name}")
    return text


def _refuse(problem: str) -> NoReturn:
    raise MalformedRecordError(f"the record is malformed: {problem}")

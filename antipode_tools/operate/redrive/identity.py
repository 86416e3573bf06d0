"""Which change a stream record is, as far as it says so itself: sound records and broken ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from antipode.relay.attributes import Json
from antipode.relay.change import sequence_of

# Sorts before every other. Numbers have up to 40 digits: compared by length, then as text.
Order = tuple[bool, str, int, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one record from another.

    Two records are the same if all of this is equal.

    Args:
        id: the event id, the same at each redelivery; of a record without one, of its contents.
        item: of which item this is a change; a record that does not say so is an item by itself.
        order: sorts an item's changes as they were made, and records without a number last.
    """

    id: str
    table: str
    item: str
    sequence: str
    order: Order
    recorded_at: float | None


def identify(record: Json) -> Identity:
    """The identity of any JSON value that lies where a stream record should."""
    fields = _object(record)
    change = _object(fields.get("dynamodb"))
    event_id = _text(fields.get("eventID")) or f"sha256:{_digest(record)}"
    # A replica that was made anew has a new stream, whose numbers begin anew. The label of a stream
    # is a timestamp, so that the older stream sorts first.
    stream = _text(fields.get("eventSourceARN"))
    table = _table(stream)
    sequence = sequence_of({"dynamodb": change})
    keys = change.get("Keys")
    return Identity(
        id=event_id,
        table=table,
        item=f"{table} {_canonical(keys)}" if sequence and keys else event_id,
        sequence=sequence or "",
        order=_order(stream, sequence),
        recorded_at=_seconds(change.get("ApproximateCreationDateTime")),
    )


def _order(stream: str, sequence: str | None) -> Order:
    digits = (sequence or "").lstrip("0")
    return sequence is None, stream, len(digits), digits


def _table(stream: str) -> str:
    # arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/TIMESTAMP
    parts = stream.split("/")
    return parts[1] if len(parts) > 1 else ""


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _seconds(value: Json) -> float | None:
    # Beyond the year 9999 there is no date.
    sound = isinstance(value, int | float) and 0 <= value < 253402300800
    return float(value) if sound else None


def _digest(record: Json) -> str:
    return hashlib.sha256(_canonical(record).encode()).hexdigest()


def _canonical(value: Json) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))

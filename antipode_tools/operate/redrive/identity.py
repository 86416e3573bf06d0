"""Which change a stream record is, as far as it says so itself: sound records and broken ones."""

from __future__ import annotations

from dataclasses import dataclass

from antipode.json_values import Json
from antipode.relay.change import read

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
    header = read(record).header
    sequence = header.sequence
    return Identity(
        id=header.id,
        table=header.table,
        item=header.item if sequence and header.item else header.id,
        sequence=sequence or "",
        order=_order(header.stream, sequence),
        recorded_at=header.recorded_at,
    )


def _order(stream: str, sequence: str | None) -> Order:
    # A replica that was made anew has a new stream, whose numbers begin anew. The label of a stream
    # is a timestamp, so that the older stream sorts first.
    digits = (sequence or "").lstrip("0")
    return sequence is None, stream, len(digits), digits

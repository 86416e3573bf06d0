"""One record of a DynamoDB stream, as part of a batch."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from localaws.json_value import Json


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """A change of one item.

    Args:
        sequence_number: digits, increasing within the shard.
        item: the item's whole key. Records of one item are never sent concurrently.
        arrived_at: when it was written to the stream, in seconds since the epoch.
        size: the size of `event` as JSON, in bytes.
        event: the record as the function gets it.
    """

    sequence_number: str
    item: str
    arrived_at: float
    size: int
    event: Mapping[str, Json]

    @classmethod
    def from_event(cls, event: Mapping[str, Json]) -> Self:
        """Read a record as functions get it."""
        change = event["dynamodb"]
        return cls(
            sequence_number=change["SequenceNumber"],
            item=json.dumps(change["Keys"], sort_keys=True),
            arrived_at=float(change["ApproximateCreationDateTime"]),
            size=len(compact(event).encode()),
            event=event,
        )


def event_form(record: Mapping[str, Json], stream_arn: str) -> Mapping[str, Json]:
    """Convert a record of boto3's GetRecords to the form in which functions get it.

    Times become seconds since the epoch and bytes base64. The fields of `userIdentity` lose their
    capitals: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
    """
    event: dict[str, Json] = json.loads(json.dumps(record, default=_plain))
    identity = event.get("userIdentity")
    if identity:
        event["userIdentity"] = {
            "type": identity["Type"],
            "principalId": identity["PrincipalId"],
        }
    return event | {"eventSourceARN": stream_arn}


def compact(value: Json) -> str:
    """JSON without whitespace, as the function gets it."""
    return json.dumps(value, separators=(",", ":"))


def _plain(value: object) -> float | str:
    match value:
        case datetime():
            return value.timestamp()
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            raise TypeError(
                f"a stream record holds a {type(value).__name__}, which JSON cannot represent"
            )

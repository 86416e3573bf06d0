"""One record of a DynamoDB stream, as a batch holds it."""

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
        sequence_number: digits, which rise within the shard.
        item: the item's whole key. Records of one item are never sent side by side.
        arrived_at: when the stream got it, in seconds since the epoch.
        size: of `event` as JSON, in bytes.
        event: what the function gets.
    """

    sequence_number: str
    item: str
    arrived_at: float
    size: int
    event: Mapping[str, Json]

    @classmethod
    def from_event(cls, event: Mapping[str, Json]) -> Self:
        """Read a record in the form in which functions get it."""
        change = event["dynamodb"]
        return cls(
            sequence_number=change["SequenceNumber"],
            item=json.dumps(change["Keys"], sort_keys=True),
            arrived_at=float(change["ApproximateCreationDateTime"]),
            size=len(compact(event).encode()),
            event=event,
        )


def event_form(record: Mapping[str, Json], stream_arn: str) -> Mapping[str, Json]:
    """A record as boto3's GetRecords gives it, in the form in which functions get it.

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
    """JSON without a blank to spare, as it goes to the function."""
    return json.dumps(value, separators=(",", ":"))


def _plain(value: object) -> float | str:
    match value:
        case datetime():
            return value.timestamp()
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            raise TypeError(f"a stream record holds a {type(value).__name__}, which JSON cannot")

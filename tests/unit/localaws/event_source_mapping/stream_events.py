"""Stream records made by hand, in the form in which a function gets them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localaws.event_source_mapping.record import StreamRecord

STREAM_ARN = "arn:aws:dynamodb:eu-west-1:000000000000:table/Items/stream/2026-01-01T00:00:00.000"


def event(number: int, *, item: str = "", at: float = 0, **image: Any) -> Mapping[str, Any]:
    """Record `number` of the stream: a change of `item`, of an item of its own by default."""
    return {
        "eventID": f"event-{number}",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "dynamodb": {
            "ApproximateCreationDateTime": at,
            "Keys": {"id": {"S": item or f"item-{number}"}},
            "NewImage": {"id": {"S": item or f"item-{number}"}, **image},
            "SequenceNumber": str(number),
            "SizeBytes": 20,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": STREAM_ARN,
    }


def record(number: int, *, item: str = "", at: float = 0, **image: Any) -> StreamRecord:
    return StreamRecord.from_event(event(number, item=item, at=at, **image))

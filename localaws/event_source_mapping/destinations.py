"""The messages that an on-failure destination gets about discarded records.

The documents are those of https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html:
a queue or a topic gets positions in the stream, and only a bucket gets the records.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from localaws.event_source_mapping.messages import Condition, Discard, FunctionFailed
from localaws.event_source_mapping.record import StreamRecord, compact
from localaws.json_value import Json


@dataclass(frozen=True)
class Source:
    """The stream that a batch came from and the function that it was sent to."""

    mapping_id: str
    function_arn: str
    stream_arn: str
    shard_id: str


def metadata(discard: Discard, source: Source, *, request_id: str, at: float) -> dict[str, Json]:
    """The message for a queue or a topic.

    Args:
        at: when the records were discarded, in seconds since the epoch.
    """
    first, last = discard.records[0], discard.records[-1]
    return {
        "requestContext": {
            "requestId": request_id,
            "functionArn": source.function_arn,
            "condition": discard.condition.value,
            "approximateInvokeCount": discard.invocations,
        },
        **_response_context(discard),
        "version": "1.0",
        "timestamp": _timestamp(at),
        "DDBStreamBatchInfo": {
            "shardId": source.shard_id,
            "startSequenceNumber": first.sequence_number,
            "endSequenceNumber": last.sequence_number,
            "approximateArrivalOfFirstRecord": _arrival(first),
            "approximateArrivalOfLastRecord": _arrival(last),
            "batchSize": len(discard.records),
            "streamArn": source.stream_arn,
        },
    }


def with_payload(message: dict[str, Json], discard: Discard) -> dict[str, Json]:
    """The document for a bucket: the same message with the function's event, as text."""
    return message | {"payload": event_of(discard.records)}


def object_key(source: Source, *, object_id: str, at: float) -> str:
    """The name of a document in a bucket."""
    day = datetime.fromtimestamp(at, UTC)
    folder = f"aws/lambda/{source.mapping_id}/{source.shard_id}/{day:%Y/%m/%d}"
    return f"{folder}/{day:%Y-%m-%dT%H.%M.%S}-{object_id}"


def event_of(records: tuple[StreamRecord, ...]) -> str:
    """The event that a function gets, as JSON."""
    return compact({"Records": [record.event for record in records]})


def _response_context(discard: Discard) -> dict[str, Json]:
    """The function's last answer. As recorded on AWS, it is absent if records were too old."""
    outcome = discard.outcome
    if outcome is None or discard.condition is Condition.RECORD_AGE_EXCEEDED:
        return {}
    error = outcome.error if isinstance(outcome, FunctionFailed) else None
    context = {
        "statusCode": 200,
        "executedVersion": outcome.executed_version,
        "functionError": error,
    }
    return {"responseContext": context}


def _timestamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def _arrival(record: StreamRecord) -> str:
    return f"{datetime.fromtimestamp(record.arrived_at, UTC):%Y-%m-%dT%H:%M:%SZ}"

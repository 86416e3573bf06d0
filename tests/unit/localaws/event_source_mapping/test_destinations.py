"""The documents that on-failure destinations get, whole."""

from __future__ import annotations

import json
from typing import Any

from localaws.event_source_mapping.destinations import Source, metadata, object_key, with_payload
from localaws.event_source_mapping.messages import Condition, Discard, FunctionFailed, Returned
from tests.unit.localaws.event_source_mapping.stream_events import STREAM_ARN, event, record

FUNCTION_ARN = "arn:aws:lambda:eu-west-1:000000000000:function:relay"
SOURCE = Source(
    mapping_id="9b2e5a7c-0000-4000-8000-000000000001",
    function_arn=FUNCTION_ARN,
    stream_arn=STREAM_ARN,
    shard_id="shardId-00000001573689847184-864758bb",
)
AT = 1_573_690_429.717
RECORDS = (
    record(800000000003126276362, at=1_573_690_399),
    record(800000000003126276363, at=1_573_690_400),
)


def test_a_queue_gets_the_documented_message() -> None:
    discard = Discard(0, RECORDS, Condition.RETRY_ATTEMPTS_EXHAUSTED, 2, FunctionFailed())
    assert metadata(discard, SOURCE, request_id="316aa6d0", at=AT) == {
        "requestContext": {
            "requestId": "316aa6d0",
            "functionArn": FUNCTION_ARN,
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 2,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
        "version": "1.0",
        "timestamp": "2019-11-14T00:13:49.717Z",
        "DDBStreamBatchInfo": {
            "shardId": "shardId-00000001573689847184-864758bb",
            "startSequenceNumber": "800000000003126276362",
            "endSequenceNumber": "800000000003126276363",
            "approximateArrivalOfFirstRecord": "2019-11-14T00:13:19Z",
            "approximateArrivalOfLastRecord": "2019-11-14T00:13:20Z",
            "batchSize": 2,
            "streamArn": STREAM_ARN,
        },
    }


def response_context(discard: Discard) -> Any:
    return metadata(discard, SOURCE, request_id="1", at=AT).get("responseContext")


def test_records_that_were_reported_carry_no_function_error() -> None:
    reported = Returned({"batchItemFailures": []}, executed_version="7")
    discard = Discard(0, RECORDS, Condition.RETRY_ATTEMPTS_EXHAUSTED, 2, reported)
    assert response_context(discard) == {
        "statusCode": 200,
        "executedVersion": "7",
        "functionError": None,
    }


def test_records_that_grew_too_old_carry_no_response() -> None:
    age = Condition.RECORD_AGE_EXCEEDED
    assert response_context(Discard(0, RECORDS, age, 0, None)) is None
    assert response_context(Discard(0, RECORDS, age, 3, FunctionFailed())) is None


def test_a_bucket_gets_the_whole_event_as_text() -> None:
    discard = Discard(0, RECORDS, Condition.RETRY_ATTEMPTS_EXHAUSTED, 2, FunctionFailed())
    message = metadata(discard, SOURCE, request_id="316aa6d0", at=AT)

    document = with_payload(message, discard)
    payload = document.pop("payload")
    assert document == message
    assert json.loads(payload) == {
        "Records": [
            event(800000000003126276362, at=1_573_690_399),
            event(800000000003126276363, at=1_573_690_400),
        ]
    }


def test_an_object_is_named_for_its_mapping_its_shard_and_its_time() -> None:
    assert object_key(SOURCE, object_id="8aa4", at=AT) == (
        "aws/lambda/9b2e5a7c-0000-4000-8000-000000000001/shardId-00000001573689847184-864758bb"
        "/2019/11/14/2019-11-14T00.13.49-8aa4"
    )

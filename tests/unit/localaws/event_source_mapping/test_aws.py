"""A Region through boto3: queues, buckets and streams in moto, Lambda's answers written down."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from botocore.response import StreamingBody
from botocore.stub import Stubber
from moto import mock_aws

from localaws.event_source_mapping.aws import AwsRegion, Clients
from localaws.event_source_mapping.destinations import Source
from localaws.event_source_mapping.messages import (
    Condition,
    Discard,
    FunctionFailed,
    NotInvoked,
    Outcome,
    Returned,
)
from localaws.event_source_mapping.ports import After, IteratorLost, ServiceUnavailable
from localaws.event_source_mapping.settings import StartingPosition
from tests.unit.localaws.event_source_mapping.stream_events import STREAM_ARN, record

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

SESSION = boto3.Session("test", "test", region_name="eu-west-1")
ONCE = Config(retries={"total_max_attempts": 1})
FUNCTION_ARN = "arn:aws:lambda:eu-west-1:000000000000:function:relay"
GIVEN_UP = Discard(0, (record(7),), Condition.RETRY_ATTEMPTS_EXHAUSTED, 2, FunctionFailed())
SOURCE = Source("mapping", FUNCTION_ARN, STREAM_ARN, "shardId-0")


@pytest.fixture
def clients() -> Iterator[Clients]:
    with mock_aws():
        yield Clients(
            SESSION.client("lambda", config=ONCE),
            SESSION.client("dynamodbstreams", config=ONCE),
            SESSION.client("cloudformation"),
            SESSION.client("sqs"),
            SESSION.client("s3"),
        )


@pytest.fixture
def region(clients: Clients) -> Iterator[AwsRegion]:
    region = AwsRegion(clients)
    yield region
    region.close()


async def outcome_of(region: AwsRegion, functions: LambdaClient, **answer: Any) -> Outcome:
    payload = answer.pop("Payload", "null").encode()
    body = StreamingBody(io.BytesIO(payload), len(payload))
    with Stubber(functions) as stub:
        expected = {"FunctionName": FUNCTION_ARN, "Payload": '{"Records":[]}'}
        stub.add_response("invoke", {"Payload": body, **answer}, expected)
        return await region.invoke(FUNCTION_ARN, '{"Records":[]}')


async def test_what_a_function_returns_is_an_outcome(region: AwsRegion, clients: Clients) -> None:
    failures = {"batchItemFailures": [{"itemIdentifier": "7"}]}
    assert await outcome_of(
        region, clients.functions, Payload=json.dumps(failures), ExecutedVersion="3"
    ) == Returned(failures, executed_version="3")


async def test_a_payload_that_is_not_json_is_text(region: AwsRegion, clients: Clients) -> None:
    assert await outcome_of(region, clients.functions, Payload="fine") == Returned("fine")


async def test_a_function_error_is_a_failure_whatever_the_payload_says(
    region: AwsRegion, clients: Clients, caplog: pytest.LogCaptureFixture
) -> None:
    payload = '{"errorMessage": "Task timed out after 5.00 seconds"}'
    assert await outcome_of(
        region, clients.functions, Payload=payload, FunctionError="Unhandled"
    ) == FunctionFailed("Unhandled")
    assert caplog.messages == [f"{FUNCTION_ARN} failed: {payload}"]


@pytest.mark.parametrize(
    ("code", "status"), [("TooManyRequestsException", 429), ("ServiceException", 500)]
)
async def test_a_function_that_did_not_run_was_not_invoked(
    code: str, status: int, region: AwsRegion, clients: Clients, caplog: pytest.LogCaptureFixture
) -> None:
    with Stubber(clients.functions) as stub:
        stub.add_client_error("invoke", code, "Rate Exceeded.", status)
        assert await region.invoke(FUNCTION_ARN, "{}") == NotInvoked()
    assert caplog.messages == [
        f"{FUNCTION_ARN} was not invoked: An error occurred ({code}) when calling the Invoke "
        "operation: Rate Exceeded."
    ]


async def test_a_queue_receives_the_position_of_the_records(
    region: AwsRegion, clients: Clients
) -> None:
    url = clients.queues.create_queue(QueueName="given-up")["QueueUrl"]
    await region.discard("arn:aws:sqs:eu-west-1:123456789012:given-up", GIVEN_UP, SOURCE)

    [message] = clients.queues.receive_message(QueueUrl=url)["Messages"]
    body = json.loads(message["Body"])
    assert body["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert body["DDBStreamBatchInfo"]["startSequenceNumber"] == "7"
    assert "payload" not in body


async def test_a_bucket_gets_the_records(region: AwsRegion, clients: Clients) -> None:
    clients.buckets.create_bucket(
        Bucket="given-up", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    await region.discard("arn:aws:s3:::given-up", GIVEN_UP, SOURCE)

    [found] = clients.buckets.list_objects_v2(Bucket="given-up")["Contents"]
    assert re.fullmatch(
        r"aws/lambda/mapping/shardId-0/\d{4}/\d\d/\d\d/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f-]{36}",
        found["Key"],
    )
    document = json.loads(
        clients.buckets.get_object(Bucket="given-up", Key=found["Key"])["Body"].read()
    )
    assert json.loads(document["payload"]) == {"Records": [record(7).event]}


@pytest.mark.parametrize(
    ("destination", "message"),
    [
        ("arn:aws:sqs:eu-west-1:123456789012:missing", "NonExistentQueue"),
        ("arn:aws:s3:::missing", "NoSuchBucket"),
        ("arn:aws:sns:eu-west-1:123456789012:topic", "only queues and buckets can be notified"),
    ],
)
async def test_a_destination_that_cannot_be_reached_is_named(
    destination: str, message: str, region: AwsRegion
) -> None:
    with pytest.raises(ServiceUnavailable, match=message):
        await region.discard(destination, GIVEN_UP, SOURCE)


async def test_a_stream_is_read_from_its_oldest_record_its_newest_and_any_other(
    region: AwsRegion,
) -> None:
    table = SESSION.client("dynamodb")
    stream_arn = table.create_table(
        TableName="Items",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]["LatestStreamArn"]
    for name in "ab":
        table.put_item(TableName="Items", Item={"id": {"S": name}})
    [shard] = await region.shards(stream_arn)

    async def read(position: StartingPosition | After) -> list[Any]:
        iterator = await region.iterator(stream_arn, shard, position)
        return list((await region.page(stream_arn, iterator, 10)).events)

    first, second = await read(StartingPosition.TRIM_HORIZON)
    assert first["eventSourceARN"] == stream_arn
    assert first["dynamodb"]["Keys"] == {"id": {"S": "a"}}
    assert await read(After(first["dynamodb"]["SequenceNumber"])) == [second]
    assert await read(StartingPosition.LATEST) == []


@pytest.mark.parametrize("code", ["ExpiredIteratorException", "TrimmedDataAccessException"])
async def test_an_iterator_that_no_longer_works_is_lost(
    code: str, region: AwsRegion, clients: Clients
) -> None:
    with Stubber(clients.streams) as stub:
        stub.add_client_error("get_records", code)
        with pytest.raises(IteratorLost):
            await region.page(STREAM_ARN, "iterator", 10)


async def test_any_other_error_may_pass(region: AwsRegion, clients: Clients) -> None:
    with Stubber(clients.streams) as stub:
        stub.add_client_error("get_records", "LimitExceededException")
        with pytest.raises(ServiceUnavailable, match="LimitExceededException"):
            await region.page(STREAM_ARN, "iterator", 10)


async def test_services_that_cannot_be_reached_may_be_reached_later(
    region: AwsRegion, clients: Clients
) -> None:
    def refuse(**request: Any) -> None:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1")

    for client in (clients.streams, clients.functions):
        client.meta.events.register_first("before-send", refuse)
    with pytest.raises(ServiceUnavailable, match="Could not connect to the endpoint URL"):
        await region.shards(STREAM_ARN)
    assert await region.invoke(FUNCTION_ARN, "{}") == NotInvoked()

"""Finding a replica's stream, against a table that changes only when the finder sleeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from antipode.replica.errors import NotReadyError, UnusableStreamError
from antipode.replica.stream import find_stream, stream_of
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ARN = "arn:aws:dynamodb:ap-southeast-2:111122223333:table/antipode-ItemsModel/stream/2026-01-01"
ACTIVE = {
    "TableStatus": "ACTIVE",
    "LatestStreamArn": ARN,
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}
CREATING = {"TableStatus": "CREATING"}


@dataclass
class Time:
    """A clock that only sleeping moves."""

    now: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def client() -> DynamoDBClient:
    return boto3.client(
        "dynamodb", "ap-southeast-2", aws_access_key_id="test", aws_secret_access_key="test"
    )


@pytest.fixture
def dynamodb(client: DynamoDBClient) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def find(client: DynamoDBClient, time: Time) -> Callable[[float], str]:
    def find(deadline: float) -> str:
        return find_stream(
            client, "antipode-ItemsModel", clock=time.clock, sleep=time.sleep, deadline=deadline
        )

    return find


def answers(dynamodb: Stubber, *tables: dict[str, Any]) -> None:
    for table in tables:
        dynamodb.add_response(
            "describe_table", {"Table": table}, {"TableName": "antipode-ItemsModel"}
        )


def test_an_active_replica_is_found_without_waiting(
    dynamodb: Stubber, time: Time, find: Callable[[float], str]
) -> None:
    answers(dynamodb, ACTIVE)
    assert find(0.0) == ARN
    assert time.pauses == []


def test_a_replica_in_the_making_is_waited_for_ever_longer(
    dynamodb: Stubber, time: Time, find: Callable[[float], str]
) -> None:
    answers(dynamodb, *[CREATING] * 6, ACTIVE)
    assert find(60.0) == ARN
    assert time.pauses == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("ResourceNotFoundException", "does not exist"),
        (
            "AccessDeniedException",
            "may not be described (An error occurred (AccessDeniedException) when calling the"
            " DescribeTable operation: no)",
        ),
    ],
)
def test_a_table_that_does_not_answer_yet_is_waited_for(
    dynamodb: Stubber, find: Callable[[float], str], code: str, reason: str
) -> None:
    dynamodb.add_client_error("describe_table", code, "no")
    answers(dynamodb, ACTIVE)
    assert find(60.0) == ARN

    dynamodb.add_client_error("describe_table", code, "no")
    with pytest.raises(NotReadyError) as raised:
        find(0.0)
    assert str(raised.value) == reason


def test_the_deadline_ends_the_wait_with_the_last_state_seen(
    dynamodb: Stubber, time: Time, find: Callable[[float], str]
) -> None:
    answers(dynamodb, CREATING, CREATING, {"TableStatus": "UPDATING"})
    with pytest.raises(NotReadyError, match=r"^is UPDATING$"):
        find(2.0)
    assert time.now == 1.5


def test_any_other_error_ends_the_wait_at_once(
    dynamodb: Stubber, time: Time, find: Callable[[float], str]
) -> None:
    dynamodb.add_client_error("describe_table", "ValidationException", "no")
    with pytest.raises(ClientError, match="ValidationException"):
        find(60.0)
    assert time.pauses == []


def test_a_stream_without_both_images_ends_the_wait_at_once(
    dynamodb: Stubber, time: Time, find: Callable[[float], str]
) -> None:
    keys_only = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    answers(dynamodb, {**ACTIVE, "StreamSpecification": keys_only})
    with pytest.raises(UnusableStreamError) as raised:
        find(60.0)
    assert str(raised.value) == (
        "has a stream of KEYS_ONLY and needs one of NEW_AND_OLD_IMAGES,"
        " which can be changed only while the table has a single replica"
    )
    assert time.pauses == []


@pytest.mark.parametrize(
    "missing",
    [
        {"StreamSpecification": {"StreamEnabled": False}},
        {"StreamSpecification": None},
        {"LatestStreamArn": None},
    ],
)
def test_an_active_table_without_a_stream_is_not_ready(missing: dict[str, Any]) -> None:
    table = {key: value for key, value in {**ACTIVE, **missing}.items() if value is not None}
    with pytest.raises(NotReadyError, match=r"^has no stream$"):
        stream_of(table)  # type: ignore[arg-type] # a table as DescribeTable may leave it


@mock_aws
def test_the_latest_stream_of_a_real_description_is_found() -> None:
    client = boto3.client("dynamodb", "eu-west-1")
    created = client.create_table(
        TableName="antipode-ItemsModel",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    time = Time()
    arn = find_stream(
        client, "antipode-ItemsModel", clock=time.clock, sleep=time.sleep, deadline=0.0
    )
    assert arn == created["TableDescription"]["LatestStreamArn"]

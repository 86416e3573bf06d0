"""The relay's queue, as moto plays SQS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from antipode_tools.operate.redrive.queue import Hold, SqsQueue
from antipode_tools.operate.redrive.stored import Container
from antipode_tools.operate.stacks.errors import OperationError
from tests.fakes.clock import Clock
from tests.unit.antipode_tools.operate.redrive.fakes import message, record

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# It reads what it knows of a service once.
SESSION = boto3.Session("test", "test", region_name="eu-west-1")
HOLD = Hold(hidden_s=1_800, looking_s=600.0, most=100, poll_s=0)
URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/undelivered"


@pytest.fixture
def sqs() -> Iterator[SQSClient]:
    with mock_aws():
        yield SESSION.client("sqs")


@pytest.fixture
def url(sqs: SQSClient) -> str:
    return sqs.create_queue(QueueName="undelivered")["QueueUrl"]


def put(sqs: SQSClient, url: str, count: int) -> None:
    for number in range(count):
        sqs.send_message(QueueUrl=url, MessageBody=message(record("a", number)))


def ids(found: Sequence[object]) -> list[str]:
    assert all(isinstance(each, Container) for each in found)
    return sorted(c.records[0]["eventID"] for c in found if isinstance(c, Container))


def counts(sqs: SQSClient, url: str) -> tuple[int, int]:
    """How many messages are visible, and how many are not."""
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return (
        int(attributes["ApproximateNumberOfMessages"]),
        int(attributes["ApproximateNumberOfMessagesNotVisible"]),
    )


def test_every_message_is_read_and_hidden_until_it_is_released(sqs: SQSClient, url: str) -> None:
    put(sqs, url, 23)
    queue = SqsQueue(sqs, url, HOLD, clock=Clock())

    found = list(queue.read())

    assert ids(found) == sorted(f"a{number}" for number in range(23))
    assert (queue.hidden, queue.more) == (0, False)
    assert counts(sqs, url) == (0, 23)
    queue.release()
    assert counts(sqs, url) == (23, 0)


def test_only_what_is_removed_is_gone(sqs: SQSClient, url: str) -> None:
    put(sqs, url, 23)
    queue = SqsQueue(sqs, url, HOLD, clock=Clock())
    names = [found.place.name for found in queue.read()]

    assert queue.remove(names[:12]) == []

    assert counts(sqs, url) == (0, 11)
    queue.release()
    assert counts(sqs, url) == (11, 0)


def test_another_readers_messages_are_counted_and_left_alone(sqs: SQSClient, url: str) -> None:
    put(sqs, url, 3)
    other = SqsQueue(sqs, url, HOLD, clock=Clock())
    list(other.read())
    queue = SqsQueue(sqs, url, HOLD, clock=Clock())

    assert (list(queue.read()), queue.hidden) == ([], 3)


def test_no_more_is_read_than_may_be_held(sqs: SQSClient, url: str) -> None:
    put(sqs, url, 23)
    queue = SqsQueue(sqs, url, replace(HOLD, most=20), clock=Clock())

    assert len(list(queue.read())) == 20
    assert queue.more


def test_reading_ends_when_its_time_is_over(sqs: SQSClient, url: str) -> None:
    put(sqs, url, 23)
    clock = Clock()
    queue = SqsQueue(sqs, url, HOLD, clock=clock)
    reading = queue.read()

    first = [next(reading)]
    clock.sleep(600.0)

    assert len(first + list(reading)) == 10
    assert queue.more


def test_a_hold_is_renewed_as_soon_as_less_is_left_than_an_invocation_takes(
    sqs: SQSClient, url: str
) -> None:
    clock = Clock()
    renewed: list[float] = []
    put(sqs, url, 1)
    queue = SqsQueue(sqs, url, HOLD, clock=clock)
    list(queue.read())
    sqs.meta.events.register(
        "before-call.sqs.ChangeMessageVisibilityBatch", lambda **_: renewed.append(clock())
    )

    for _ in range(20):
        clock.sleep(120.0)
        queue.keep()

    assert renewed == [840.0, 1680.0]
    assert counts(sqs, url) == (0, 1)


def stubbed(clock: Clock) -> tuple[SqsQueue, Stubber]:
    client = boto3.client(
        "sqs", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y"
    )
    return SqsQueue(client, URL, HOLD, clock=clock), Stubber(client)


def received(*names: str, receipt: str) -> dict[str, object]:
    body = message(record("a", 1))
    messages = [{"MessageId": n, "ReceiptHandle": f"{receipt}{n}", "Body": body} for n in names]
    return {"Messages": messages}


def begin_reading(stubber: Stubber, *answers: dict[str, object]) -> None:
    attributes = {"Attributes": {"ApproximateNumberOfMessagesNotVisible": "0"}}
    stubber.add_response("get_queue_attributes", attributes)
    for answer in (*answers, {}):
        stubber.add_response("receive_message", answer)


def test_a_message_that_is_delivered_twice_is_read_once_and_removed_by_its_last_receipt() -> None:
    queue, stubber = stubbed(Clock())
    begin_reading(stubber, received("m1", receipt="first"), received("m1", receipt="second"))
    stubber.add_response(
        "delete_message_batch",
        {"Successful": [{"Id": "0"}], "Failed": []},
        {"QueueUrl": URL, "Entries": [{"Id": "0", "ReceiptHandle": "secondm1"}]},
    )

    with stubber:
        assert [found.place.name for found in queue.read()] == ["m1"]
        assert queue.remove(["m1"]) == []


def test_messages_that_sqs_does_not_delete_are_named_and_released_later() -> None:
    queue, stubber = stubbed(Clock())
    begin_reading(stubber, received("m1", "m2", receipt="r"))
    refusal = {"Id": "1", "SenderFault": True, "Code": "ReceiptHandleIsInvalid"}
    stubber.add_response("delete_message_batch", {"Successful": [{"Id": "0"}], "Failed": [refusal]})
    stubber.add_response(
        "change_message_visibility_batch",
        {"Successful": [{"Id": "0"}], "Failed": []},
        {
            "QueueUrl": URL,
            "Entries": [{"Id": "0", "ReceiptHandle": "rm2", "VisibilityTimeout": 0}],
        },
    )

    with stubber:
        list(queue.read())
        assert queue.remove(["m1", "m2"]) == ["m2"]
        queue.release()
        stubber.assert_no_pending_responses()


def test_a_release_that_fails_is_left_to_the_visibility_timeout() -> None:
    queue, stubber = stubbed(Clock())
    begin_reading(stubber, received("m1", receipt="r"))
    stubber.add_client_error("change_message_visibility_batch", "ServiceUnavailable")

    with stubber:
        list(queue.read())
        queue.release()
        stubber.assert_no_pending_responses()


def test_a_refusal_says_what_was_being_done() -> None:
    queue, stubber = stubbed(Clock())
    stubber.add_client_error("get_queue_attributes", "AccessDenied", "no")
    refusal = (
        f"cannot read the attributes of {URL}: An error occurred (AccessDenied) when calling the"
        " GetQueueAttributes operation: no"
    )

    with stubber, pytest.raises(OperationError) as caught:
        list(queue.read())
    assert str(caught.value) == refusal

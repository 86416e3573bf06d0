from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import BadStatusLine
from http.server import HTTPServer
from typing import Any

import boto3
import pytest
from antipode.replica.answer import Answer, Status
from antipode.replica.stream import NotReadyError, UnusableStreamError
from moto import mock_aws

from replica.app import (
    ANSWER_RESERVE_S,
    PUT_PAUSES_S,
    PUT_TIMEOUT_S,
    answer_to,
    handler,
    put,
    send,
)
from tests.fakes.servers import QuietHandler, served

REQUEST: dict[str, Any] = {
    "RequestType": "Create",
    "StackId": "arn:aws:cloudformation:ap-southeast-2:111122223333:stack/antipode/0f",
    "RequestId": "11112222-3333-4444-5555-666677778888",
    "LogicalResourceId": "ItemsModelReplica",
    "ResourceProperties": {"TableName": "antipode-ItemsModel", "Refresh": "1"},
}


@dataclass
class Finder:
    """Finds what it is told to find, or raises it."""

    outcome: str | Exception
    asked: list[str] = field(default_factory=list)

    def __call__(self, table: str) -> str:
        self.asked.append(table)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_a_stream_that_is_found_is_the_answer(kind: str) -> None:
    find = Finder("arn:stream")
    answer = answer_to({**REQUEST, "RequestType": kind}, region="ap-southeast-2", find=find)
    assert answer == Answer(Status.SUCCESS, data={"StreamArn": "arn:stream"})
    assert find.asked == ["antipode-ItemsModel"]


def test_a_delete_asks_for_nothing_and_succeeds() -> None:
    find = Finder(AssertionError("asked"))
    request = {**REQUEST, "RequestType": "Delete"}
    assert answer_to(request, region="ap-southeast-2", find=find) == Answer(Status.SUCCESS)
    assert find.asked == []


def test_a_replica_that_is_not_ready_is_named_with_what_to_do() -> None:
    find = Finder(NotReadyError("is CREATING"))
    assert answer_to(REQUEST, region="ap-southeast-2", find=find) == Answer(
        Status.FAILED,
        "table antipode-ItemsModel in ap-southeast-2 is CREATING; see that ap-southeast-2 is among"
        " the first five Regions of the stack that owns the table, and deploy again when the table"
        " is ACTIVE",
    )


def test_an_unusable_stream_is_named_with_what_to_do() -> None:
    find = Finder(UnusableStreamError("has a stream of KEYS_ONLY"))
    assert answer_to(REQUEST, region="eu-west-1", find=find) == Answer(
        Status.FAILED,
        "table antipode-ItemsModel in eu-west-1 has a stream of KEYS_ONLY;"
        " mend that in the Region that owns the table, and deploy again",
    )


def test_an_unexpected_failure_is_an_answer_too_and_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    find = Finder(RuntimeError("the network is gone"))
    assert answer_to(REQUEST, region="eu-west-1", find=find) == Answer(
        Status.FAILED,
        "table antipode-ItemsModel in eu-west-1 could not be looked up: the network is gone;"
        " deploy again",
    )
    assert caplog.messages == ["table antipode-ItemsModel in eu-west-1 could not be looked up"]


@dataclass
class Mailbox:
    """Takes an answer after it has failed for each of `failures`."""

    failures: list[Exception] = field(default_factory=list)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def put(self, url: str, body: bytes) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append((url, body))

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


def test_an_answer_is_put_once() -> None:
    mailbox = Mailbox()
    send(b"{}", "https://answer", put=mailbox.put, sleep=mailbox.sleep)
    assert mailbox.taken == [("https://answer", b"{}")]
    assert mailbox.pauses == []


def test_an_answer_is_put_again_while_that_fails() -> None:
    mailbox = Mailbox([ConnectionResetError(), TimeoutError(), BadStatusLine("?")])
    send(b"{}", "https://answer", put=mailbox.put, sleep=mailbox.sleep)
    assert mailbox.taken == [("https://answer", b"{}")]
    assert mailbox.pauses == [1.0, 2.0, 4.0]


def test_the_last_failure_to_answer_is_raised_for_lambda_to_try_again() -> None:
    mailbox = Mailbox([OSError(str(attempt)) for attempt in range(4)])
    with pytest.raises(OSError, match=r"^3$"):
        send(b"{}", "https://answer", put=mailbox.put, sleep=mailbox.sleep)
    assert mailbox.taken == []


@dataclass(frozen=True)
class Received:
    path: str
    content_type: str | None
    body: bytes


class AnswerServer(HTTPServer):
    """Stands for S3, where CloudFormation waits for answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), AnswerHandler)
        self.received: list[Received] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/answer?Signature=abc"


class AnswerHandler(QuietHandler):
    server: AnswerServer

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        received = Received(self.path, self.headers["Content-Type"], body)
        self.server.received.append(received)
        self.send_response(200)
        self.end_headers()


@pytest.fixture
def answers() -> Iterator[AnswerServer]:
    with served(AnswerServer()) as server:
        yield server


@pytest.mark.enable_socket
def test_an_answer_is_put_without_the_content_type_that_its_signature_does_not_cover(
    answers: AnswerServer,
) -> None:
    put(answers.url, b'{"Status": "SUCCESS"}')
    assert answers.received == [
        Received("/answer?Signature=abc", "", b'{"Status": "SUCCESS"}'),
    ]


@dataclass(frozen=True)
class Remaining:
    """Lambda's context, of a function with so much time left."""

    seconds: int

    def get_remaining_time_in_millis(self) -> int:
        return self.seconds * 1000


@pytest.mark.enable_socket
def test_the_handler_answers_with_the_stream_of_its_own_region(
    answers: AnswerServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "ap-southeast-2")
    with mock_aws():
        created = boto3.client("dynamodb").create_table(
            TableName="antipode-ItemsModel",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        handler({**REQUEST, "ResponseURL": answers.url}, Remaining(600))

    [received] = answers.received
    answer = json.loads(received.body)
    assert answer["Status"] == "SUCCESS"
    stream = created["TableDescription"]["LatestStreamArn"]
    assert answer["Data"] == {"StreamArn": stream}
    assert ":ap-southeast-2:" in stream


@pytest.mark.enable_socket
def test_the_handler_answers_before_its_own_time_is_up(
    answers: AnswerServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "ap-southeast-2")
    with mock_aws():
        handler({**REQUEST, "ResponseURL": answers.url}, Remaining(int(ANSWER_RESERVE_S)))

    [received] = answers.received
    answer = json.loads(received.body)
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("table antipode-ItemsModel in ap-southeast-2 does not exist")


def test_the_time_that_is_kept_back_is_enough_to_answer_in() -> None:
    attempts = len(PUT_PAUSES_S) + 1
    assert attempts * PUT_TIMEOUT_S + sum(PUT_PAUSES_S) < ANSWER_RESERVE_S

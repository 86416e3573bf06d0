"""The function as Lambda calls it, against AWS in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import HTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from antipode.replica.sending import PUT_PAUSES_S, PUT_TIMEOUT_S, put
from moto import mock_aws

from replica.app import ANSWER_RESERVE_S, handler
from tests.fakes.servers import QuietHandler, served

REQUEST: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "events" / "replica.json").read_text()
)


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
    assert ":ap-southeast-2:" in stream
    assert stream.endswith(f"/stream/{answer['Data']['ItemsModel']}")
    assert list(answer["Data"]) == ["ItemsModel"]


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

"""What a request of CloudFormation's comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from antipode.replica.answer import Answer, Status
from antipode.replica.errors import NotReadyError, UnusableStreamError
from antipode.replica.request import answer_to

REQUEST: dict[str, Any] = {
    "RequestType": "Create",
    "StackId": "arn:aws:cloudformation:ap-southeast-2:111122223333:stack/antipode/0f",
    "RequestId": "11112222-3333-4444-5555-666677778888",
    "LogicalResourceId": "Replicas",
    "ResourceProperties": {
        "Tables": {"ItemsModel": "antipode-ItemsModel", "Order": "antipode-Order"},
        "Refresh": "1",
    },
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
def test_the_labels_of_the_streams_that_are_found_are_the_answer(kind: str) -> None:
    find = Finder("arn:aws:dynamodb:x:table/t/stream/2026-01-02T03:04:05.678")
    answer = answer_to({**REQUEST, "RequestType": kind}, region="ap-southeast-2", find=find)
    assert answer == Answer(
        Status.SUCCESS, data=dict.fromkeys(("ItemsModel", "Order"), "2026-01-02T03:04:05.678")
    )
    assert find.asked == ["antipode-ItemsModel", "antipode-Order"]


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

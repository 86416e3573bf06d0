from __future__ import annotations

import json

from antipode.replica.answer import Answer, Status, document
from hypothesis import given
from hypothesis import strategies as st

REQUEST = {
    "RequestType": "Create",
    "ResponseURL": "https://cloudformation-custom-resource-response.example/x",
    "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/antipode/0f",
    "RequestId": "11112222-3333-4444-5555-666677778888",
    "ResourceType": "Custom::LocalReplicas",
    "LogicalResourceId": "ItemsModelReplica",
}


def test_a_success_carries_the_ids_of_its_request_and_its_data() -> None:
    answer = Answer(Status.SUCCESS, data={"StreamArn": "arn:aws:dynamodb:x"})
    assert json.loads(document(REQUEST, answer)) == {
        "Status": "SUCCESS",
        "Reason": "",
        "PhysicalResourceId": "ItemsModelReplica",
        "StackId": REQUEST["StackId"],
        "RequestId": REQUEST["RequestId"],
        "LogicalResourceId": "ItemsModelReplica",
        "Data": {"StreamArn": "arn:aws:dynamodb:x"},
    }


def test_the_physical_id_stays_what_it_was() -> None:
    request = {**REQUEST, "RequestType": "Update", "PhysicalResourceId": "given before"}
    answer = json.loads(document(request, Answer(Status.SUCCESS)))
    assert answer["PhysicalResourceId"] == "given before"


@given(st.text(st.characters(), max_size=6000))
def test_no_reason_makes_an_answer_too_long(reason: str) -> None:
    longest_ids = {
        **REQUEST,
        "StackId": "s" * 200,
        "LogicalResourceId": "l" * 255,
        "PhysicalResourceId": "l" * 255,
    }
    assert len(document(longest_ids, Answer(Status.FAILED, reason))) <= 4096


def test_the_longest_reason_of_the_longest_characters_fits() -> None:
    assert len(document(REQUEST, Answer(Status.FAILED, "\0" * 5000))) <= 4096


def test_a_lone_surrogate_in_a_reason_is_still_answered() -> None:
    assert json.loads(document(REQUEST, Answer(Status.FAILED, "\ud800")))["Reason"] == "?"

"""The message that holds an undelivered change."""

from __future__ import annotations

import json

import pytest
from antipode.relay.undelivered import Undelivered, decode, encode

from tests.fakes.relay import event

UNDELIVERED = Undelivered(
    reason="rejected",
    detail="status 200: Code: Ørsted",
    region="eu-west-1",
    model="ItemsModel",
    record=event("insert")["Records"][0],
)


def test_a_message_holds_the_whole_record_and_why_it_was_not_published() -> None:
    assert json.loads(encode(UNDELIVERED)) == {
        "version": 1,
        "reason": "rejected",
        "detail": "status 200: Code: Ørsted",
        "region": "eu-west-1",
        "model": "ItemsModel",
        "record": event("insert")["Records"][0],
    }


def test_a_message_says_what_was_put_in() -> None:
    assert decode(encode(UNDELIVERED)) == UNDELIVERED


def test_half_a_character_pair_is_kept() -> None:
    undelivered = Undelivered("malformed", "", "eu-west-1", None, {"S": "\ud800"})
    assert decode(encode(undelivered)) == undelivered


def test_a_message_is_of_characters_that_sqs_takes() -> None:
    undelivered = Undelivered("malformed", "\ufffe\uffff\x00\ud800Ж𝄞", "eu-west-1", None, None)
    body = encode(undelivered)
    assert '"detail":"\\ufffe\\uffff\\u0000\\ud800Ж𝄞"' in body
    assert decode(body) == undelivered


def test_the_largest_change_of_any_script_fits_a_message() -> None:
    # 400 KB before and after, as DynamoDB counts them.
    image = {"id": {"S": "a"}, "item": {"S": "Ж" * 204_000}}
    record = {"dynamodb": {"NewImage": image, "OldImage": image}}
    body = encode(Undelivered("rejected", "", "eu-west-1", "ItemsModel", record))
    assert len(body.encode()) < 1_048_576


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("[]", "the message is not an undelivered change of version 1"),
        ("{}", "the message is not an undelivered change of version 1"),
        ('{"version": 2}', "the message is not an undelivered change of version 1"),
        ('{"version": 1}', "the message has not the fields of an undelivered change"),
    ],
)
def test_another_message_is_refused(body: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        decode(body)


def test_a_message_that_is_not_json_is_refused() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        decode("hello")

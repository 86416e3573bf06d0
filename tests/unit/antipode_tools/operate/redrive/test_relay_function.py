"""Invoking the relay, and what its answers mean."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from antipode_tools.operate.redrive.ports import (
    Answer,
    Answered,
    Crashed,
    NotInvoked,
    Outcome,
    Result,
)
from antipode_tools.operate.redrive.relay_function import RelayFunction
from antipode_tools.operate.stacks.errors import OperationError

NAME = "antipode-RelayFunction-1"
UNCLEAR = f"{NAME} does not say what became of each record: deploy this version"
RECORDS = [b'{"eventID":"a1"}', b'{"eventID":"b2"}']


def publish(answer: dict[str, Any], records: Sequence[bytes] = RECORDS) -> Answer:
    client = boto3.client(
        "lambda", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y"
    )
    with Stubber(client) as stubber:
        stubber.add_response(
            "invoke",
            answer,
            {
                "FunctionName": NAME,
                "Payload": b'{"redrive":true,"version":1,"Records":[%s]}' % b",".join(records),
            },
        )
        return RelayFunction(client, NAME).publish(records)


def answered(payload: bytes, **fields: str) -> dict[str, Any]:
    return {"Payload": StreamingBody(io.BytesIO(payload), len(payload)), **fields}


def outcomes(*given: dict[str, str]) -> dict[str, Any]:
    return answered(json.dumps({"version": 1, "outcomes": given}).encode())


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ({"fate": "PUBLISHED", "detail": ""}, Outcome(Result.PUBLISHED)),
        ({"fate": "PUBLISHED"}, Outcome(Result.PUBLISHED)),
        (
            {"fate": "UNDELIVERED", "detail": "rejected: status 200"},
            Outcome(Result.REJECTED, "rejected: status 200"),
        ),
        ({"fate": "FAILED", "detail": "status 503"}, Outcome(Result.FAILED, "status 503")),
        ({"fate": "HELD_BACK", "detail": ""}, Outcome(Result.HELD_BACK)),
        (
            {"fate": "REDELIVERED", "detail": ""},
            Outcome(
                Result.FAILED,
                "skipped: the relay had dealt with it before, and does not say whether it"
                " published it",
            ),
        ),
    ],
)
def test_each_fate_that_the_relay_knows_has_a_meaning(
    given: dict[str, str], outcome: Outcome
) -> None:
    assert publish(outcomes(given), RECORDS[:1]) == Answered((outcome,))


def test_no_records_are_a_valid_event() -> None:
    assert publish(outcomes(), []) == Answered(())


@pytest.mark.parametrize(
    "payload",
    [
        b"null",
        b"no JSON",
        b'{"version": 1, "outcomes": 7}',
        b'{"version": 1, "outcomes": ["PUBLISHED", "PUBLISHED"]}',
        b'{"version": 1, "outcomes": [{"fate": "LOST"}, {"fate": "PUBLISHED"}]}',
    ],
)
def test_a_relay_that_does_not_say_what_became_of_each_record_is_not_believed(
    payload: bytes,
) -> None:
    with pytest.raises(OperationError) as caught:
        publish(answered(payload))

    assert str(caught.value) == f"{UNCLEAR}, then redrive"


@pytest.mark.parametrize(
    ("payload", "version"),
    [
        (b'{"batchItemFailures": []}', "none"),
        (b'{"outcomes": [{"fate": "PUBLISHED"}, {"fate": "PUBLISHED"}]}', "none"),
        (b'{"version": 2, "outcomes": []}', "2"),
    ],
)
def test_an_answer_of_an_older_or_a_newer_version_is_not_believed(
    payload: bytes, version: str
) -> None:
    with pytest.raises(OperationError) as caught:
        publish(answered(payload))

    assert str(caught.value) == (
        f"{NAME} answers in version {version} of redrive, and this is 1: deploy this version,"
        " then redrive"
    )


def test_a_relay_that_refuses_the_version_ends_the_redrive() -> None:
    error = b'{"errorType": "RedriveVersionError", "errorMessage": "..."}'
    with pytest.raises(OperationError) as caught:
        publish(answered(error, FunctionError="Unhandled"))

    assert str(caught.value) == (
        f"{NAME} speaks another version of redrive: deploy this version, then redrive"
    )


def test_an_answer_for_another_number_of_records_is_not_believed() -> None:
    with pytest.raises(OperationError, match=rf"^{NAME} answers for 1 of 2 records: deploy this"):
        publish(outcomes({"fate": "PUBLISHED"}))


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        (
            b'{"errorType": "Sandbox.Timedout", "errorMessage": "after 60.00 seconds"}',
            "the relay crashed: Sandbox.Timedout: after 60.00 seconds",
        ),
        (b"", "the relay crashed and did not say why"),
        (b"[]", "the relay crashed and did not say why"),
    ],
)
def test_a_function_error_is_a_crash(payload: bytes, error: str) -> None:
    assert publish(answered(payload, FunctionError="Unhandled")) == Crashed(error)


def refused(code: str) -> Answer:
    client = boto3.client(
        "lambda", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y"
    )
    with Stubber(client) as stubber:
        stubber.add_client_error("invoke", code, "no")
        return RelayFunction(client, NAME).publish([])


def test_a_throttled_invocation_did_not_take_place() -> None:
    refusal = "An error occurred (TooManyRequestsException) when calling the Invoke operation: no"

    assert refused("TooManyRequestsException") == NotInvoked(refusal)


def test_any_other_refusal_ends_the_redrive() -> None:
    with pytest.raises(OperationError) as caught:
        refused("AccessDeniedException")

    assert str(caught.value) == (
        f"cannot invoke {NAME}: An error occurred (AccessDeniedException) when calling the Invoke"
        " operation: no"
    )

"""A Lambda data source, with functions in Python."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError
from botocore.stub import Stubber

from localaws.appsync.answers import Answer, InvalidRequest, SourceError
from localaws.appsync.lambda_source import invoke, invoke_batch
from localaws.appsync.ports import Json


def answering(payload: bytes, **response: Any) -> Any:
    """A client whose next invocation answers this."""
    client = boto3.client(
        "lambda", region_name="eu-west-1", aws_access_key_id="k", aws_secret_access_key="s"
    )
    stubber = Stubber(client)
    stubber.add_response("invoke", {"Payload": BytesIO(payload), "StatusCode": 200, **response})
    stubber.activate()
    return client


class Raising:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def invoke(self, **_: Json) -> Json:
        raise self.error


class Recording:
    def __init__(self) -> None:
        self.calls: list[Json] = []

    def invoke(self, **arguments: Json) -> Json:
        self.calls.append(arguments)
        return {"Payload": BytesIO(b"")}


def error(message: str, type: str) -> Answer:
    return Answer(error=SourceError(message, type))


def test_the_payload_is_the_functions_event() -> None:
    client: Any = Recording()
    request = {"operation": "Invoke", "payload": {"a": [1]}}
    assert invoke(client, "arn", request) == Answer(None)
    assert client.calls == [
        {"FunctionName": "arn", "InvocationType": "RequestResponse", "Payload": b'{"a": [1]}'}
    ]


def test_an_event_is_not_waited_for() -> None:
    client: Any = Recording()
    request = {"operation": "Invoke", "invocationType": "Event", "payload": 1}
    assert invoke(client, "arn", request) == Answer(None)
    assert client.calls[0]["InvocationType"] == "Event"


def test_the_functions_result_is_the_answer() -> None:
    assert invoke(answering(b'{"a": 1}'), "arn", {"payload": 1}) == Answer({"a": 1})


def test_a_function_that_fails_tells_its_message() -> None:
    failed = answering(b'{"errorMessage": "no", "errorType": "E"}', FunctionError="Unhandled")
    assert invoke(failed, "arn", {}) == error("no", "Lambda:Unhandled")
    silent = answering(b"null", FunctionError="Unhandled")
    assert invoke(silent, "arn", {}) == error("Unhandled", "Lambda:Unhandled")


def test_a_result_that_is_not_json_is_an_error() -> None:
    assert invoke(answering(b"<html>"), "arn", {}) == error(
        "The function's response is not valid JSON.", "Lambda:IllegalArgument"
    )


def test_a_call_that_fails_is_an_error() -> None:
    absent: Any = Raising(
        ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "m"}}, "Invoke")
    )
    assert invoke(absent, "arn", {}) == error(
        "m (Service: Lambda, Status Code: None, Request ID: None)",
        "Lambda:ResourceNotFoundException",
    )
    unreachable: Any = Raising(EndpointConnectionError(endpoint_url="http://x"))
    assert invoke(unreachable, "arn", {}) == error(
        "Unable to execute HTTP request.", "Lambda:SdkClientException"
    )
    invalid: Any = Raising(ParamValidationError(report="Invalid type for parameter Payload"))
    assert invoke(invalid, "arn", {}) == error(
        "The request is not valid.", "Lambda:SdkClientException"
    )


def test_a_member_that_no_request_to_a_function_has_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"^Unsupported element '\$\[functionName\]'\.$"):
        invoke(answering(b""), "arn", {"functionName": "other"})


def test_an_unknown_invocation_type_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"^Unsupported invocationType 'DryRun'\.$"):
        invoke(answering(b""), "arn", {"invocationType": "DryRun"})


def test_a_batch_is_one_call_with_a_result_for_each() -> None:
    assert invoke_batch(answering(b'["a", null]'), "arn", [1, 2]) == [Answer("a"), Answer(None)]


def test_a_batch_with_another_number_of_results_fails_whole() -> None:
    short = error(
        "BatchInvoke of 2 payloads needs as many results, got 1.", "Lambda:IllegalArgument"
    )
    assert invoke_batch(answering(b"[1]"), "arn", [1, 2]) == [short, short]
    none = error(
        "BatchInvoke of 1 payloads needs as many results, got no list.", "Lambda:IllegalArgument"
    )
    assert invoke_batch(answering(b"{}"), "arn", [1]) == [none]


def test_a_batch_whose_function_fails_fails_whole() -> None:
    failed = answering(b'{"errorMessage": "no"}', FunctionError="Unhandled")
    no = error("no", "Lambda:Unhandled")
    assert invoke_batch(failed, "arn", [1, 2]) == [no, no]

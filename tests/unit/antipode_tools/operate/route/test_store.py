"""The exact calls to CloudFront's KeyValueStore, and what becomes of its errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber

from antipode_tools.operate.route.changes import Changes
from antipode_tools.operate.route.store import ChangedMeanwhileError, Contents, KeyValueStore
from antipode_tools.operate.stacks.errors import OperationError

if TYPE_CHECKING:
    from mypy_boto3_cloudfront_keyvaluestore import CloudFrontKeyValueStoreClient

ARN = "arn:aws:cloudfront::111122223333:key-value-store/0a1b2c3d-0000-1111-2222-333344445555"
BATCH = Changes({"default": '{"eu-west-1":1}'}, ("country:IE",))
WRITTEN = {
    "KvsARN": ARN,
    "IfMatch": "E1",
    "Puts": [{"Key": "default", "Value": '{"eu-west-1":1}'}],
    "Deletes": [{"Key": "country:IE"}],
}


@pytest.fixture
def client() -> CloudFrontKeyValueStoreClient:
    session = boto3.Session("test", "test", region_name="us-east-1")
    return session.client("cloudfront-keyvaluestore")


@pytest.fixture
def stubber(client: CloudFrontKeyValueStoreClient) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def described(stubber: Stubber) -> None:
    answer = {
        "KvsARN": ARN,
        "ETag": "E1",
        "ItemCount": 2,
        "TotalSizeInBytes": 40,
        "Created": "2026-01-01T00:00:00Z",
    }
    stubber.add_response("describe_key_value_store", answer, {"KvsARN": ARN})


def test_every_page_is_read_with_the_version_before_them(
    client: CloudFrontKeyValueStoreClient, stubber: Stubber
) -> None:
    described(stubber)
    first = {"Items": [{"Key": "default", "Value": "{}"}], "NextToken": "more"}
    last = {"Items": [{"Key": "regions", "Value": "[]"}]}
    stubber.add_response("list_keys", first, {"KvsARN": ARN, "MaxResults": 50})
    stubber.add_response("list_keys", last, {"KvsARN": ARN, "MaxResults": 50, "NextToken": "more"})
    assert KeyValueStore(client, ARN).read() == Contents(
        {"default": "{}", "regions": "[]"}, version="E1"
    )


def test_an_empty_store_is_read(client: CloudFrontKeyValueStoreClient, stubber: Stubber) -> None:
    described(stubber)
    stubber.add_response("list_keys", {}, {"KvsARN": ARN, "MaxResults": 50})
    assert KeyValueStore(client, ARN).read() == Contents({}, version="E1")


def test_a_batch_is_written_in_one_call_for_the_version_that_was_read(
    client: CloudFrontKeyValueStoreClient, stubber: Stubber
) -> None:
    answer = {"ItemCount": 1, "TotalSizeInBytes": 22, "ETag": "E2"}
    stubber.add_response("update_keys", answer, WRITTEN)
    assert KeyValueStore(client, ARN).write(BATCH, "E1") == "E2"


def test_a_version_that_is_outdated_is_reported_as_such(
    client: CloudFrontKeyValueStoreClient, stubber: Stubber
) -> None:
    stubber.add_client_error("update_keys", "ConflictException", expected_params=WRITTEN)
    with pytest.raises(ChangedMeanwhileError) as refused:
        KeyValueStore(client, ARN).write(BATCH, "E1")
    assert str(refused.value) == (
        f"cannot write the routes in {ARN}: somebody else has just changed them; run this again"
    )


@pytest.mark.parametrize(
    "code",
    [
        "ValidationException",
        "InternalServerException",
        "ServiceQuotaExceededException",
        "ResourceNotFoundException",
        "AccessDeniedException",
    ],
)
def test_any_other_refusal_is_reported_in_the_services_words(
    client: CloudFrontKeyValueStoreClient, stubber: Stubber, code: str
) -> None:
    stubber.add_client_error("update_keys", code, "their words")
    with pytest.raises(OperationError) as refused:
        KeyValueStore(client, ARN).write(BATCH, "E1")
    assert not isinstance(refused.value, ChangedMeanwhileError)
    assert str(refused.value).startswith(f"cannot write the routes in {ARN}: ")
    assert "their words" in str(refused.value)


def test_a_store_that_cannot_be_read_is_reported(
    client: CloudFrontKeyValueStoreClient, stubber: Stubber
) -> None:
    stubber.add_client_error("describe_key_value_store", "AccessDeniedException", "not you")
    with pytest.raises(OperationError, match=r"cannot read the routes in arn:.*not you"):
        KeyValueStore(client, ARN).read()


def test_requests_are_signed_for_every_region_at_once(
    client: CloudFrontKeyValueStoreClient,
) -> None:
    seen: list[str] = []

    def before_send(request: object, **_: object) -> None:
        headers = request.headers  # type: ignore[attr-defined] # botocore hands it as an object
        seen.append(headers["Authorization"].decode() + headers["X-Amz-Region-Set"].decode())
        raise InterruptedError

    client.meta.events.register("before-send.cloudfront-keyvaluestore", before_send)
    with pytest.raises(InterruptedError):
        KeyValueStore(client, ARN).read()
    [signed] = seen
    assert signed.startswith("AWS4-ECDSA-P256-SHA256 ")
    assert signed.endswith("*")

"""Lambda's on-failure destination, as moto plays S3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from antipode_tools.operate.redrive.bucket import S3Bucket
from antipode_tools.operate.redrive.identity import identify
from antipode_tools.operate.redrive.reading import of_object
from antipode_tools.operate.redrive.stored import Container, Location, Source, Unreadable
from antipode_tools.operate.stacks.errors import OperationError
from tests.unit.antipode_tools.operate.redrive.fakes import batch, record

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# It reads what it knows of a service once.
SESSION = boto3.Session("test", "test", region_name="eu-west-1")
NAME = "on-failure"
FOLDER = "aws/lambda/7c0d7c1e/shardId-01/2026/01/01"
FIRST = f"{FOLDER}/2026-01-01T00.00.01-aaaa"
SECOND = f"{FOLDER}/2026-01-01T00.00.02-bbbb"


@pytest.fixture
def s3() -> Iterator[S3Client]:
    with mock_aws():
        client = SESSION.client("s3")
        client.create_bucket(
            Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        client.put_bucket_versioning(Bucket=NAME, VersioningConfiguration={"Status": "Enabled"})
        yield client


def put(s3: S3Client, key: str, text: bytes) -> None:
    s3.put_object(Bucket=NAME, Key=key, Body=text)


def keys(s3: S3Client) -> list[str]:
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket=NAME).get("Contents", [])]


def test_objects_are_read_in_the_order_of_their_names(s3: S3Client) -> None:
    put(s3, SECOND, b"{}")
    put(s3, FIRST, batch(record("a", 1), record("b", 2)))
    put(s3, "notes/of-somebody", b"?")

    assert list(S3Bucket(s3, NAME).read()) == [
        Container(
            Location(Source.BUCKET, FIRST),
            (record("a", 1), record("b", 2)),
            "RetryAttemptsExhausted",
        ),
        Unreadable(
            Location(Source.BUCKET, SECOND),
            "the object has no payload, which holds the records",
        ),
    ]


def test_an_empty_bucket_is_read_to_its_end(s3: S3Client) -> None:
    bucket = S3Bucket(s3, NAME)

    assert (list(bucket.read()), bucket.more) == ([], False)


@pytest.mark.parametrize(("most", "more"), [(1, True), (2, False)])
def test_no_more_objects_are_read_than_asked_for(s3: S3Client, most: int, *, more: bool) -> None:
    put(s3, FIRST, batch(record("a", 1)))
    put(s3, SECOND, batch(record("b", 2)))
    bucket = S3Bucket(s3, NAME, most=most)

    assert (len(list(bucket.read())), bucket.more) == (most, more)


def test_an_object_that_goes_while_others_are_read_is_passed_over(s3: S3Client) -> None:
    put(s3, FIRST, batch(record("a", 1)))
    put(s3, SECOND, batch(record("b", 2)))
    reading = S3Bucket(s3, NAME).read()

    assert next(reading).place.name == FIRST
    s3.delete_object(Bucket=NAME, Key=SECOND)

    assert list(reading) == []


def test_a_removed_object_is_gone_and_its_version_is_kept(s3: S3Client) -> None:
    put(s3, FIRST, batch(record("a", 1)))
    put(s3, SECOND, batch(record("b", 2)))

    assert S3Bucket(s3, NAME).remove([FIRST]) == ()

    assert keys(s3) == [SECOND]
    versions = s3.list_object_versions(Bucket=NAME, Prefix=FIRST)["Versions"]
    kept = s3.get_object(Bucket=NAME, Key=FIRST, VersionId=versions[0]["VersionId"])
    assert kept["Body"].read() == batch(record("a", 1))


def test_a_shrunk_object_holds_the_rest(s3: S3Client) -> None:
    put(s3, FIRST, batch(record("a", 1), record("b", 2)))

    S3Bucket(s3, NAME).shrink(FIRST, {identify(record("a", 1))})

    text = s3.get_object(Bucket=NAME, Key=FIRST)["Body"].read()
    assert of_object(FIRST, text) == of_object(FIRST, batch(record("b", 2)))


def test_an_object_that_is_gone_is_not_brought_back_by_shrinking_it(s3: S3Client) -> None:
    S3Bucket(s3, NAME).shrink(FIRST, {identify(record("a", 1))})

    assert keys(s3) == []


def test_a_bucket_that_is_not_there_is_named(s3: S3Client) -> None:
    bucket = S3Bucket(s3, "elsewhere")

    with pytest.raises(OperationError, match=r"^cannot list s3://elsewhere: .*NoSuchBucket"):
        list(bucket.read())
    with pytest.raises(OperationError, match=r"^cannot delete s3://elsewhere/o: .*NoSuchBucket"):
        bucket.remove(["o"])

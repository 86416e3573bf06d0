"""DynamoDB as moto imitates it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3
from moto import mock_aws

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@contextmanager
def dynamodb_client() -> Iterator[DynamoDBClient]:
    """A client of an account without tables. To make one takes longer than what most tests do with
    it; but no more than a module may share one, since meanwhile all of AWS is moto's."""
    with mock_aws():
        yield boto3.client(
            "dynamodb",
            region_name="eu-west-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

"""The edge's KeyValueStore, on CloudFront.

Its requests are signed with SigV4A, which botocore leaves to awscrt.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/kvs-with-functions-kvp-using-api.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import ClientError, MissingDependencyException

from antipode_tools.operate.route.changes import MOST_KEYS, Changes
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_cloudfront_keyvaluestore import CloudFrontKeyValueStoreClient


# The answers to an outdated version: the first is documented; neither has been seen.
_OUTDATED = frozenset({"ConflictException", "PreconditionFailed"})


@dataclass(frozen=True)
class Contents:
    """What a store holds, and its version, without which nothing can be written."""

    keys: Mapping[str, str]
    version: str


class ChangedMeanwhileError(OperationError):
    """Somebody else has written to it since it was read. Nothing of this batch was written."""


class Store(Protocol):
    """Holds the routes. Every method may raise OperationError."""

    def read(self) -> Contents:
        """Everything that it holds."""

    def write(self, batch: Changes, version: str) -> str:
        """Write all of a batch or nothing, and return the new version.

        Raises:
            ChangedMeanwhileError: `version` is no longer the store's.
        """


class KeyValueStore:
    """The Store that the function at the edge reads."""

    def __init__(self, client: CloudFrontKeyValueStoreClient, arn: str) -> None:
        self._client, self._arn = client, arn

    def read(self) -> Contents:
        """Everything that it holds. The version is read first, so that a later write is noticed."""
        with _reaching(f"cannot read the routes in {self._arn}"):
            version = self._client.describe_key_value_store(KvsARN=self._arn)["ETag"]
            pages = self._client.get_paginator("list_keys").paginate(
                KvsARN=self._arn, PaginationConfig={"PageSize": MOST_KEYS}
            )
            items = [item for page in pages for item in page.get("Items", [])]
        return Contents({item["Key"]: item["Value"] for item in items}, version)

    def write(self, batch: Changes, version: str) -> str:
        """Write a batch, which CloudFront takes to its locations within seconds."""
        with _reaching(f"cannot write the routes in {self._arn}"):
            answer = self._client.update_keys(
                KvsARN=self._arn,
                IfMatch=version,
                Puts=[{"Key": key, "Value": value} for key, value in batch.puts.items()],
                Deletes=[{"Key": key} for key in batch.deletes],
            )
        return answer["ETag"]


@contextmanager
def _reaching(doing: str) -> Iterator[None]:
    with translated(doing):
        try:
            yield
        except MissingDependencyException as error:
            raise OperationError(f"{doing}: {error}; make setup installs it") from error
        except ClientError as error:
            if error.response["Error"]["Code"] not in _OUTDATED:
                raise
            why = f"{doing}: somebody else has just changed them; run this again"
            raise ChangedMeanwhileError(why) from error

"""Lambda's on-failure destination, on S3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from antipode_tools.operate.redrive.identity import Identity
from antipode_tools.operate.redrive.reading import of_object, without
from antipode_tools.operate.redrive.stored import Container, Unreadable
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
PREFIX = "aws/lambda/"

# Each is read whole, some ten a second.
MOST_OBJECTS = 20_000


class S3Bucket:
    """Reads, shrinks and removes what Lambda gave up on."""

    def __init__(self, client: S3Client, name: str, *, most: int = MOST_OBJECTS) -> None:
        self._client, self._name, self._most = client, name, most
        self.more = False

    def read(self) -> Iterator[Container | Unreadable]:
        """The objects in the order of their names, which is that of time for each shard."""
        for number, key in enumerate(self._keys()):
            if number == self._most:
                self.more = True
                return
            if (text := self._get(key)) is not None:
                yield of_object(key, text)

    def remove(self, names: Sequence[str]) -> Sequence[str]:
        """Deletes objects; the bucket keeps their versions for a while."""
        for key in names:
            with translated(f"cannot delete s3://{self._name}/{key}"):
                self._client.delete_object(Bucket=self._name, Key=key)
        return ()

    def shrink(self, name: str, settled: Set[Identity]) -> None:
        """Writes an object anew without these records, as a new version of it.

        Two redrives at once may undo each other's shrinking, which loses nothing.
        """
        if (text := self._get(name)) is None:
            return
        with translated(f"cannot write s3://{self._name}/{name}"):
            self._client.put_object(
                Bucket=self._name,
                Key=name,
                Body=without(text, settled),
                ContentType="application/json",
            )

    def _keys(self) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._name, Prefix=PREFIX
        )
        with translated(f"cannot list s3://{self._name}"):
            for page in pages:
                yield from (entry["Key"] for entry in page.get("Contents", []))

    def _get(self, key: str) -> bytes | None:
        with translated(f"cannot read s3://{self._name}/{key}"):
            try:
                return self._client.get_object(Bucket=self._name, Key=key)["Body"].read()
            except ClientError as error:
                if error.response["Error"]["Code"] == "NoSuchKey":
                    return None  # removed since it was listed
                raise

"""The on-failure buckets that stacks have left in one Region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from antipode_tools.operate.cleanup.leftovers import Bucket
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

# CloudFormation gives these tags to what it makes, and nobody else can.
STACK_TAG, RESOURCE_TAG = "aws:cloudformation:stack-name", "aws:cloudformation:logical-id"
RESOURCE = "OnFailureBucket"


@dataclass(frozen=True)
class S3Buckets:
    """The Buckets of one Region: its stack's on-failure buckets, by CloudFormation's tags."""

    client: S3Client
    stack: str

    def find(self) -> Mapping[str, Bucket]:
        """Those that are there; each is asked whether it holds any version of any object."""
        region = self.client.meta.region_name
        with translated(f"cannot look for buckets in {region}"):
            # The name that CloudFormation makes, in lower case.
            prefix = f"{self.stack}-{RESOURCE}-".lower()
            answer = self.client.list_buckets(Prefix=prefix, BucketRegion=region)
            names = [each["Name"] for each in answer["Buckets"] if self._is_ours(each["Name"])]
            return {name: Bucket(self._holds_objects(name)) for name in names}

    def delete(self, name: str) -> None:
        """Empties it of every version, and deletes it."""
        with translated(f"cannot delete bucket {name} in {self.client.meta.region_name}"):
            for page in self.client.get_paginator("list_object_versions").paginate(Bucket=name):
                versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
                objects: list[ObjectIdentifierTypeDef] = [
                    {"Key": each["Key"], "VersionId": each["VersionId"]} for each in versions
                ]
                if objects:
                    self._delete_objects(name, objects)
            self.client.delete_bucket(Bucket=name)

    def _delete_objects(self, name: str, objects: list[ObjectIdentifierTypeDef]) -> None:
        answer = self.client.delete_objects(Bucket=name, Delete={"Objects": objects, "Quiet": True})
        if errors := answer.get("Errors"):
            first = errors[0]
            raise OperationError(
                f"{len(errors)} of {len(objects)} objects of bucket {name} cannot be deleted:"
                f" {first.get('Key')}: {first.get('Message')}"
            )

    def _is_ours(self, name: str) -> bool:
        try:
            tags = self.client.get_bucket_tagging(Bucket=name)["TagSet"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchTagSet":
                raise
            return False
        found = {tag["Key"]: tag["Value"] for tag in tags}
        return (found.get(STACK_TAG), found.get(RESOURCE_TAG)) == (self.stack, RESOURCE)

    def _holds_objects(self, name: str) -> bool:
        answer = self.client.list_object_versions(Bucket=name, MaxKeys=1)
        return bool(answer.get("Versions") or answer.get("DeleteMarkers"))

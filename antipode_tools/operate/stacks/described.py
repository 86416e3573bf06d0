"""A stack as CloudFormation describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef


def described(client: CloudFormationClient, name: str) -> StackTypeDef | None:
    """The stack of a Region by its name, None if there is none.

    Raises:
        ClientError: it cannot be told.
    """
    try:
        return client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" not in error.response["Error"]["Message"]:
            raise
        return None

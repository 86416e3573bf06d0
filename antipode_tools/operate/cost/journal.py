"""The journal of one Region's stack, where a model has `sync`: its table, and what lies in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient

# Its name in template.yaml.
JOURNAL = "Journal"


def table_of(target: Target) -> str | None:
    """The journal's table; None of a stack without one.

    Raises:
        OperationError: CloudFormation refuses, or is not reached.
    """
    region = target.region
    client: CloudFormationClient = target.session.client("cloudformation", **target.arguments)
    with translated(f"cannot look for the journal of stack {region.stack} in {region.code}"):
        try:
            found = client.describe_stack_resource(
                StackName=region.stack, LogicalResourceId=JOURNAL
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            return None
    return found["StackResourceDetail"]["PhysicalResourceId"]


def items_of(target: Target) -> int | None:
    """How many announcements the journal holds, which a world that is young has kept all of; None
    without a journal.

    Raises:
        OperationError: what has the table refuses, or is not reached.
    """
    if (table := table_of(target)) is None:
        return None
    client: DynamoDBClient = target.session.client("dynamodb", **target.arguments)
    with translated(f"cannot count the journal of {target.region.code}"):
        return client.describe_table(TableName=table)["Table"]["ItemCount"]

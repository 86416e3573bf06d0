"""What uses a table on AWS, and which stacks stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from antipode_tools.operate.adoption.aws import CloudFormation, DynamoDB
from antipode_tools.operate.adoption.fitting import Owner, Surroundings
from antipode_tools.operate.adoption.look import Outside
from antipode_tools.operate.deployment.cloudformation import CloudFormationStacks
from antipode_tools.operate.deployment.standing import Stack
from antipode_tools.operate.stacks.errors import UsageError
from antipode_tools.operate.stacks.tables import models
from antipode_tools.operate.stacks.target import load_world, of_stage
from antipode_tools.operate.stacks.translation import translated
from antipode_tools.project.regions import Region

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sts import STSClient


def on_aws(stage: str = "", root: Path | None = None) -> Outside:
    """The Regions of samconfig.toml, on AWS.

    Raises:
        UsageError: samconfig.toml does not have the home Region.
    """
    world = load_world(root)
    regions = of_stage(stage, (), world)
    owner = next((region for region in regions if region.code == region.home), None)
    if owner is None:
        raise UsageError("samconfig.toml has no environment of its HomeRegion: run antipode schema")
    session, code = boto3.Session(), owner.code
    return Outside(
        [owner, *(each for each in regions if each.stack == owner.stack and each != owner)],
        models(world.root),
        (world.root / "template.yaml").read_text(encoding="utf-8"),
        DynamoDB(lambda code: session.client("dynamodb", region_name=code), code),
        AwsNeighbourhood(
            owner,
            lambda code: session.client("cloudformation", region_name=code),
            session.client("dynamodb", region_name=code),
            session.client("lambda", region_name=code),
            session.client("sts", region_name=code),
        ),
    )


@dataclass(frozen=True)
class AwsNeighbourhood:
    """The Neighbourhood of the home Region's tables.

    Args:
        cloudformation: gives the client of a Region. All others are the home Region's.
    """

    owner: Region
    cloudformation: Callable[[str], CloudFormationClient]
    dynamodb: DynamoDBClient
    functions: LambdaClient
    sts: STSClient

    def around(self, table: str) -> Surroundings:
        """Asks CloudFormation for the stack, and Lambda for mappings of its stream."""
        owner = self.owner
        client = self.cloudformation(owner.code)
        stack, kind = _stack(client, table)
        readers = _readers(self.dynamodb, self.functions, table)
        to_be = CloudFormation(client, owner.stack)
        status = to_be.status()
        begun = to_be.begun() if status else ""
        return Surroundings(
            stack, readers, kind, Owner(owner.stack, status, begun, owner.name, owner.code)
        )

    def stack(self, code: str) -> Stack | None:
        """The stack in a Region, with its parameters."""
        return CloudFormationStacks(self.cloudformation(code), self.owner.stack).find()

    def account(self) -> str:
        """Of the credentials."""
        with translated("AWS does not know these credentials"):
            return self.sts.get_caller_identity()["Account"]


def _stack(cloudformation: CloudFormationClient, table: str) -> tuple[str, str]:
    """The stack that has a table, and the type of the resource that it is there."""
    with translated(f"cannot ask which stack has table {table}"):
        try:
            found = cloudformation.describe_stack_resources(PhysicalResourceId=table)
        except ClientError as error:
            if "does not exist" not in error.response["Error"]["Message"]:
                raise
            return "", ""
    for each in found["StackResources"]:
        if each.get("PhysicalResourceId", table) == table and "StackName" in each:
            return each["StackName"], each["ResourceType"]
    return "", ""


def _readers(dynamodb: DynamoDBClient, functions: LambdaClient, table: str) -> Sequence[str]:
    with translated(f"cannot ask what reads the stream of table {table}"):
        described = dynamodb.describe_table(TableName=table)["Table"]
        if "LatestStreamArn" not in described:
            return ()
        pages = functions.get_paginator("list_event_source_mappings").paginate(
            EventSourceArn=described["LatestStreamArn"]
        )
        return [
            each["FunctionArn"].rpartition(":function:")[2]
            for page in pages
            for each in page["EventSourceMappings"]
        ]

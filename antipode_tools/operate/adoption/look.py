"""`antipode adopt TABLE --model MODEL`: looks at a table, says what fits, and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import boto3
from botocore.exceptions import ClientError

from antipode_tools.operate.adoption.aws import DynamoDB
from antipode_tools.operate.adoption.command import Tables
from antipode_tools.operate.adoption.fitting import Surroundings, findings
from antipode_tools.operate.adoption.wanted import wanted
from antipode_tools.operate.stacks.errors import OperationError, UsageError
from antipode_tools.operate.stacks.tables import models
from antipode_tools.operate.stacks.target import load_world, of_stage
from antipode_tools.operate.stacks.translation import translated
from antipode_tools.project.finding import Finding
from antipode_tools.project.regions import Region

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient


class Neighbourhood(Protocol):
    """Where it is looked up what uses a table."""

    def around(self, table: str) -> Surroundings:
        """Raises OperationError."""


@dataclass(frozen=True)
class Outside:
    """What a look needs.

    Args:
        template: the text of template.yaml.
    """

    owner: Region
    models: Sequence[str]
    template: str
    tables: Tables
    neighbourhood: Neighbourhood


def look(table: str, model: str, outside: Outside) -> list[Finding]:
    """What fits, what would change, and what cannot.

    Raises:
        UsageError: there is no such model.
        OperationError: there is no such table, or AWS does not tell.
    """
    want = wanted(outside.template, model, outside.owner)
    if want is None:
        known = ", ".join(outside.models)
        raise UsageError(f"there is no model {model} in graphql/models.graphql; it has {known}")
    live = outside.tables.find(table)
    if live is None:
        raise OperationError(
            f"there is no table {table} in {outside.owner.code}, the home Region: an adoption"
            " begins where the table is, so set HomeRegion to that before the first deployment"
        )
    return list(findings(live, outside.neighbourhood.around(table), want))


def on_aws(stage: str = "", root: Path | None = None) -> Outside:
    """The home Region of samconfig.toml, on AWS.

    Raises:
        UsageError: samconfig.toml does not have it.
    """
    world = load_world(root)
    regions = of_stage(stage, (), world)
    owner = next((region for region in regions if region.code == region.home), None)
    if owner is None:
        raise UsageError("samconfig.toml has no environment of its HomeRegion: run antipode schema")
    session = boto3.Session()
    dynamodb = session.client("dynamodb", region_name=owner.code)
    return Outside(
        owner,
        models(world.root),
        (world.root / "template.yaml").read_text(encoding="utf-8"),
        DynamoDB(lambda code: session.client("dynamodb", region_name=code), owner.code),
        AwsNeighbourhood(
            dynamodb,
            session.client("cloudformation", region_name=owner.code),
            session.client("lambda", region_name=owner.code),
        ),
    )


@dataclass(frozen=True)
class AwsNeighbourhood:
    """The Neighbourhood of a Region's tables."""

    dynamodb: DynamoDBClient
    cloudformation: CloudFormationClient
    functions: LambdaClient

    def around(self, table: str) -> Surroundings:
        """Asks CloudFormation for the stack, and Lambda for mappings of its stream."""
        return Surroundings(self._stack(table), self._readers(table))

    def _stack(self, table: str) -> str:
        with translated(f"cannot ask which stack has table {table}"):
            try:
                found = self.cloudformation.describe_stack_resources(PhysicalResourceId=table)
            except ClientError as error:
                if "does not exist" not in error.response["Error"]["Message"]:
                    raise
                return ""
        named = [each["StackName"] for each in found["StackResources"] if "StackName" in each]
        return named[0] if named else ""

    def _readers(self, table: str) -> Sequence[str]:
        with translated(f"cannot ask what reads the stream of table {table}"):
            described = self.dynamodb.describe_table(TableName=table)["Table"]
            if "LatestStreamArn" not in described:
                return ()
            pages = self.functions.get_paginator("list_event_source_mappings").paginate(
                EventSourceArn=described["LatestStreamArn"]
            )
            return [
                each["FunctionArn"].rpartition(":function:")[2]
                for page in pages
                for each in page["EventSourceMappings"]
            ]

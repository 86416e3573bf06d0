"""A Region's stack as it was deployed: its outputs, and what only its resources show."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from antipode_tools.project.regions import Region
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.serving import sign_in
from antipode_tools.world.serving.sign_in import SigningIn
from localaws.appsync.declared import Declared, read_declared

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef

_TABLE_NAME = "TableName"

_STACK_TYPE = "AWS::CloudFormation::Stack"
_BEGINNINGS = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"})
_SETTLED = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})


@dataclass(frozen=True)
class Role:
    """An IAM role, by the parts of its callers' identity."""

    name: str
    role_id: str


@dataclass(frozen=True)
class Stack:
    """What the world needs to know of a deployed stack."""

    outputs: Mapping[str, str]
    api_id: str
    signing_in: SigningIn
    relay: str
    relay_role: Role
    declared: Declared

    @property
    def tables(self) -> dict[str, str]:
        """The table of each model."""
        return {
            output.removesuffix(_TABLE_NAME): value
            for output, value in self.outputs.items()
            if output.endswith(_TABLE_NAME)
        }


def read(aws: Aws, region: Region) -> Stack:
    """The Region's stack, which must have been created."""
    cloudformation = aws.session.client("cloudformation", **aws.at(region.code))
    described = cloudformation.describe_stacks(StackName=region.stack)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    relay = outputs["RelayFunctionName"]
    return Stack(
        outputs=outputs,
        api_id=outputs["ApiId"],
        signing_in=sign_in.read(aws, region, outputs["ApiId"]),
        relay=relay,
        relay_role=_role(aws, region, relay),
        declared=read_declared(cloudformation, region.stack, outputs["ApiId"]),
    )


def update_times(aws: Aws, region: Region) -> Callable[[], datetime | None]:
    """When the Region's stack was last updated; None while it is, or where nobody answers."""
    cloudformation = aws.session.client("cloudformation", **aws.at(region.code))

    def updated() -> datetime | None:
        try:
            described = cloudformation.describe_stacks(StackName=region.stack)["Stacks"][0]
        except (BotoCoreError, ClientError):
            return None
        if described["StackStatus"] not in _SETTLED:
            return None
        return described.get("LastUpdatedTime", described["CreationTime"])

    return updated


def parameters(aws: Aws, region: Region) -> dict[str, str]:
    """The values that the Region's stack has now."""
    cloudformation = aws.session.client("cloudformation", **aws.at(region.code))
    described = cloudformation.describe_stacks(StackName=region.stack)["Stacks"][0]
    return {each["ParameterKey"]: each["ParameterValue"] for each in described["Parameters"]}


def resources(aws: Aws, region: Region) -> list[str]:
    """The physical IDs of the resources in the Region's stack."""
    cloudformation = aws.session.client("cloudformation", **aws.at(region.code))
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=region.stack)
    return [
        each.get("PhysicalResourceId", "")
        for page in pages
        for each in page["StackResourceSummaries"]
    ]


def failure(aws: Aws, region: Region) -> str | None:
    """The resource that failed first and its reason, in the stack's last deployment."""
    cloudformation = aws.session.client("cloudformation", **aws.at(region.code))
    try:
        events = cloudformation.describe_stack_events(StackName=region.stack)["StackEvents"]
    except ClientError:
        return None  # there is no stack yet
    return first_failure(events)


def first_failure(events: Sequence[StackEventTypeDef]) -> str | None:
    """The first failure of the last deployment, from a stack's events, newest first."""
    last = itertools.takewhile(lambda event: not _begins(event), events)
    failed = [event for event in last if event["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return None
    first = failed[-1]
    return f"{first['LogicalResourceId']}: {first.get('ResourceStatusReason', 'no reason given')}"


def _begins(event: StackEventTypeDef) -> bool:
    """Whether a deployment begins with the event."""
    return event["ResourceType"] == _STACK_TYPE and event["ResourceStatus"] in _BEGINNINGS


def _role(aws: Aws, region: Region, function: str) -> Role:
    functions = aws.session.client("lambda", **aws.at(region.code))
    arn = functions.get_function_configuration(FunctionName=function)["Role"]
    name = arn.rpartition("/")[2]
    iam = aws.session.client("iam", **aws.at(region.code))
    return Role(name, iam.get_role(RoleName=name)["Role"]["RoleId"])

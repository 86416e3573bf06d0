"""A change set that CloudFormation takes back where an alarm rings, meanwhile or soon after.

The SAM CLI makes change sets without such triggers. So the same is made once more, with them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import WaiterError

from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.target import outputs_of
from antipode_tools.operate.stacks.translation import translated
from antipode_tools.project.regions import Region

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import (
        CreateChangeSetInputTypeDef,
        ParameterTypeDef,
    )
    from mypy_boto3_cloudformation.type_defs import DescribeChangeSetOutputTypeDef as Described
    from mypy_boto3_cloudformation.type_defs import RollbackTriggerTypeDef as Trigger
    from mypy_boto3_s3 import S3Client

# Those that call somebody for what the stack itself does: the first for all that is late. There
# may be five.
ALARMS = (
    "LateAlarm",
    "UndeliveredAlarm",
    "GivenUpAlarm",
    "LostBatchAlarm",
    "KeysUnavailableAlarm",
)
# Where the SAM CLI keeps what it uploads, with resolve_s3.
_SAM_STACK, _SAM_BUCKET = "aws-sam-cli-managed-default", "SourceBucket"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Clients:
    """Those of one Region."""

    cloudformation: CloudFormationClient
    s3: S3Client

    @classmethod
    def of(cls, session: boto3.Session, code: str) -> Clients:
        """Those of a Region on AWS."""
        return cls(
            session.client("cloudformation", region_name=code),
            session.client("s3", region_name=code),
        )


def unguarded(region: Region, change_set: str) -> str:
    """The Guard that leaves a change set as it is."""
    return change_set


@dataclass(frozen=True)
class Guarding:
    """The Guard of stacks that have alarms.

    Args:
        clients: those of a Region, by its code.
        minutes: how long CloudFormation watches once everything is updated.
        role: the ARN of the role that CloudFormation acts in; empty for the caller's credentials.
    """

    clients: Callable[[str], Clients]
    minutes: int
    role: str
    say: Say

    def __call__(self, region: Region, change_set: str) -> str:
        """Makes the change set with triggers, and deletes the one without."""
        clients = self.clients(region.code)
        with translated(f"cannot have an alarm take back what is deployed to {region.name}"):
            triggers = _triggers(clients.cloudformation, region.stack, change_set)
            if not triggers:
                self.say(
                    f"! {region.name} has no alarm to be taken back by: deploy AlarmTopicArn first"
                )
                return change_set
            bucket = _bucket(clients.cloudformation, region)
            made = self._made(clients, region, change_set, bucket, triggers)
            clients.cloudformation.delete_change_set(ChangeSetName=change_set)
        names = ", ".join(each["Arn"].rpartition(":")[2] for each in triggers)
        self.say(f"{region.name}: CloudFormation takes it back if one of these rings: {names}")
        return made

    def _made(
        self,
        clients: Clients,
        region: Region,
        change_set: str,
        bucket: str,
        triggers: Sequence[Trigger],
    ) -> str:
        told: object = clients.cloudformation.get_template(
            ChangeSetName=change_set, TemplateStage="Original"
        )["TemplateBody"]
        # boto3 reads a template that is JSON.
        template = (told if isinstance(told, str) else json.dumps(told)).encode()
        digest = hashlib.sha256(template).hexdigest()
        key = f"{region.stack}/{digest}.template"
        clients.s3.put_object(Bucket=bucket, Key=key, Body=template)
        before = clients.cloudformation.describe_change_set(ChangeSetName=change_set)
        asked: CreateChangeSetInputTypeDef = {
            "StackName": region.stack,
            "ChangeSetName": f"antipode-{_digest_of(change_set)}",
            "ChangeSetType": "UPDATE",
            "TemplateURL": f"{clients.s3.meta.endpoint_url}/{bucket}/{key}",
            "Parameters": _parameters(before),
            "Capabilities": before.get("Capabilities", []),
            "Tags": before.get("Tags", []),
            "RollbackConfiguration": {
                "RollbackTriggers": triggers,
                "MonitoringTimeInMinutes": self.minutes,
            },
        }
        if self.role:
            asked["RoleARN"] = self.role
        made = clients.cloudformation.create_change_set(**asked)["Id"]
        try:
            waiter = clients.cloudformation.get_waiter("change_set_create_complete")
            waiter.wait(ChangeSetName=made, WaiterConfig={"Delay": 5, "MaxAttempts": 120})
        except WaiterError as error:
            why = error.last_response.get("StatusReason", "it says not why")
            clients.cloudformation.delete_change_set(ChangeSetName=made)
            raise OperationError(
                f"{region.name}'s change set cannot be made with alarms: {why}"
            ) from error
        return made


def _triggers(client: CloudFormationClient, stack: str, change_set: str) -> list[Trigger]:
    """The alarms that the stack has, as CloudFormation names them."""
    # arn:aws:cloudformation:eu-west-1:111122223333:changeSet/...
    _, partition, _, code, account, _ = change_set.split(":", 5)
    found = {
        each["LogicalResourceId"]: each
        for page in client.get_paginator("list_stack_resources").paginate(StackName=stack)
        for each in page["StackResourceSummaries"]
    }
    return [
        {
            "Arn": f"arn:{partition}:cloudwatch:{code}:{account}:alarm:"
            + found[name]["PhysicalResourceId"],
            "Type": found[name]["ResourceType"],
        }
        for name in ALARMS
        if name in found
    ]


def _bucket(client: CloudFormationClient, region: Region) -> str:
    outputs = outputs_of(client, Region(region.name, region.code, _SAM_STACK, {}))
    return outputs[_SAM_BUCKET]


def _parameters(before: Described) -> list[ParameterTypeDef]:
    return [
        {"ParameterKey": each["ParameterKey"], "ParameterValue": each["ParameterValue"]}
        for each in before.get("Parameters", [])
    ]


def _digest_of(change_set: str) -> str:
    return hashlib.sha256(change_set.encode()).hexdigest()[:12]

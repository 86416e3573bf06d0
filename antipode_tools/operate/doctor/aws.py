"""The account and its Regions, as AWS tells of them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from antipode_tools.operate.doctor.ports import Concurrency, Deployed
from antipode_tools.operate.stacks.described import described
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_appsync import AppSyncClient
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sts import STSClient

# The SAM CLI's own bucket, which is another in each Region.
_SAM_BUCKET = re.compile(r"aws-sam-cli-managed-default-samclisourcebucket-[a-z0-9-]+")


@dataclass(frozen=True)
class AwsAccount:
    """The Account that the credentials are of."""

    sts: STSClient
    iam: IAMClient

    def caller(self) -> str:
        """Who asks."""
        with translated("AWS does not know these credentials"):
            return self.sts.get_caller_identity()["Arn"]

    def roles(self) -> tuple[int, int]:
        """How many there are, and may be."""
        with translated("cannot read the account's quotas of IAM"):
            summary = self.iam.get_account_summary()["SummaryMap"]
        return summary["Roles"], summary["RolesQuota"]


@dataclass(frozen=True)
class AwsRegion:
    """The RegionalServices of one Region.

    Args:
        tables: the names of the project's.
    """

    functions: LambdaClient
    cloudformation: CloudFormationClient
    dynamodb: DynamoDBClient
    appsync: AppSyncClient
    stack_name: str
    tables: Sequence[str]

    def concurrency(self) -> Concurrency:
        """As Lambda has it for this account."""
        with translated("cannot read Lambda's limits"):
            limit = self.functions.get_account_settings()["AccountLimit"]
        return Concurrency(limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"])

    def stack(self) -> Deployed | None:
        """The stack, if there is one."""
        with translated(f"cannot describe stack {self.stack_name}"):
            found = described(self.cloudformation, self.stack_name)
            if found is None:
                return None
            body = self.cloudformation.get_template(
                StackName=self.stack_name, TemplateStage="Original"
            )["TemplateBody"]
        return Deployed(
            status=found["StackStatus"],
            parameters={
                each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", [])
            },
            outputs={each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])},
            digest=digest_of(body),
            protected=found.get("EnableTerminationProtection", False),
        )

    def protection(self) -> Mapping[str, bool]:
        """Of each table that is there, whether it is protected."""
        found = {name: self._protected(name) for name in self.tables}
        return {name: protected for name, protected in found.items() if protected is not None}

    def key_ends(self, api_id: str) -> Sequence[float]:
        """When the API's keys expire."""
        with translated("cannot list the API's keys"):
            pages = self.appsync.get_paginator("list_api_keys").paginate(apiId=api_id)
            return [float(key["expires"]) for page in pages for key in page["apiKeys"]]

    def _protected(self, name: str) -> bool | None:
        with translated(f"cannot look at table {name}"):
            try:
                table = self.dynamodb.describe_table(TableName=name)["Table"]
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceNotFoundException":
                    raise
                return None
        return table.get("DeletionProtectionEnabled", False)


def digest_of(template: object) -> str:
    """Of a template, whichever Region's bucket its code lies in.

    Args:
        template: a text, or the object that botocore has read from one in JSON.
    """
    text = template if isinstance(template, str) else json.dumps(template, sort_keys=True)
    return hashlib.sha256(_SAM_BUCKET.sub("", text).encode()).hexdigest()

"""DynamoDB's tables as they are, and CloudFormation's import of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, WaiterError

from antipode_tools.operate.adoption.live import (
    LiveTable,
    Replica,
    resources_to_import,
    template_of,
)
from antipode_tools.operate.stacks.described import described
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TableDescriptionTypeDef

CHANGE_SET = "antipode-import"


@dataclass(frozen=True)
class DynamoDB:
    """Every Region's tables.

    Args:
        at: gives the client of a Region.
    """

    at: Callable[[str], DynamoDBClient]
    home: str

    def find(self, name: str) -> LiveTable | None:
        """The table, as it is in the home Region and in each that has a replica."""
        client = self.at(self.home)
        with translated(f"cannot look at table {name} in {self.home}"):
            try:
                table = client.describe_table(TableName=name)["Table"]
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceNotFoundException":
                    raise
                return None
            ttl = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        regions = {self.home, *(each["RegionName"] for each in table.get("Replicas", []))}
        return LiveTable(
            name=name,
            on_demand=_is_on_demand(table),
            attributes=table["AttributeDefinitions"],
            keys=table["KeySchema"],
            stream=table.get("StreamSpecification", {}).get("StreamViewType", ""),
            replicas={region: self._replica(region, name) for region in sorted(regions)},
            indexes=[
                {part: index[part] for part in ("IndexName", "KeySchema", "Projection")}
                for index in table.get("GlobalSecondaryIndexes", [])
            ],
            ttl=ttl.get("AttributeName", "") if ttl.get("TimeToLiveStatus") == "ENABLED" else "",
            encrypted=table.get("SSEDescription", {}).get("SSEType") == "KMS",
            local_indexes=tuple(
                index["IndexName"] for index in table.get("LocalSecondaryIndexes", [])
            ),
            legacy=table.get("GlobalTableVersion") == "2017.11.29",
        )

    def holds(self, code: str, name: str) -> bool:
        """Whether there is a table of this name in a Region."""
        with translated(f"cannot look at table {name} in {code}"):
            try:
                self.at(code).describe_table(TableName=name)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceNotFoundException":
                    raise
                return False
        return True

    def _replica(self, region: str, name: str) -> Replica:
        client = self.at(region)
        with translated(f"cannot look at table {name} in {region}"):
            table = client.describe_table(TableName=name)["Table"]
            backups = client.describe_continuous_backups(TableName=name)
        recovery = backups["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        key = table.get("SSEDescription", {}).get("KMSMasterKeyArn", "").rpartition("/")[2]
        return Replica(
            protected=table.get("DeletionProtectionEnabled", False),
            point_in_time_recovery=recovery.get("PointInTimeRecoveryStatus") == "ENABLED",
            # AWS's own keys have ARNs, too, but are no multi-Region keys.
            key=key if key.startswith("mrk-") else "",
            status=table.get("TableStatus", "ACTIVE"),
        )


@dataclass(frozen=True)
class CloudFormation:
    """The stack that is to own the tables.

    Args:
        pause_s: between two questions whether an import is done.
    """

    client: CloudFormationClient
    stack: str
    pause_s: int = 5

    def status(self) -> str:
        """The stack's status; empty if there is none."""
        with translated(f"cannot describe stack {self.stack}"):
            found = described(self.client, self.stack)
        return found["StackStatus"] if found else ""

    def begun(self) -> str:
        """The status of an import that was begun, as `CREATE_COMPLETE`; empty if none was."""
        with translated(f"cannot look for an import into stack {self.stack}"):
            try:
                found = self.client.describe_change_set(
                    StackName=self.stack, ChangeSetName=CHANGE_SET
                )
            except ClientError as error:
                if error.response["Error"]["Code"] in ("ChangeSetNotFound", "ValidationError"):
                    return ""
                raise
        done = found.get("ExecutionStatus", "") in ("EXECUTE_COMPLETE", "OBSOLETE")
        if found.get("ExecutionStatus") == "EXECUTE_IN_PROGRESS":
            return "EXECUTE_IN_PROGRESS"
        return "" if done else found.get("Status", "")

    def take(self, tables: Mapping[str, LiveTable]) -> None:
        """Makes the stack, with these tables in it, and waits until it stands.

        Raises:
            OperationError: CloudFormation refuses. No table was changed.
        """
        named: dict[str, Any] = {"StackName": self.stack, "ChangeSetName": CHANGE_SET}
        waiting: Any = {"Delay": self.pause_s}
        resources: Any = resources_to_import(tables)  # the stubs want a TypedDict of their own
        left_over = self.status()
        if left_over and (at := self.begun()).endswith(("_IN_PROGRESS", "_PENDING")):
            raise OperationError(
                f"somebody is importing into stack {self.stack} now (change set {CHANGE_SET} is"
                f" {at}): wait until that has ended, and ask antipode adopt what comes next"
            )
        with translated(f"cannot import the tables into stack {self.stack}"):
            if left_over:  # by an import that broke off
                self.client.delete_change_set(**named)
            self.client.create_change_set(
                **named,
                ChangeSetType="IMPORT",
                TemplateBody=json.dumps(template_of(tables)),
                ResourcesToImport=resources,
            )
            try:
                self.client.get_waiter("change_set_create_complete").wait(
                    **named, WaiterConfig=waiting
                )
            except WaiterError as error:
                reason = self.client.describe_change_set(**named).get("StatusReason", str(error))
                raise OperationError(f"CloudFormation refuses the import: {reason}") from error
            self.client.execute_change_set(**named)
            self.client.get_waiter("stack_import_complete").wait(
                StackName=self.stack, WaiterConfig=waiting
            )


def _is_on_demand(table: TableDescriptionTypeDef) -> bool:
    return table.get("BillingModeSummary", {}).get("BillingMode") == "PAY_PER_REQUEST"

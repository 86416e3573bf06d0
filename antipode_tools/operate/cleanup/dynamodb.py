"""The project's tables in one Region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from antipode_tools.operate.cleanup.leftovers import Table
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.translation import translated
from antipode_tools.operate.waiting import BusyError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TableDescriptionTypeDef

_STACK_TAG = "aws:cloudformation:stack-name"


class _NotFoundError(Exception):
    """There is no such table."""


@dataclass(frozen=True)
class DynamoDBTables:
    """The Tables of one Region.

    Args:
        names: of every model's table. No other is looked at.
    """

    client: DynamoDBClient
    stack: str
    names: Sequence[str]

    def find(self) -> Mapping[str, Table]:
        """Those of the names that are there."""
        found = {name: self._find(name) for name in self.names}
        return {name: table for name, table in found.items() if table}

    def unprotect(self, name: str) -> None:
        """Has DynamoDB let it be deleted."""
        with self._asking(f"switch off the deletion protection of {name}"):
            self.client.update_table(TableName=name, DeletionProtectionEnabled=False)

    def delete(self, name: str) -> None:
        """Begins to delete this Region's replica."""
        try:
            with self._asking(f"delete table {name}"):
                self.client.delete_table(TableName=name)
        except _NotFoundError:
            return

    def _find(self, name: str) -> Table | None:
        try:
            with self._asking(f"look at table {name}"):
                table = self.client.describe_table(TableName=name)["Table"]
                settled = _is_settled(table)
                return Table(
                    settled=settled,
                    protected=table.get("DeletionProtectionEnabled", False),
                    holds_items=settled and self._holds_items(name),
                    replicas=self._other_regions(table),
                    foreign=self._foreign(table),
                )
        except _NotFoundError:
            return None

    def _holds_items(self, name: str) -> bool:
        # ItemCount of DescribeTable is up to six hours old.
        return self.client.scan(TableName=name, Select="COUNT", Limit=1)["Count"] > 0

    def _other_regions(self, table: TableDescriptionTypeDef) -> frozenset[str]:
        regions = {replica["RegionName"] for replica in table.get("Replicas", [])}
        return frozenset(regions - {self.client.meta.region_name})

    def _foreign(self, table: TableDescriptionTypeDef) -> str:
        if not table.get("StreamSpecification", {}).get("StreamEnabled"):
            return "it has no stream"
        tags = self.client.list_tags_of_resource(ResourceArn=table["TableArn"]).get("Tags", [])
        stack = {tag["Key"]: tag["Value"] for tag in tags}.get(_STACK_TAG, self.stack)
        return "" if stack == self.stack else f"it is tagged as one of stack {stack}"

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        doing = f"cannot {what} in {self.client.meta.region_name}"
        with translated(doing):
            try:
                yield
            except ClientError as error:
                raise _translated(error, doing) from error


def _is_settled(table: TableDescriptionTypeDef) -> bool:
    statuses = [table.get("TableStatus"), *_replica_statuses(table)]
    return all(status in ("ACTIVE", None) for status in statuses)


def _replica_statuses(table: TableDescriptionTypeDef) -> list[str | None]:
    return [replica.get("ReplicaStatus") for replica in table.get("Replicas", [])]


def _translated(error: ClientError, doing: str) -> Exception:
    words = error.response["Error"]["Message"]
    match error.response["Error"]["Code"]:
        case "ResourceNotFoundException":
            return _NotFoundError(doing)
        case "ResourceInUseException" | "LimitExceededException":
            return BusyError(f"{doing} yet: {words}")
        case "ValidationException" if "24 hours" in words:
            return OperationError(
                f"{doing}: {words}. Delete the replicas first; if there are none, run this again"
                " a day after the last one was added"
            )
        case _:
            return error

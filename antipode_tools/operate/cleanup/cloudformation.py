"""The stack of one Region, in CloudFormation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from antipode_tools.operate.cleanup.leftovers import Stack, StackState
from antipode_tools.operate.stacks.described import described
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

# REVIEW_IN_PROGRESS is a stack of nothing but a change set that was never carried out.
_FAILED = frozenset({"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS"})

# What a clean-up deletes by itself, if the stack cannot.
_OURS = frozenset({"AWS::DynamoDB::GlobalTable", "AWS::S3::Bucket"})


@dataclass(frozen=True)
class CloudFormationStacks:
    """The Stacks of one Region."""

    client: CloudFormationClient
    name: str

    def find(self) -> Stack | None:
        """The stack, if there is one."""
        with translated(self._cannot("describe")):
            found = described(self.client, self.name)
        if found is None:
            return None
        status = found["StackStatus"]
        return Stack(state_of(status), status, found.get("StackStatusReason", ""))

    def delete(self) -> None:
        """Begins to delete it."""
        with translated(self._cannot("delete")):
            self.client.delete_stack(StackName=self.name)

    def delete_without(self) -> None:
        """Begins to delete it again, without the tables and the bucket that would not go."""
        with translated(self._cannot("delete")):
            pages = self.client.get_paginator("list_stack_resources").paginate(StackName=self.name)
            stuck = [
                each["LogicalResourceId"]
                for page in pages
                for each in page["StackResourceSummaries"]
                if each["ResourceStatus"] == "DELETE_FAILED" and each["ResourceType"] in _OURS
            ]
            self.client.delete_stack(StackName=self.name, RetainResources=stuck)

    def _cannot(self, what: str) -> str:
        return f"cannot {what} stack {self.name} in {self.client.meta.region_name}"


def state_of(status: str) -> StackState:
    """What a status of CloudFormation's means for a clean-up."""
    if status in _FAILED:
        return StackState.FAILED
    if status == "DELETE_FAILED":
        return StackState.UNDELETED
    return StackState.BUSY if status.endswith("_IN_PROGRESS") else StackState.STANDING

"""The stack of one Region, in CloudFormation, and its change sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from antipode_tools.operate.cleanup.cloudformation import state_of
from antipode_tools.operate.deployment.change_set import Action, Change, ChangeSet, Replacement
from antipode_tools.operate.deployment.standing import Stack
from antipode_tools.operate.stacks.described import described
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import ChangeTypeDef, StackEventTypeDef

# What else was under way when something failed. It is no cause.
_CANCELLED = "cancelled"

# A deployment fails by one or two causes; the rest follows from them.
_ENOUGH = 3


@dataclass(frozen=True)
class CloudFormationStacks:
    """The Stacks of one Region."""

    client: CloudFormationClient
    name: str

    def find(self) -> Stack | None:
        """The stack, unless there is none or nothing but a change set of one."""
        with translated(self._cannot("describe")):
            found = described(self.client, self.name)
        if found is None:
            return None
        status = found["StackStatus"]
        if status == "REVIEW_IN_PROGRESS":
            return None
        updated = found.get("LastUpdatedTime")
        return Stack(
            status,
            state_of(status),
            reason=found.get("StackStatusReason", ""),
            parameters={
                each["ParameterKey"]: each.get("ParameterValue", "")
                for each in found.get("Parameters", [])
            },
            outputs={each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])},
            created=found["CreationTime"].timestamp(),
            updated=updated.timestamp() if updated else 0.0,
        )

    def describe(self, change_set: str) -> ChangeSet:
        """What it holds, every page of it."""
        with translated(self._cannot("read a change set of")):
            pages = self.client.get_paginator("describe_change_set").paginate(
                ChangeSetName=change_set
            )
            changes = [_change(each) for page in pages for each in page["Changes"]]
        return ChangeSet(change_set, changes)

    def execute(self, change_set: str) -> None:
        """Begins to carry it out."""
        with translated(self._cannot("deploy")):
            self.client.execute_change_set(ChangeSetName=change_set)

    def discard(self, change_set: str) -> None:
        """Deletes it."""
        with translated(self._cannot("delete a change set of")):
            self.client.delete_change_set(ChangeSetName=change_set)

    def failures(self, since: float) -> Sequence[str]:
        """`RelayFunction: Resource handler returned message ...`, the first causes alone."""
        began = datetime.fromtimestamp(since, UTC)
        causes: list[str] = []
        with translated(self._cannot("read the events of")):
            for page in self.client.get_paginator("describe_stack_events").paginate(
                StackName=self.name
            ):
                events = [each for each in page["StackEvents"] if each["Timestamp"] >= began]
                causes += [_said(each) for each in events if _is_cause(each)]
                if len(events) < len(page["StackEvents"]):
                    break
        return list(dict.fromkeys(reversed(causes)))[:_ENOUGH]

    def _cannot(self, what: str) -> str:
        return f"cannot {what} stack {self.name} in {self.client.meta.region_name}"


def _change(change: ChangeTypeDef) -> Change:
    resource = change["ResourceChange"]
    return Change(
        Action(resource["Action"]),
        resource["LogicalResourceId"],
        resource["ResourceType"],
        Replacement(resource.get("Replacement", "False")),
    )


def _is_cause(event: StackEventTypeDef) -> bool:
    failed = event.get("ResourceStatus", "").endswith("_FAILED")
    return failed and _CANCELLED not in event.get("ResourceStatusReason", "").lower()


def _said(event: StackEventTypeDef) -> str:
    return f"{event.get('LogicalResourceId')}: {event.get('ResourceStatusReason', 'no reason')}"

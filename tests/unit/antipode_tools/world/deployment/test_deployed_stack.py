from __future__ import annotations

from typing import Any

import pytest

from antipode_tools.world.deployment.deployed_stack import first_failure

STACK = "AWS::CloudFormation::Stack"
TABLE = "AWS::DynamoDB::GlobalTable"


def event(kind: str, status: str, reason: str = "") -> Any:
    name = "antipode" if kind == STACK else "ItemsModelTable"
    why = {"ResourceStatusReason": reason} if reason else {}
    return {"ResourceType": kind, "LogicalResourceId": name, "ResourceStatus": status, **why}


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([event(STACK, "CREATE_IN_PROGRESS"), event(TABLE, "CREATE_COMPLETE")], None),
        (
            [
                event(STACK, "CREATE_IN_PROGRESS"),
                event(TABLE, "CREATE_FAILED", "no such type"),
                event(STACK, "ROLLBACK_IN_PROGRESS", "the table failed"),
                event(TABLE, "DELETE_FAILED", "not there"),
            ],
            "ItemsModelTable: no such type",
        ),
        (
            [
                event(STACK, "UPDATE_IN_PROGRESS"),
                event(TABLE, "UPDATE_FAILED", "from the last time"),
                event(STACK, "UPDATE_ROLLBACK_COMPLETE"),
                event(STACK, "UPDATE_IN_PROGRESS"),
                event(TABLE, "UPDATE_FAILED"),
            ],
            "ItemsModelTable: no reason given",
        ),
        (
            [
                event(STACK, "UPDATE_IN_PROGRESS"),
                event(TABLE, "UPDATE_FAILED", "from the last time"),
                event(STACK, "UPDATE_IN_PROGRESS"),
            ],
            None,
        ),
    ],
)
def test_what_failed_first_in_the_last_deployment_is_why_it_failed(
    events: list[Any], why: str | None
) -> None:
    assert first_failure(events[::-1]) == why

"""DynamoDB's answers, and CloudFormation's import."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from antipode_tools.operate.adoption.aws import CHANGE_SET, CloudFormation, DynamoDB
from antipode_tools.operate.adoption.live import refusals, resources_to_import, template_of
from antipode_tools.operate.stacks.errors import OperationError
from tests.unit.antipode_tools.operate.adoption.tables import IRELAND, SYDNEY, TABLE

SESSION = boto3.Session("x", "y")
NAMED = {"StackName": "antipode", "ChangeSetName": CHANGE_SET}


def described(**different: Any) -> dict[str, Any]:
    """DescribeTable's answer, with more in it than an import takes."""
    index = {**TABLE.indexes[0], "IndexStatus": "ACTIVE", "ItemCount": 3}
    table = {
        "TableName": TABLE.name,
        "AttributeDefinitions": TABLE.attributes,
        "KeySchema": TABLE.keys,
        "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": TABLE.stream},
        "GlobalSecondaryIndexes": [index],
        "Replicas": [{"RegionName": SYDNEY}],
        "SSEDescription": {"SSEType": "KMS", "KMSMasterKeyArn": "arn:aws:kms:::key/0a1b-2c3d"},
        "DeletionProtectionEnabled": True,
    }
    return {"Table": {**table, **different}}


RECOVERY = {
    "ContinuousBackupsDescription": {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"},
    }
}


def test_a_table_is_read_in_every_region_that_has_it() -> None:
    clients = {code: SESSION.client("dynamodb", region_name=code) for code in (IRELAND, SYDNEY)}
    with Stubber(clients[IRELAND]) as home, Stubber(clients[SYDNEY]) as other:
        home.add_response("describe_table", described())
        home.add_response(
            "describe_time_to_live",
            {
                "TimeToLiveDescription": {
                    "TimeToLiveStatus": "ENABLED",
                    "AttributeName": "expiresAt",
                }
            },
        )
        home.add_response("describe_table", described())
        home.add_response("describe_continuous_backups", RECOVERY)
        key = {"SSEType": "KMS", "KMSMasterKeyArn": "arn:aws:kms:::key/mrk-0a1b"}
        other.add_response(
            "describe_table", described(DeletionProtectionEnabled=False, SSEDescription=key)
        )
        other.add_response("describe_continuous_backups", RECOVERY)
        assert DynamoDB(clients.__getitem__, IRELAND).find(TABLE.name) == TABLE


def test_a_table_that_is_not_there_is_none() -> None:
    client = SESSION.client("dynamodb", region_name=IRELAND)
    with Stubber(client) as stubber:
        stubber.add_client_error("describe_table", "ResourceNotFoundException", "no")
        assert DynamoDB(lambda _: client, IRELAND).find(TABLE.name) is None


@pytest.fixture
def stack() -> CloudFormation:
    return CloudFormation(
        SESSION.client("cloudformation", region_name=IRELAND), "antipode", pause_s=0
    )


def in_status(status: str) -> dict[str, Any]:
    stack = {
        "StackName": "antipode",
        "CreationTime": "2026-01-01T00:00:00Z",
        "StackStatus": status,
    }
    return {"Stacks": [stack]}


def asked() -> dict[str, Any]:
    tables = {"ItemsModel": TABLE}
    return {
        **NAMED,
        "ChangeSetType": "IMPORT",
        "TemplateBody": json.dumps(template_of(tables)),
        "ResourcesToImport": resources_to_import(tables),
    }


def test_an_import_makes_a_change_set_and_carries_it_out(stack: CloudFormation) -> None:
    with Stubber(stack.client) as stubber:
        stubber.add_client_error("describe_stacks", "ValidationError", "it does not exist")
        stubber.add_response("create_change_set", {}, asked())
        stubber.add_response("describe_change_set", {"Status": "CREATE_IN_PROGRESS"}, NAMED)
        stubber.add_response("describe_change_set", {"Status": "CREATE_COMPLETE"}, NAMED)
        stubber.add_response("execute_change_set", {}, NAMED)
        stubber.add_response("describe_stacks", in_status("IMPORT_IN_PROGRESS"))
        stubber.add_response("describe_stacks", in_status("IMPORT_COMPLETE"))
        stack.take({"ItemsModel": TABLE})
        stubber.assert_no_pending_responses()


def test_an_import_that_was_refused_can_be_tried_again(stack: CloudFormation) -> None:
    with Stubber(stack.client) as stubber:
        stubber.add_response("describe_stacks", in_status("REVIEW_IN_PROGRESS"))
        left = {"Status": "FAILED", "ExecutionStatus": "UNAVAILABLE"}
        stubber.add_response("describe_change_set", left, NAMED)
        stubber.add_response("delete_change_set", {}, NAMED)
        stubber.add_response("create_change_set", {}, asked())
        failed = {"Status": "FAILED", "StatusReason": "the table belongs to a stack"}
        stubber.add_response("describe_change_set", failed, NAMED)
        stubber.add_response("describe_change_set", failed, NAMED)
        with pytest.raises(OperationError) as caught:
            stack.take({"ItemsModel": TABLE})
        stubber.assert_no_pending_responses()
    assert str(caught.value) == ("CloudFormation refuses the import: the table belongs to a stack")


def test_an_import_that_is_rolled_back_is_reported(stack: CloudFormation) -> None:
    with Stubber(stack.client) as stubber:
        stubber.add_client_error("describe_stacks", "ValidationError", "it does not exist")
        stubber.add_response("create_change_set", {}, asked())
        stubber.add_response("describe_change_set", {"Status": "CREATE_COMPLETE"}, NAMED)
        stubber.add_response("execute_change_set", {}, NAMED)
        stubber.add_response("describe_stacks", in_status("ROLLBACK_COMPLETE"))
        with pytest.raises(
            OperationError, match=r"^cannot import the tables into stack antipode: "
        ):
            stack.take({"ItemsModel": TABLE})


def test_a_refusal_to_describe_the_stack_is_not_taken_for_its_absence(
    stack: CloudFormation,
) -> None:
    with Stubber(stack.client) as stubber:
        stubber.add_client_error("describe_stacks", "AccessDenied", "no")
        with pytest.raises(OperationError, match=r"^cannot describe stack antipode: "):
            stack.status()


@pytest.mark.parametrize(
    ("change_set", "begun"),
    [
        ({"Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE"}, "CREATE_COMPLETE"),
        ({"Status": "CREATE_IN_PROGRESS"}, "CREATE_IN_PROGRESS"),
        (
            {"Status": "CREATE_COMPLETE", "ExecutionStatus": "EXECUTE_IN_PROGRESS"},
            "EXECUTE_IN_PROGRESS",
        ),
        ({"Status": "CREATE_COMPLETE", "ExecutionStatus": "EXECUTE_COMPLETE"}, ""),
        ({"Status": "CREATE_COMPLETE", "ExecutionStatus": "OBSOLETE"}, ""),
    ],
)
def test_an_import_that_was_begun_is_told_of_until_it_has_ended(
    stack: CloudFormation, change_set: dict[str, str], begun: str
) -> None:
    with Stubber(stack.client) as stubber:
        stubber.add_response("describe_change_set", change_set, NAMED)
        assert stack.begun() == begun


def test_where_no_import_was_begun_there_is_none(stack: CloudFormation) -> None:
    with Stubber(stack.client) as stubber:
        stubber.add_client_error("describe_change_set", "ChangeSetNotFound", "no")
        assert stack.begun() == ""
        stubber.add_client_error("describe_change_set", "AccessDenied", "no")
        with pytest.raises(OperationError, match=r"^cannot look for an import into stack antipode"):
            stack.begun()


def test_what_somebody_is_importing_is_left_alone(stack: CloudFormation) -> None:
    with Stubber(stack.client) as stubber:
        stubber.add_response("describe_stacks", in_status("REVIEW_IN_PROGRESS"))
        stubber.add_response("describe_change_set", {"Status": "CREATE_IN_PROGRESS"}, NAMED)
        with pytest.raises(OperationError) as caught:
            stack.take({"ItemsModel": TABLE})
        stubber.assert_no_pending_responses()
    assert str(caught.value) == (
        "somebody is importing into stack antipode now (change set antipode-import is"
        " CREATE_IN_PROGRESS): wait until that has ended, and ask antipode adopt what comes next"
    )


def test_what_no_import_can_take_is_read_of_a_table() -> None:
    client = SESSION.client("dynamodb", region_name=IRELAND)
    local = {"IndexName": "byTime", "KeySchema": TABLE.keys, "Projection": {}}
    found = described(Replicas=[], LocalSecondaryIndexes=[local], GlobalTableVersion="2017.11.29")
    with Stubber(client) as stubber:
        stubber.add_response("describe_table", found)
        stubber.add_response("describe_time_to_live", {"TimeToLiveDescription": {}})
        stubber.add_response("describe_table", described(TableStatus="UPDATING"))
        stubber.add_response("describe_continuous_backups", RECOVERY)
        table = DynamoDB(lambda _: client, IRELAND).find(TABLE.name)
    assert table is not None
    assert (table.local_indexes, table.legacy) == (("byTime",), True)
    assert table.replicas[IRELAND].status == "UPDATING"
    assert list(refusals(table)) == [
        "table antipode-ItemsModel has local indexes (byTime), which CloudFormation would replace"
        " it to be rid of: copy its items (antipode backfill) into a table of the stack's",
        "table antipode-ItemsModel is a global table of the version 2017.11.29: update it to the"
        " version 2019.11.21 first, in DynamoDB's console",
    ]


@pytest.mark.parametrize("there", [True, False])
def test_a_table_is_looked_for_in_another_region(there: bool) -> None:
    client = SESSION.client("dynamodb", region_name=SYDNEY)
    with Stubber(client) as stubber:
        if there:
            stubber.add_response("describe_table", described())
        else:
            stubber.add_client_error("describe_table", "ResourceNotFoundException", "no")
        assert DynamoDB(lambda _: client, IRELAND).holds(SYDNEY, TABLE.name) is there

"""DynamoDB's answers, and CloudFormation's import."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from antipode_tools.operate.adoption.aws import CHANGE_SET, CloudFormation, DynamoDB
from antipode_tools.operate.adoption.live import resources_to_import, template_of
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

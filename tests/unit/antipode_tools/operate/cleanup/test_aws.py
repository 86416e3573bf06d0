"""CloudFormation, DynamoDB and S3, as they answer a clean-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from antipode_tools.operate.cleanup.cloudformation import CloudFormationStacks, state_of
from antipode_tools.operate.cleanup.dynamodb import DynamoDBTables
from antipode_tools.operate.cleanup.leftovers import Bucket, Secret, Stack, StackState, Table
from antipode_tools.operate.cleanup.s3 import S3Buckets
from antipode_tools.operate.cleanup.secrets import SecretsManagerSecrets
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.waiting import BusyError
from tests.unit.antipode_tools.operate.cleanup.fakes import BUCKET, IRELAND, SYDNEY, TABLE

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

SESSION = boto3.Session("x", "y", region_name=IRELAND)
ARN = f"arn:aws:dynamodb:eu-west-1:111122223333:table/{TABLE}"


@pytest.fixture
def dynamodb() -> DynamoDBClient:
    return SESSION.client("dynamodb")


@pytest.fixture
def cloudformation() -> CloudFormationClient:
    return SESSION.client("cloudformation")


@pytest.fixture
def s3() -> S3Client:
    return SESSION.client("s3")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("CREATE_FAILED", StackState.FAILED),
        ("ROLLBACK_COMPLETE", StackState.FAILED),
        ("ROLLBACK_FAILED", StackState.FAILED),
        ("REVIEW_IN_PROGRESS", StackState.FAILED),
        ("DELETE_FAILED", StackState.UNDELETED),
        ("CREATE_IN_PROGRESS", StackState.BUSY),
        ("DELETE_IN_PROGRESS", StackState.BUSY),
        ("CREATE_COMPLETE", StackState.STANDING),
        ("UPDATE_ROLLBACK_COMPLETE", StackState.STANDING),
        ("UPDATE_ROLLBACK_FAILED", StackState.STANDING),
        ("IMPORT_COMPLETE", StackState.STANDING),
    ],
)
def test_only_a_stack_whose_creation_failed_is_left_over(status: str, state: StackState) -> None:
    assert state_of(status) is state


def test_a_stack_tells_its_status_and_reason(cloudformation: CloudFormationClient) -> None:
    stack = {
        "StackName": "antipode",
        "CreationTime": "2026-01-01T00:00:00Z",
        "StackStatus": "ROLLBACK_FAILED",
        "StackStatusReason": "the table is protected",
    }
    with Stubber(cloudformation) as stubber:
        stubber.add_response("describe_stacks", {"Stacks": [stack]})
        stubber.add_client_error(
            "describe_stacks", "ValidationError", "Stack with id antipode does not exist"
        )
        stacks = CloudFormationStacks(cloudformation, "antipode")
        assert stacks.find() == Stack(
            StackState.FAILED, "ROLLBACK_FAILED", "the table is protected"
        )
        assert stacks.find() is None


def test_a_refusal_to_describe_the_stack_is_not_taken_for_its_absence(
    cloudformation: CloudFormationClient,
) -> None:
    with Stubber(cloudformation) as stubber:
        stubber.add_client_error("describe_stacks", "AccessDenied", "not authorized")
        with pytest.raises(OperationError, match=r"^cannot describe stack antipode in eu-west-1: "):
            CloudFormationStacks(cloudformation, "antipode").find()


def test_a_stack_that_would_not_go_leaves_its_stuck_table_and_nothing_else(
    cloudformation: CloudFormationClient,
) -> None:
    def resource(name: str, kind: str, status: str) -> dict[str, str]:
        return {
            "LogicalResourceId": name,
            "ResourceType": kind,
            "ResourceStatus": status,
            "LastUpdatedTimestamp": "2026-01-01T00:00:00Z",
        }

    resources = [
        resource("ItemsModelTable", "AWS::DynamoDB::GlobalTable", "DELETE_FAILED"),
        resource("TodoTable", "AWS::DynamoDB::GlobalTable", "DELETE_COMPLETE"),
        resource("RelayRole", "AWS::IAM::Role", "DELETE_FAILED"),
    ]
    with Stubber(cloudformation) as stubber:
        stubber.add_response("list_stack_resources", {"StackResourceSummaries": resources})
        stubber.add_response(
            "delete_stack", {}, {"StackName": "antipode", "RetainResources": ["ItemsModelTable"]}
        )
        CloudFormationStacks(cloudformation, "antipode").delete_without()
        stubber.assert_no_pending_responses()


def described(**different: Any) -> dict[str, Any]:
    return {
        "Table": {
            "TableStatus": "ACTIVE",
            "TableArn": ARN,
            "DeletionProtectionEnabled": True,
            "StreamSpecification": {"StreamEnabled": True},
            "Replicas": [
                {"RegionName": IRELAND, "ReplicaStatus": "ACTIVE"},
                {"RegionName": SYDNEY, "ReplicaStatus": "ACTIVE"},
            ],
            **different,
        }
    }


def test_a_table_is_asked_for_all_that_a_clean_up_goes_by(dynamodb: DynamoDBClient) -> None:
    with Stubber(dynamodb) as stubber:
        stubber.add_response("describe_table", described(), {"TableName": TABLE})
        stubber.add_response(
            "scan", {"Count": 1}, {"TableName": TABLE, "Select": "COUNT", "Limit": 1}
        )
        stubber.add_response("list_tags_of_resource", {"Tags": []}, {"ResourceArn": ARN})
        stubber.add_client_error("describe_table", "ResourceNotFoundException", "no")
        tables = DynamoDBTables(dynamodb, "antipode", [TABLE, "antipode-Todo"])
        assert tables.find() == {
            TABLE: Table(protected=True, holds_items=True, replicas=frozenset({SYDNEY}))
        }


@pytest.mark.parametrize(
    ("different", "tags", "told"),
    [
        ({"StreamSpecification": {"StreamEnabled": False}}, None, "it has no stream"),
        ({}, "shop", "it is tagged as one of stack shop"),
        ({}, "antipode", ""),
    ],
)
def test_a_table_of_another_project_is_known_by_its_stream_and_tags(
    different: dict[str, Any], tags: str | None, told: str, dynamodb: DynamoDBClient
) -> None:
    with Stubber(dynamodb) as stubber:
        stubber.add_response("describe_table", described(**different))
        stubber.add_response("scan", {"Count": 0})
        if tags:
            tag = {"Key": "aws:cloudformation:stack-name", "Value": tags}
            stubber.add_response("list_tags_of_resource", {"Tags": [tag]})
        assert DynamoDBTables(dynamodb, "antipode", [TABLE]).find()[TABLE].foreign == told


@pytest.mark.parametrize(
    "different",
    [
        {"TableStatus": "UPDATING"},
        {"Replicas": [{"RegionName": SYDNEY, "ReplicaStatus": "DELETING"}]},
    ],
)
def test_a_table_that_dynamodb_works_on_is_not_settled(
    different: dict[str, Any], dynamodb: DynamoDBClient
) -> None:
    with Stubber(dynamodb) as stubber:
        stubber.add_response("describe_table", described(**different))
        stubber.add_response("list_tags_of_resource", {"Tags": []})
        table = DynamoDBTables(dynamodb, "antipode", [TABLE]).find()[TABLE]
        assert (table.settled, table.holds_items) == (False, False)


SOURCE = (
    "Replica cannot be deleted because it has acted as a source region for new replicas being"
    " added to the table in the last 24 hours."
)


@pytest.mark.parametrize(
    ("code", "words", "kind", "told"),
    [
        (
            "ResourceInUseException",
            "Table is being updated",
            BusyError,
            f"cannot delete table {TABLE} in eu-west-1 yet: Table is being updated",
        ),
        (
            "ValidationException",
            SOURCE,
            OperationError,
            f"cannot delete table {TABLE} in eu-west-1: {SOURCE}. Delete the replicas first; if"
            " there are none, run this again a day after the last one was added",
        ),
        (
            "AccessDeniedException",
            "no",
            OperationError,
            f"cannot delete table {TABLE} in eu-west-1: An error occurred (AccessDeniedException)"
            " when calling the DeleteTable operation: no",
        ),
    ],
)
def test_dynamodbs_refusals_are_distinguished(
    code: str, words: str, kind: type[OperationError], told: str, dynamodb: DynamoDBClient
) -> None:
    with Stubber(dynamodb) as stubber:
        stubber.add_client_error("delete_table", code, words)
        with pytest.raises(OperationError) as caught:
            DynamoDBTables(dynamodb, "antipode", [TABLE]).delete(TABLE)
    assert (type(caught.value), str(caught.value)) == (kind, told)


def test_a_table_that_is_gone_meanwhile_is_deleted(dynamodb: DynamoDBClient) -> None:
    with Stubber(dynamodb) as stubber:
        stubber.add_client_error("delete_table", "ResourceNotFoundException", "no")
        DynamoDBTables(dynamodb, "antipode", [TABLE]).delete(TABLE)
        stubber.assert_no_pending_responses()


def tagged(stack: str) -> dict[str, Any]:
    return {
        "TagSet": [
            {"Key": "aws:cloudformation:stack-name", "Value": stack},
            {"Key": "aws:cloudformation:logical-id", "Value": "OnFailureBucket"},
        ]
    }


def test_a_bucket_is_the_stacks_by_its_tags_alone(s3: S3Client) -> None:
    names = [BUCKET, "antipode-onfailurebucket-other", "antipode-onfailurebucket-bare"]
    with Stubber(s3) as stubber:
        stubber.add_response(
            "list_buckets",
            {"Buckets": [{"Name": name} for name in names]},
            {"Prefix": "antipode-onfailurebucket-", "BucketRegion": IRELAND},
        )
        stubber.add_response("get_bucket_tagging", tagged("antipode"))
        stubber.add_response("get_bucket_tagging", tagged("other"))
        stubber.add_client_error("get_bucket_tagging", "NoSuchTagSet", "none")
        stubber.add_response("list_object_versions", {"DeleteMarkers": [{"Key": "a"}]})
        assert S3Buckets(s3, "antipode").find() == {BUCKET: Bucket(holds_objects=True)}


def test_a_bucket_goes_with_every_version_of_its_objects(s3: S3Client) -> None:
    versions = {
        "Versions": [{"Key": "a", "VersionId": "1"}],
        "DeleteMarkers": [{"Key": "a", "VersionId": "2"}],
    }
    objects = [{"Key": "a", "VersionId": "1"}, {"Key": "a", "VersionId": "2"}]
    with Stubber(s3) as stubber:
        stubber.add_response("list_object_versions", versions)
        stubber.add_response(
            "delete_objects", {}, {"Bucket": BUCKET, "Delete": {"Objects": objects, "Quiet": True}}
        )
        stubber.add_response("delete_bucket", {}, {"Bucket": BUCKET})
        S3Buckets(s3, "antipode").delete(BUCKET)
        stubber.assert_no_pending_responses()


def test_a_locked_object_keeps_its_bucket(s3: S3Client) -> None:
    with Stubber(s3) as stubber:
        stubber.add_response("list_object_versions", {"Versions": [{"Key": "a", "VersionId": "1"}]})
        stubber.add_response(
            "delete_objects", {"Errors": [{"Key": "a", "Message": "it is locked"}]}
        )
        with pytest.raises(OperationError) as caught:
            S3Buckets(s3, "antipode").delete(BUCKET)
    assert str(caught.value) == (
        f"1 of 1 objects of bucket {BUCKET} cannot be deleted: a: it is locked"
    )


@pytest.fixture
def secrets() -> SecretsManagerSecrets:
    return SecretsManagerSecrets(SESSION.client("secretsmanager"), "antipode")


@pytest.mark.parametrize(
    ("tags", "foreign"),
    [
        ({"aws:cloudformation:stack-name": "antipode"}, ""),
        ({"aws:cloudformation:stack-name": "shop"}, "it is tagged as one of stack shop"),
        ({"owner": "ada"}, "no stack made it"),
    ],
)
def test_the_secret_is_found_with_its_replicas(
    tags: dict[str, str], foreign: str, secrets: SecretsManagerSecrets
) -> None:
    with Stubber(secrets.client) as stubber:
        stubber.add_response(
            "describe_secret",
            {
                "Name": "antipode-token",
                "ReplicationStatus": [{"Region": SYDNEY, "Status": "InSync"}],
                "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
            },
            {"SecretId": "antipode-token"},
        )
        assert secrets.find() == Secret("antipode-token", frozenset({SYDNEY}), foreign)


def test_a_secret_that_is_not_there_is_none(secrets: SecretsManagerSecrets) -> None:
    with Stubber(secrets.client) as stubber:
        stubber.add_client_error("describe_secret", "ResourceNotFoundException", "no")
        assert secrets.find() is None


def test_a_secret_loses_its_replicas_and_goes_at_once(secrets: SecretsManagerSecrets) -> None:
    with Stubber(secrets.client) as stubber:
        stubber.add_response(
            "remove_regions_from_replication",
            {},
            {"SecretId": "antipode-token", "RemoveReplicaRegions": [SYDNEY]},
        )
        stubber.add_response(
            "delete_secret", {}, {"SecretId": "antipode-token", "ForceDeleteWithoutRecovery": True}
        )
        secrets.release(Secret("antipode-token", frozenset({SYDNEY})))
        secrets.delete("antipode-token")
        stubber.assert_no_pending_responses()

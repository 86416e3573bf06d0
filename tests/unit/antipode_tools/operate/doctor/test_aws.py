"""What AWS answers a doctor."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from antipode_tools.operate.doctor.aws import AwsAccount, AwsRegion, digest_of
from antipode_tools.operate.doctor.ports import Concurrency, Deployed
from antipode_tools.operate.stacks.errors import OperationError

SESSION = boto3.Session("x", "y", region_name="eu-west-1")
TEMPLATE = "CodeUri: s3://aws-sam-cli-managed-default-samclisourcebucket-{}/antipode/0a1b"


@pytest.fixture
def region() -> AwsRegion:
    return AwsRegion(
        SESSION.client("lambda"),
        SESSION.client("cloudformation"),
        SESSION.client("dynamodb"),
        SESSION.client("appsync"),
        "antipode",
        ["antipode-ItemsModel", "antipode-Todo"],
    )


def test_the_caller_and_the_roles_are_the_accounts() -> None:
    account = AwsAccount(SESSION.client("sts"), SESSION.client("iam"))
    with Stubber(account.sts) as sts, Stubber(account.iam) as iam:
        sts.add_response("get_caller_identity", {"Arn": "arn:aws:iam::111122223333:user/ada"})
        iam.add_response("get_account_summary", {"SummaryMap": {"Roles": 7, "RolesQuota": 1000}})
        assert account.caller() == "arn:aws:iam::111122223333:user/ada"
        assert account.roles() == (7, 1000)


def test_credentials_that_are_refused_are_reported_in_awss_words() -> None:
    account = AwsAccount(SESSION.client("sts"), SESSION.client("iam"))
    with Stubber(account.sts) as sts:
        sts.add_client_error("get_caller_identity", "ExpiredToken", "The token has expired")
        with pytest.raises(OperationError) as caught:
            account.caller()
    assert str(caught.value) == (
        "AWS does not know these credentials: An error occurred (ExpiredToken) when calling the"
        " GetCallerIdentity operation: The token has expired"
    )


def test_lambda_tells_its_limits(region: AwsRegion) -> None:
    limits = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 900}
    with Stubber(region.functions) as stubber:
        stubber.add_response("get_account_settings", {"AccountLimit": limits})
        assert region.concurrency() == Concurrency(limit=1000, unreserved=900)


def test_a_stack_is_read_with_its_template(region: AwsRegion) -> None:
    stack: dict[str, Any] = {
        "StackName": "antipode",
        "CreationTime": "2026-01-01T00:00:00Z",
        "StackStatus": "CREATE_COMPLETE",
        "EnableTerminationProtection": True,
        "Parameters": [{"ParameterKey": "AuthMode", "ParameterValue": "API_KEY"}],
        "Outputs": [{"OutputKey": "ApiId", "OutputValue": "a"}],
    }
    asked = {"StackName": "antipode", "TemplateStage": "Original"}
    with Stubber(region.cloudformation) as stubber:
        stubber.add_response("describe_stacks", {"Stacks": [stack]})
        stubber.add_response("get_template", {"TemplateBody": "a template"}, asked)
        stubber.add_client_error("describe_stacks", "ValidationError", "it does not exist")
        assert region.stack() == Deployed(
            "CREATE_COMPLETE", {"AuthMode": "API_KEY"}, {"ApiId": "a"}, digest_of("a template")
        )
        assert region.stack() is None


def test_a_template_is_the_same_whatever_bucket_its_code_is_in() -> None:
    assert digest_of(TEMPLATE.format("1a2b")) == digest_of(TEMPLATE.format("9z8y"))
    assert digest_of(TEMPLATE.format("1a2b")) != digest_of(TEMPLATE.format("1a2b") + "c")
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})


def test_only_tables_that_are_there_have_a_protection(region: AwsRegion) -> None:
    with Stubber(region.dynamodb) as stubber:
        stubber.add_response("describe_table", {"Table": {"DeletionProtectionEnabled": True}})
        stubber.add_client_error("describe_table", "ResourceNotFoundException", "no")
        assert region.protection() == {"antipode-ItemsModel": True}


def test_every_key_of_the_api_is_counted(region: AwsRegion) -> None:
    with Stubber(region.appsync) as stubber:
        stubber.add_response(
            "list_api_keys", {"apiKeys": [{"id": "da2-1", "expires": 10}], "nextToken": "more"}
        )
        stubber.add_response("list_api_keys", {"apiKeys": [{"id": "da2-2", "expires": 20}]})
        assert region.key_ends("a") == [10.0, 20.0]

"""A change set made once more, with the alarms that CloudFormation takes it back for."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from unittest.mock import ANY

import boto3
import pytest
from botocore.stub import Stubber

from antipode_tools.operate.deployment.guarding import Clients, Guarding
from antipode_tools.operate.stacks.errors import NotRunningError, OperationError
from antipode_tools.project.regions import Region

SESSION = boto3.Session("x", "y", region_name="eu-west-1")
SET = "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/samcli-deploy1/0a1b"
NEW = "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/antipode-1/0c1d"
IRELAND = Region("ireland", "eu-west-1", "antipode", {})
TEMPLATE = "Transform: AWS::Serverless-2016-10-31\n"
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
KEY = f"antipode/{hashlib.sha256(TEMPLATE.encode()).hexdigest()}.template"


class Stubs:
    """A Region's clients, with the answers that they give."""

    def __init__(self) -> None:
        self.clients = Clients.of(SESSION, "eu-west-1")
        self.cloudformation = Stubber(self.clients.cloudformation)
        self.s3 = Stubber(self.clients.s3)
        self.said: list[str] = []

    def guard(self, role: str = "") -> str:
        guarding = Guarding(lambda _: self.clients, 15, role, self.said.append)
        with self.cloudformation, self.s3:
            made = guarding(IRELAND, SET)
            self.cloudformation.assert_no_pending_responses()
            self.s3.assert_no_pending_responses()
        return made

    def has(self, **resources: str) -> None:
        summaries = [
            {
                "LogicalResourceId": name,
                "PhysicalResourceId": f"antipode-{name}-0F",
                "ResourceType": kind,
                "ResourceStatus": "UPDATE_COMPLETE",
                "LastUpdatedTimestamp": WHEN,
            }
            for name, kind in resources.items()
        ]
        self.cloudformation.add_response(
            "list_stack_resources",
            {"StackResourceSummaries": summaries},
            {"StackName": "antipode"},
        )

    def uploads(self, template: str = TEMPLATE) -> None:
        outputs = [{"OutputKey": "SourceBucket", "OutputValue": "sams"}]
        stack = {
            "StackName": "aws-sam-cli-managed-default",
            "CreationTime": WHEN,
            "StackStatus": "CREATE_COMPLETE",
            "Outputs": outputs,
        }
        self.cloudformation.add_response(
            "describe_stacks", {"Stacks": [stack]}, {"StackName": "aws-sam-cli-managed-default"}
        )
        self.cloudformation.add_response(
            "get_template",
            {"TemplateBody": template},
            {"ChangeSetName": SET, "TemplateStage": "Original"},
        )
        self.s3.add_response("put_object", {}, {"Bucket": "sams", "Key": ANY, "Body": ANY})
        self.cloudformation.add_response(
            "describe_change_set",
            {
                "Parameters": [{"ParameterKey": "Regions", "ParameterValue": "eu-west-1"}],
                "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
                "Tags": [{"Key": "Project", "Value": "antipode"}],
            },
            {"ChangeSetName": SET},
        )

    def makes(self, status: str, **asked: Any) -> None:
        self.cloudformation.add_response("create_change_set", {"Id": NEW}, asked or None)
        self.cloudformation.add_response(
            "describe_change_set",
            {"Status": status, "StatusReason": "no such alarm"},
            {"ChangeSetName": NEW},
        )


@pytest.fixture
def stubs() -> Stubs:
    return Stubs()


ALARM, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"


@pytest.mark.parametrize("role", ["", "arn:aws:iam::111122223333:role/deployer"])
def test_it_is_made_once_more_with_the_alarms_that_call(stubs: Stubs, role: str) -> None:
    stubs.has(FailedAlarm=ALARM, GivenUpAlarm=ALARM, LateAlarm=COMPOSITE)
    stubs.uploads()
    arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:antipode"
    stubs.makes(
        "CREATE_COMPLETE",
        StackName="antipode",
        ChangeSetName=ANY,
        ChangeSetType="UPDATE",
        TemplateURL=f"https://s3.eu-west-1.amazonaws.com/sams/{KEY}",
        Parameters=[{"ParameterKey": "Regions", "ParameterValue": "eu-west-1"}],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Tags=[{"Key": "Project", "Value": "antipode"}],
        RollbackConfiguration={
            "RollbackTriggers": [
                {"Arn": f"{arn}-LateAlarm-0F", "Type": COMPOSITE},
                {"Arn": f"{arn}-GivenUpAlarm-0F", "Type": ALARM},
            ],
            "MonitoringTimeInMinutes": 15,
        },
        **({"RoleARN": role} if role else {}),
    )
    stubs.cloudformation.add_response("delete_change_set", {}, {"ChangeSetName": SET})
    assert stubs.guard(role) == NEW
    assert stubs.said == [
        "ireland: CloudFormation takes it back if one of these rings:"
        " antipode-LateAlarm-0F, antipode-GivenUpAlarm-0F"
    ]


def test_a_template_of_json_is_uploaded_as_such(stubs: Stubs) -> None:
    stubs.has(LateAlarm=COMPOSITE)
    stubs.uploads(template='{"Resources": {}}')
    stubs.makes("CREATE_COMPLETE")
    stubs.cloudformation.add_response("delete_change_set", {}, {"ChangeSetName": SET})
    bodies: list[bytes] = []
    stubs.clients.s3.meta.events.register(
        "before-parameter-build.s3.PutObject", lambda params, **_: bodies.append(params["Body"])
    )
    assert stubs.guard() == NEW
    assert [json.loads(body) for body in bodies] == [{"Resources": {}}]


def test_without_an_alarm_it_stays_as_it_is_and_that_is_said(stubs: Stubs) -> None:
    stubs.has(RelayFunction="AWS::Lambda::Function")
    assert stubs.guard() == SET
    assert stubs.said == ["! ireland has no alarm to be taken back by: deploy AlarmTopicArn first"]


def test_one_that_cannot_be_made_is_deleted_and_says_why(stubs: Stubs) -> None:
    stubs.has(LateAlarm=COMPOSITE)
    stubs.uploads()
    stubs.makes("FAILED")
    stubs.cloudformation.add_response("delete_change_set", {}, {"ChangeSetName": NEW})
    with pytest.raises(OperationError) as raised:
        stubs.guard()
    assert str(raised.value) == "ireland's change set cannot be made with alarms: no such alarm"


def test_without_a_bucket_of_sams_it_says_so(stubs: Stubs) -> None:
    stubs.has(LateAlarm=COMPOSITE)
    stubs.cloudformation.add_client_error("describe_stacks", "ValidationError", "does not exist")
    with pytest.raises(NotRunningError, match="aws-sam-cli-managed-default"):
        stubs.guard()


def test_what_aws_refuses_is_said(stubs: Stubs) -> None:
    stubs.cloudformation.add_client_error("list_stack_resources", "AccessDenied", "no")
    with pytest.raises(OperationError, match="cannot have an alarm take back what is deployed to"):
        stubs.guard()

"""What CloudFormation and AppSync are asked for a deployment, and what is made of their answers."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from antipode_tools.operate.cleanup.leftovers import StackState
from antipode_tools.operate.deployment.alarms import CloudWatchAlarms
from antipode_tools.operate.deployment.api import AppSyncApi
from antipode_tools.operate.deployment.change_set import Action, Change, ChangeSet, Replacement
from antipode_tools.operate.deployment.cloudformation import CloudFormationStacks
from antipode_tools.operate.deployment.standing import Stack
from antipode_tools.operate.stacks.errors import OperationError

SESSION = boto3.Session("x", "y", region_name="eu-west-1")
SET = "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/samcli-deploy1/0a1b"
MADE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def stacks() -> CloudFormationStacks:
    return CloudFormationStacks(SESSION.client("cloudformation"), "antipode")


def described(status: str, **more: object) -> dict[str, Any]:
    stack = {"StackName": "antipode", "CreationTime": MADE, "StackStatus": status, **more}
    return {"Stacks": [stack]}


def test_a_stack_is_read_whole(stacks: CloudFormationStacks) -> None:
    answer = described(
        "UPDATE_COMPLETE",
        StackStatusReason="well",
        LastUpdatedTime=MADE,
        Parameters=[{"ParameterKey": "Regions", "ParameterValue": "eu-west-1,us-east-1"}],
        Outputs=[{"OutputKey": "ApiId", "OutputValue": "a"}],
    )
    with Stubber(stacks.client) as stubber:
        stubber.add_response("describe_stacks", answer, {"StackName": "antipode"})
        found = stacks.find()
    seconds = MADE.timestamp()
    assert found == Stack(
        "UPDATE_COMPLETE",
        StackState.STANDING,
        "well",
        {"Regions": "eu-west-1,us-east-1"},
        {"ApiId": "a"},
        seconds,
        seconds,
    )
    assert found.regions == {"eu-west-1", "us-east-1"}


def test_there_is_no_stack_where_nothing_but_a_change_set_is(stacks: CloudFormationStacks) -> None:
    with Stubber(stacks.client) as stubber:
        stubber.add_client_error("describe_stacks", "ValidationError", "antipode does not exist")
        stubber.add_response("describe_stacks", described("REVIEW_IN_PROGRESS"))
        assert (stacks.find(), stacks.find()) == (None, None)


def test_a_change_set_is_read_to_its_last_page(stacks: CloudFormationStacks) -> None:
    def change(name: str, action: str, **more: str) -> dict[str, Any]:
        kind = {"LogicalResourceId": name, "ResourceType": "AWS::SQS::Queue"}
        return {"Type": "Resource", "ResourceChange": {"Action": action, **kind, **more}}

    first = {"Changes": [change("A", "Add")], "NextToken": "more"}
    last = {"Changes": [change("B", "Modify", Replacement="Conditional")]}
    with Stubber(stacks.client) as stubber:
        stubber.add_response("describe_change_set", first, {"ChangeSetName": SET})
        stubber.add_response(
            "describe_change_set", last, {"ChangeSetName": SET, "NextToken": "more"}
        )
        assert stacks.describe(SET) == ChangeSet(
            SET,
            [
                Change(Action.ADD, "A", "AWS::SQS::Queue"),
                Change(Action.MODIFY, "B", "AWS::SQS::Queue", Replacement.PERHAPS),
            ],
        )


def test_a_change_set_is_carried_out_or_deleted_by_its_arn(stacks: CloudFormationStacks) -> None:
    with Stubber(stacks.client) as stubber:
        stubber.add_response("execute_change_set", {}, {"ChangeSetName": SET})
        stubber.add_response("delete_change_set", {}, {"ChangeSetName": SET})
        stacks.execute(SET)
        stacks.discard(SET)
        stubber.assert_no_pending_responses()


def test_who_may_not_deploy_is_told_so_in_awss_words(stacks: CloudFormationStacks) -> None:
    with Stubber(stacks.client) as stubber:
        stubber.add_client_error("execute_change_set", "AccessDenied", "not authorized")
        with pytest.raises(OperationError) as caught:
            stacks.execute(SET)
    assert str(caught.value) == (
        "cannot deploy stack antipode in eu-west-1: An error occurred (AccessDenied) when calling"
        " the ExecuteChangeSet operation: not authorized"
    )


def test_what_failed_first_is_the_cause(stacks: CloudFormationStacks) -> None:
    def event(minute: int, name: str, status: str, reason: str) -> dict[str, Any]:
        return {
            "StackId": "s",
            "EventId": f"{name}{minute}",
            "StackName": "antipode",
            "LogicalResourceId": name,
            "Timestamp": MADE.replace(minute=minute),
            "ResourceStatus": status,
            "ResourceStatusReason": reason,
        }

    events = [
        event(9, "antipode", "UPDATE_ROLLBACK_COMPLETE", ""),
        event(8, "RelayFunction", "UPDATE_FAILED", "Resource update cancelled"),
        event(7, "Schema", "UPDATE_FAILED", "no such type"),
        event(6, "Api", "UPDATE_COMPLETE", ""),
        event(1, "Queue", "CREATE_FAILED", "of another deployment"),
    ]
    with Stubber(stacks.client) as stubber:
        stubber.add_response("describe_stack_events", {"StackEvents": events})
        assert stacks.failures(MADE.replace(minute=5).timestamp()) == ["Schema: no such type"]


def test_alarms_that_ring_are_asked_for_by_their_stack() -> None:
    alarms = CloudWatchAlarms(SESSION.client("cloudwatch"), "antipode")
    asked = {
        "AlarmNamePrefix": "antipode-",
        "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],
        "StateValue": "ALARM",
    }
    first = {"MetricAlarms": [{"AlarmName": "a"}], "CompositeAlarms": [], "NextToken": "more"}
    last = {"MetricAlarms": [], "CompositeAlarms": [{"AlarmName": "b"}]}
    with Stubber(alarms.client) as stubber:
        stubber.add_response("describe_alarms", first, asked)
        stubber.add_response("describe_alarms", last, {**asked, "NextToken": "more"})
        assert alarms.ringing() == {"a", "b"}


def test_the_schema_that_is_served_is_asked_of_appsync() -> None:
    api = AppSyncApi(SESSION.client("appsync"))
    text = b"type Query { a: Int }"
    asked = {"apiId": "a", "format": "SDL", "includeDirectives": False}
    with Stubber(api.client) as stubber:
        body = StreamingBody(io.BytesIO(text), len(text))
        stubber.add_response("get_introspection_schema", {"schema": body}, asked)
        assert api.schema("a") == text.decode()


class _Answer(BaseHTTPRequestHandler):
    status, body = 200, b""

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(self.status)
        self.send_header("content-length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    do_GET = do_POST = _answer

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), type("Answer", (_Answer,), {})) as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.01,))
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("output", "status", "body", "ailment"),
    [
        ("HealthUrl", 200, b"", ""),
        ("HealthUrl", 503, b'{"failing": ["drained"]}', ""),
        (
            "HealthUrl",
            503,
            b'{"failing": ["data", "drained", "relay"]}',
            "/health has failing: data, relay",
        ),
        ("HealthUrl", 502, b"<html>", "/health answers 502"),
        ("GraphqlUrl", 401, b"", ""),
        ("GraphqlUrl", 404, b"", "the API answers a stranger with 404, not 401"),
    ],
)
def test_a_region_serves_or_says_what_ails_it(
    server: HTTPServer, output: str, status: int, body: bytes, ailment: str
) -> None:
    answering: Any = server.RequestHandlerClass
    answering.status, answering.body = status, body
    api = AppSyncApi(SESSION.client("appsync"))
    url = f"http://127.0.0.1:{server.server_port}/x"
    assert api.ailment({output: url}) == ailment


def test_a_region_that_does_not_answer_ails() -> None:
    api = AppSyncApi(SESSION.client("appsync"))
    with HTTPServer(("127.0.0.1", 0), _Answer) as gone:
        url = f"http://127.0.0.1:{gone.server_port}/x"
    assert api.ailment({"HealthUrl": url}).startswith("it does not answer: Connection")


def test_of_a_stack_without_addresses_nothing_is_asked() -> None:
    assert AppSyncApi(SESSION.client("appsync")).ailment({}) == ""

"""Discovery, with what the services answer written down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from localaws.event_source_mapping.discovery import deployed_mappings
from localaws.event_source_mapping.ports import DeployedMapping
from localaws.event_source_mapping.settings import Settings
from tests.unit.localaws.event_source_mapping.stream_events import STREAM_ARN

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient

SESSION = boto3.Session("test", "test", region_name="eu-west-1")
ONE, TWO, THREE = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
FUNCTION_ARN = "arn:aws:lambda:eu-west-1:000000000000:function:relay"


def configuration(mapping_id: str, **changed: Any) -> dict[str, Any]:
    return {
        "UUID": mapping_id,
        "EventSourceArn": STREAM_ARN,
        "FunctionArn": FUNCTION_ARN,
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 10,
        **changed,
    }


@contextmanager
def deployed(
    configurations: list[dict[str, Any]], metadata: dict[str, str | None]
) -> Iterator[tuple[LambdaClient, CloudFormationClient]]:
    """A Region with these mappings, of which one stack knows those that `metadata` names."""
    functions, stacks = SESSION.client("lambda"), SESSION.client("cloudformation")
    resources = [
        summary(f"Mapping{mapping_id[-1]}", mapping_id, "AWS::Lambda::EventSourceMapping")
        for mapping_id in metadata
    ]
    with Stubber(functions) as functions_stub, Stubber(stacks) as stacks_stub:
        stack = {"StackName": "antipode", "CreationTime": 0, "StackStatus": "CREATE_COMPLETE"}
        stacks_stub.add_response("describe_stacks", {"Stacks": [stack]})
        others = [summary("Table", "Items", "AWS::DynamoDB::GlobalTable"), unfinished()]
        stacks_stub.add_response(
            "list_stack_resources", {"StackResourceSummaries": [*others, *resources]}
        )
        for resource, document in zip(resources, metadata.values(), strict=True):
            detail = resource | ({} if document is None else {"Metadata": document})
            stacks_stub.add_response("describe_stack_resource", {"StackResourceDetail": detail})
        functions_stub.add_response(
            "list_event_source_mappings", {"EventSourceMappings": configurations}
        )
        yield functions, stacks


def summary(logical_id: str, physical_id: str, resource_type: str) -> dict[str, Any]:
    return {
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": physical_id,
        "ResourceType": resource_type,
        "LastUpdatedTimestamp": 0,
        "ResourceStatus": "CREATE_COMPLETE",
    }


def unfinished() -> dict[str, Any]:
    without_id = summary("Next", "", "AWS::Lambda::EventSourceMapping")
    return {name: value for name, value in without_id.items() if name != "PhysicalResourceId"}


def test_a_mapping_is_as_its_stack_wants_it() -> None:
    configurations = [configuration(ONE), configuration(TWO, BatchSize=20)]
    metadata: dict[str, str | None] = {
        ONE: '{"Enabled": true, "SamResourceId": "M"}',
        TWO: '{"Enabled": "false"}',
    }
    with deployed(configurations, metadata) as (functions, stacks):
        assert deployed_mappings(functions, stacks) == [
            DeployedMapping(ONE, FUNCTION_ARN, STREAM_ARN, True, Settings(batch_size=10)),
            DeployedMapping(TWO, FUNCTION_ARN, STREAM_ARN, False, Settings(batch_size=20)),
        ]


def test_a_mapping_that_no_stack_says_anything_of_is_left_alone() -> None:
    configurations = [configuration(ONE), configuration(TWO), configuration(THREE)]
    with deployed(configurations, {ONE: None, TWO: "{}"}) as (functions, stacks):
        assert deployed_mappings(functions, stacks) == []


def test_a_mapping_of_another_source_is_left_alone() -> None:
    of_a_queue = configuration(ONE, EventSourceArn="arn:aws:sqs:eu-west-1:000000000000:queue")
    del of_a_queue["StartingPosition"]
    with deployed([of_a_queue], {ONE: '{"Enabled": true}'}) as (functions, stacks):
        assert deployed_mappings(functions, stacks) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"MaximumRecordAgeInSeconds": 30},
            "MaximumRecordAgeInSeconds is 30, Lambda takes -1 or 60 to 604800",
        ),
        (
            {"FilterCriteria": {"Filters": [{"Pattern": "[]"}]}},
            "a filter pattern is [], it must be an object",
        ),
    ],
)
def test_a_mapping_that_lambda_would_refuse_is_named_and_the_others_served(
    changed: dict[str, Any], message: str, caplog: pytest.LogCaptureFixture
) -> None:
    configurations = [configuration(ONE, **changed), configuration(TWO)]
    metadata: dict[str, str | None] = {ONE: '{"Enabled": true}', TWO: '{"Enabled": true}'}
    with deployed(configurations, metadata) as (functions, stacks):
        assert [each.mapping_id for each in deployed_mappings(functions, stacks)] == [TWO]
    assert caplog.messages == [f"event source mapping {ONE} cannot be served: {message}"]

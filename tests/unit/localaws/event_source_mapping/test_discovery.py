"""Discovery, with what the services answer written down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from localaws.event_source_mapping.discovery import Discovery
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
        stacks_stub.add_response("describe_stacks", {"Stacks": [stack("CREATE_COMPLETE", 0)]})
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


def stack(status: str, created: int, **more: Any) -> dict[str, Any]:
    return {"StackName": "antipode", "CreationTime": created, "StackStatus": status, **more}


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
        assert Discovery(functions, stacks).mappings() == [
            DeployedMapping(ONE, FUNCTION_ARN, STREAM_ARN, True, Settings(batch_size=10)),
            DeployedMapping(TWO, FUNCTION_ARN, STREAM_ARN, False, Settings(batch_size=20)),
        ]


def test_a_mapping_that_no_stack_says_anything_of_is_left_alone() -> None:
    configurations = [configuration(ONE), configuration(TWO), configuration(THREE)]
    with deployed(configurations, {ONE: None, TWO: "{}"}) as (functions, stacks):
        assert Discovery(functions, stacks).mappings() == []


def test_a_mapping_of_another_source_is_left_alone() -> None:
    of_a_queue = configuration(ONE, EventSourceArn="arn:aws:sqs:eu-west-1:000000000000:queue")
    del of_a_queue["StartingPosition"]
    with deployed([of_a_queue], {ONE: '{"Enabled": true}'}) as (functions, stacks):
        assert Discovery(functions, stacks).mappings() == []


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
        assert [each.mapping_id for each in Discovery(functions, stacks).mappings()] == [TWO]
    assert caplog.messages == [f"event source mapping {ONE} cannot be served: {message}"]


def test_the_resources_of_a_stack_are_read_again_once_it_was_updated() -> None:
    functions, stacks = SESSION.client("lambda"), SESSION.client("cloudformation")
    mapping = summary("Mapping", ONE, "AWS::Lambda::EventSourceMapping")
    seen = [
        (stack("UPDATE_IN_PROGRESS", 0, LastUpdatedTime=10), "false"),
        (stack("UPDATE_COMPLETE", 0, LastUpdatedTime=10), "true"),
        (stack("UPDATE_COMPLETE", 0, LastUpdatedTime=10), None),
        (stack("UPDATE_COMPLETE", 0, LastUpdatedTime=20), "false"),
    ]
    with Stubber(functions) as functions_stub, Stubber(stacks) as stacks_stub:
        for described, enabled in seen:
            stacks_stub.add_response("describe_stacks", {"Stacks": [described]})
            if enabled:
                listed = {"StackResourceSummaries": [mapping]}
                stacks_stub.add_response("list_stack_resources", listed)
                detail = mapping | {"Metadata": f'{{"Enabled": {enabled}}}'}
                stacks_stub.add_response("describe_stack_resource", {"StackResourceDetail": detail})
            functions_stub.add_response(
                "list_event_source_mappings", {"EventSourceMappings": [configuration(ONE)]}
            )
        discovery = Discovery(functions, stacks)
        found = [[each.enabled for each in discovery.mappings()] for _ in seen]
        stacks_stub.assert_no_pending_responses()
    assert found == [[False], [True], [True], [False]]

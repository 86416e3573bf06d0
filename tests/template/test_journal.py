"""The template of a project whose clients can ask for what they missed."""

from __future__ import annotations

import pytest

from antipode_tools.schema import limits
from antipode_tools.schema.journal import RESOURCES

from .evaluate import Stack, evaluate
from .reading import Node, load, written_for
from .variants import HOME, OTHER

SOURCE = """
type Card @model(sync: true) { id: ID! }
type Note @model { id: ID! }
type Bell @model(sync: true, queries: { sync: "rung" }) { id: ID! }
"""
KEY = f"mrk-{'0' * 32}"
KEEPING = [
    f"Publish{kind}{model}Resolver"
    for model in ("Card", "Bell")
    for kind in ("Create", "Update", "Delete")
]


@pytest.fixture(scope="module")
def text(template_text: str) -> str:
    return written_for(template_text, SOURCE)


@pytest.fixture(scope="module")
def stack(text: str) -> Stack:
    return evaluate(load(text), region=OTHER)


def test_without_sync_there_is_nothing_of_it(template: Node) -> None:
    stack = evaluate(template)
    assert not stack.of_type("AWS::DynamoDB::Table")
    assert not [name for name in stack.resources if "Sync" in name or "Journal" in name]
    [api] = stack.of_type("AWS::AppSync::GraphQLApi").values()
    assert "JOURNAL" not in api["EnvironmentVariables"]


@pytest.mark.parametrize("region", [HOME, OTHER])
def test_each_region_keeps_what_it_announced_itself(text: str, region: str) -> None:
    stack = evaluate(load(text), region=region)
    assert stack.of_type("AWS::DynamoDB::Table") == {
        "Journal": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": "__bucket", "AttributeType": "S"},
                {"AttributeName": "__at", "AttributeType": "S"},
            ],
            "KeySchema": [
                {"AttributeName": "__bucket", "KeyType": "HASH"},
                {"AttributeName": "__at", "KeyType": "RANGE"},
            ],
            "TimeToLiveSpecification": {"AttributeName": "__expires", "Enabled": True},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": "true"},
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"},
        }
    }
    [api] = stack.of_type("AWS::AppSync::GraphQLApi").values()
    assert api["EnvironmentVariables"]["JOURNAL"] == "${Journal}"


def test_it_holds_copies_and_goes_with_its_stack(stack: Stack) -> None:
    resource = stack.resources["Journal"]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Delete", "Delete")


def test_it_is_encrypted_and_bounded_as_the_tables_are(text: str) -> None:
    parameters = {"KmsKeyId": KEY, "MaxReadRequestUnits": "7", "MaxWriteRequestUnits": "9"}
    [table] = evaluate(load(text), parameters=parameters).of_type("AWS::DynamoDB::Table").values()
    assert table["SSESpecification"] == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": KEY,
    }
    assert table["OnDemandThroughput"] == {"MaxReadRequestUnits": "7"}


def test_what_is_announced_of_these_models_alone_is_put_into_it_before(stack: Stack) -> None:
    found = {
        name: (each["DataSourceName"], each["CodeS3Location"])
        for name, each in stack.of_type("AWS::AppSync::Resolver").items()
        if name.startswith("Publish")
    }
    kept = ("${JournalSource.Name}", "graphql/resolvers/journal.js")
    announced = ("${LocalSource.Name}", "graphql/resolvers/publish.js")
    assert {name for name, its in found.items() if its == kept} == set(KEEPING)
    assert {name for name, its in found.items() if its == announced} == {
        "PublishCreateNoteResolver",
        "PublishUpdateNoteResolver",
        "PublishDeleteNoteResolver",
    }


def test_the_query_reads_its_eight_partitions_one_after_the_other(stack: Stack) -> None:
    resolvers = stack.of_type("AWS::AppSync::Resolver")
    steps = [f"SyncStep{number}" for number in range(1, 9)]
    assert {
        name: (each["FieldName"], each["PipelineConfig"]["Functions"], each["CodeS3Location"])
        for name, each in resolvers.items()
        if name.startswith("Sync")
    } == {
        f"Sync{model}Resolver": (
            field,
            [f"${{{step}.FunctionId}}" for step in steps],
            "graphql/resolvers/sync.js",
        )
        for model, field in (("Card", "syncCards"), ("Bell", "rung"))
    }
    functions = stack.of_type("AWS::AppSync::FunctionConfiguration")
    assert [(name, each["DataSourceName"]) for name, each in functions.items()] == [
        (step, "${JournalSource.Name}") for step in steps
    ]


def test_nobody_is_told_where_to_begin_before_everything_is_kept(stack: Stack) -> None:
    for number in range(1, 9):
        assert stack.resources[f"SyncStep{number}"]["DependsOn"] == KEEPING


def test_its_resources_are_counted(text: str) -> None:
    plain, kept = (
        written_for(text, f"type Card @model{argument} {{ id: ID! }}")
        for argument in ("", "(sync: true)")
    )
    more = len(evaluate(load(kept)).resources) - len(evaluate(load(plain)).resources)
    assert more == 1 + RESOURCES
    assert limits.fixed(kept) == limits.fixed(plain)

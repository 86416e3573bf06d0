"""Tables that @model(table:) names: everything goes by the name, and other models stay alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .evaluate import Stack, TemplateError, evaluate
from .reading import Node, load, walk, written_for
from .test_permissions import listed, policies

HOME, AWAY = "eu-west-1", "ap-southeast-2"
MIXED = """
type ItemsModel @model { id: ID! item: String }
type Todo @model(table: "Todo-abc123-prod") { id: ID! status: String @index(name: "byStatus") }
type Note @model(table: "notes") { id: ID! }
"""
UNNAMED = MIXED.replace('(table: "Todo-abc123-prod")', "").replace('(table: "notes")', "")
NAMED = MIXED.replace("type ItemsModel @model {", 'type ItemsModel @model(table: "items") {')
GATEWAY = {"DomainName": "api.example.com", "HostedZoneId": "Z0123456789"}
TABLES = {"ItemsModel": "shop-ItemsModel", "Todo": "Todo-abc123-prod", "Note": "notes"}


@pytest.fixture(scope="module")
def mixed(template_text: str) -> Node:
    return load(written_for(template_text, MIXED))


def of(template: Node, region: str, **parameters: str) -> Stack:
    return evaluate(template, region=region, stack_name="shop", parameters=parameters)


@pytest.mark.parametrize("region", [HOME, AWAY])
def test_tables_sources_streams_and_outputs_go_by_the_names(mixed: Node, region: str) -> None:
    stack = of(mixed, region)
    owned = {model: f"${{{model}Table}}" for model in TABLES} if region == HOME else TABLES
    assert stack.of_type("Custom::LocalReplicas")["Replicas"]["Tables"] == owned
    assert {
        name: properties["TableName"]
        for name, properties in stack.of_type("AWS::DynamoDB::GlobalTable").items()
    } == ({f"{model}Table": table for model, table in TABLES.items()} if region == HOME else {})
    sources = stack.of_type("AWS::AppSync::DataSource")
    mappings = stack.of_type("AWS::Lambda::EventSourceMapping")
    for model, table in TABLES.items():
        arn = f"arn:aws:dynamodb:{region}:111122223333:table/{table}"
        stream = f"{arn}/stream/${{Replicas.{model}}}"
        assert sources[f"{model}DataSource"]["DynamoDBConfig"]["TableName"] == owned[model]
        assert mappings[f"{model}Mapping"]["EventSourceArn"] == stream
        assert stack.outputs[f"{model}TableName"]["Value"] == table
        assert stack.outputs[f"{model}StreamArn"]["Value"] == stream


def test_relay_and_resolvers_are_told_which_model_a_table_is(mixed: Node) -> None:
    stack = of(mixed, AWAY)
    told = "Todo=Todo-abc123-prod;Note=notes;"
    relay = stack.resources["RelayFunction"]["Properties"]["Environment"]["Variables"]
    api = stack.resources["Api"]["Properties"]["EnvironmentVariables"]
    assert (relay["TABLE_PREFIX"], relay["TABLES"]) == ("shop-", told)
    assert (api["TABLE_PREFIX"], api["TABLES_1"]) == ("shop-", told)


def granted(stack: Stack, action: str) -> dict[str, list[str]]:
    """The tables that each role may do this to, as the ends of their ARNs."""
    return {
        role: [each.partition(":table/")[2] for each in statement["Resource"]]
        for role, _, statements in policies(stack)
        for statement in statements
        if action in listed(statement["Action"])
    }


def test_roles_may_use_the_named_tables_whole_and_nothing_that_is_named_alike(mixed: Node) -> None:
    stack = of(mixed, AWAY, **GATEWAY)
    assert granted(stack, "dynamodb:PutItem") == {
        "DataSourceRole": ["shop-*", "Todo-abc123-prod", "Todo-abc123-prod/index/*", "notes"]
    }
    assert granted(stack, "dynamodb:GetRecords") == {
        "RelayRole": ["shop-*/stream/*", "Todo-abc123-prod/stream/*", "notes/stream/*"]
    }
    assert granted(stack, "dynamodb:DescribeTable") == {
        "ReplicaRole": ["shop-*", "Todo-abc123-prod", "notes"]
    }


@pytest.mark.parametrize(
    ("source", "table", "reach"),
    [(MIXED, "shop-ItemsModel", ["shop-*"]), (NAMED, "items", ["shop-*", "items"])],
)
def test_health_is_looked_for_in_the_first_models_table(
    template_text: str, source: str, table: str, reach: list[str]
) -> None:
    stack = of(load(written_for(template_text, source)), AWAY, **GATEWAY)
    function = stack.resources["HealthFunction"]["Properties"]["Environment"]["Variables"]
    [statement] = [
        each
        for role, _, statements in policies(stack)
        for each in statements
        if role == "HealthRole" and each["Action"] == "dynamodb:GetItem"
    ]
    assert function["TABLE"] == table
    assert [each.partition(":table/")[2] for each in listed(statement["Resource"])] == reach


def test_every_table_may_have_a_name(template_text: str) -> None:
    stack = of(load(written_for(template_text, NAMED)), HOME)
    assert {each["TableName"] for each in stack.of_type("AWS::DynamoDB::GlobalTable").values()} == {
        "items",
        "Todo-abc123-prod",
        "notes",
    }


def test_a_stage_has_another_table_by_its_parameter(mixed: Node) -> None:
    stack = of(mixed, HOME, TodoTableName="staging-shop-Todo")
    assert stack.resources["TodoTable"]["Properties"]["TableName"] == "staging-shop-Todo"
    with pytest.raises(TemplateError):
        of(mixed, HOME, TodoTableName="no")


def changed(before: Stack, after: Stack) -> Iterator[str]:
    """The resources that differ."""
    names = before.resources.keys() | after.resources.keys()
    yield from (
        name for name in sorted(names) if before.resources.get(name) != after.resources.get(name)
    )


@pytest.mark.parametrize("region", [HOME, AWAY])
def test_a_name_changes_what_goes_by_it_and_nothing_of_the_models_beside_it(
    template_text: str, mixed: Node, region: str
) -> None:
    before = of(load(written_for(template_text, UNNAMED)), region)
    # Who owns the tables refers to them, and so is told of their names by themselves.
    parts = ("Mapping", "Table") if region == HOME else ("Mapping", "DataSource")
    assert list(changed(before, of(mixed, region))) == sorted(
        [
            "Api",
            "DataSourceRole",
            "RelayFunction",
            "RelayRole",
            "ReplicaRole",
            *(["Replicas"] if region == AWAY else []),
            *(f"{model}{part}" for model in ("Note", "Todo") for part in parts),
        ]
    )


def test_without_a_name_there_is_nothing_of_it_in_the_template(template: Node) -> None:
    texts = {value for value in walk(template) if isinstance(value, str)}
    assert not [text for text in texts if "TABLES" in text]
    assert not [name for name in template["Parameters"] if name.endswith("TableName")]
    assert not [name for name in template["Resources"] if "Named" in name]

"""The template of a project whose models have indexes, as `antipode schema` writes it."""

from __future__ import annotations

import re

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema import limits
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.naming import upper

from .evaluate import evaluate
from .reading import Node, load, table_loops, written_for

INDEXED = """
type Order @model @auth(rules: [{ allow: owner }]) {
  customer: ID! @primaryKey(sortKeyFields: ["number", "part"])
  number: Int! @index(name: "byNumber", sortKeyFields: ["createdAt"])
  part: String!
  state: State @index(name: "byState", sortKeyFields: ["until", "part"], queryField: "ordersOf")
  owner: String @index(name: "byOwner", sortKeyFields: ["until"], queryField: null)
  until: AWSTimestamp @ttl
}
enum State { NEW OLD }
type Note @model { id: ID!, no: Float @index(name: "yes") }
"""
SOURCE = (
    INDEXED
    + """
type Plain @model(onChange: true) { id: ID! }
type Word @model { id: ID!, no: Float @index(name: "yes") }
"""
)
QUERIES = {
    "ordersOf": "Order",
    "ordersByNumberAndCreatedAt": "Order",
    "notesByNo": "Note",
    "wordsByNo": "Word",
}


@pytest.fixture(scope="module")
def text(template_text: str) -> str:
    return written_for(template_text, SOURCE, AuthMode.AWS_LAMBDA)


def attribute(name: str, type_: str) -> Node:
    return {"AttributeName": name, "AttributeType": type_}


def index(name: str, *fields: str) -> Node:
    return {
        "IndexName": name,
        "KeySchema": [
            {"AttributeName": field, "KeyType": kind}
            for field, kind in zip(fields, ("HASH", "RANGE"), strict=False)
        ],
        "Projection": {"ProjectionType": "ALL"},
    }


def test_a_table_has_its_indexes_and_each_attribute_of_a_key_once(text: str) -> None:
    tables = evaluate(load(text)).of_type("AWS::DynamoDB::GlobalTable")
    told = ("AttributeDefinitions", "GlobalSecondaryIndexes")
    assert {name: tuple(table.get(each) for each in told) for name, table in tables.items()} == {
        "OrderTable": (
            [
                attribute("customer", "S"),
                attribute("number#part", "S"),
                attribute("createdAt", "S"),
                attribute("number", "N"),
                attribute("owner", "S"),
                attribute("state", "S"),
                attribute("until", "N"),
                attribute("until#part", "S"),
            ],
            [
                index("byNumber", "number", "createdAt"),
                index("byOwner", "owner", "until"),
                index("byState", "state", "until#part"),
            ],
        ),
        "NoteTable": ([attribute("id", "S"), attribute("no", "N")], [index("yes", "no")]),
        "WordTable": ([attribute("id", "S"), attribute("no", "N")], [index("yes", "no")]),
        "PlainTable": ([attribute("id", "S")], None),
    }


def test_tables_of_the_same_indexes_share_a_loop(text: str) -> None:
    names = [names for _, names, _ in table_loops(load(text))]
    assert names == [["Plain"], ["Order"], ["Note", "Word"]]


def test_the_order_of_indexes_in_the_file_makes_no_difference(template_text: str) -> None:
    first, second = 'a: ID @index(name: "one")', 'b: Int @index(name: "two", sortKeyFields: ["a"])'
    tables = [
        evaluate(load(written_for(template_text, source))).of_type("AWS::DynamoDB::GlobalTable")
        for source in (
            f"type M @model {{ id: ID!, {each} }}"
            for each in (f"{first} {second}", f"{second} {first}")
        )
    ]
    assert tables[0] == tables[1]


def test_an_index_is_the_same_in_every_replica(text: str) -> None:
    # A replica's own settings of an index would be its capacity, which is on demand.
    tables = evaluate(load(text)).of_type("AWS::DynamoDB::GlobalTable").values()
    assert not [each for table in tables for each in table["Replicas"] if "Global" in str(each)]


def test_every_query_by_an_index_has_its_resolver(text: str) -> None:
    resolvers = evaluate(load(text)).of_type("AWS::AppSync::Resolver")
    found = {
        name: resolver for name, resolver in resolvers.items() if resolver["FieldName"] in QUERIES
    }
    assert found == {
        f"{upper(query)}Resolver": {
            "ApiId": "${Api.ApiId}",
            "TypeName": "Query",
            "FieldName": query,
            "DataSourceName": f"${{{model}DataSource.Name}}",
            "Kind": "UNIT",
            "Runtime": {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"},
            "CodeS3Location": "graphql/resolvers/list.js",
        }
        for query, model in QUERIES.items()
    }


def test_the_data_sources_role_may_query_every_index(text: str) -> None:
    stack = evaluate(load(text))
    [policy] = stack.resources["DataSourceRole"]["Properties"]["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert "dynamodb:Query" in statement["Action"]
    # In a policy `*` stands for any characters, slashes too.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    pattern = re.escape(statement["Resource"]).replace(r"\*", ".*")
    table = f"arn:aws:dynamodb:{stack.region}:111122223333:table/antipode-Order"
    assert re.fullmatch(pattern, f"{table}/index/byState")


def test_a_table_that_gains_an_index_keeps_its_logical_id_and_all_else(template_text: str) -> None:
    """A table under another logical id, or with another key, would be a new and empty one."""
    without = re.sub(r"@index\(.*?\)", "", SOURCE)
    plain, indexed = (
        evaluate(load(written_for(template_text, source, AuthMode.AWS_LAMBDA))).of_type(
            "AWS::DynamoDB::GlobalTable"
        )
        for source in (without, SOURCE)
    )
    added = ("AttributeDefinitions", "GlobalSecondaryIndexes")
    assert plain.keys() == indexed.keys()
    for name, table in plain.items():
        rest = {key: value for key, value in indexed[name].items() if key not in added}
        assert rest == {key: value for key, value in table.items() if key not in added}


def test_the_resources_are_as_many_as_are_counted(text: str) -> None:
    models = compile_models(SOURCE, modes=[AuthMode.AWS_LAMBDA]).models
    counted = limits.fixed(text) + sum(map(limits.resources, models))
    resources = load(text)["Resources"]
    loops = [loop for name, loop in resources.items() if name.startswith("Fn::ForEach::")]
    made = sum(len(names) * len(body) for _, names, body in loops)
    assert len(resources) - len(loops) + made == counted


def test_without_indexes_no_loop_is_left(template_text: str, text: str) -> None:
    source = "type ItemsModel @model { id: ID!, item: String }"
    assert written_for(text, source) == written_for(template_text, source)

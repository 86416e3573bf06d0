"""The template of a project whose models have indexes, as `antipode schema` writes it."""

from __future__ import annotations

import re

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema import limits

from .evaluate import evaluate
from .reading import Node, load, table_loops, written_for

SOURCE = """
type Order
  @model(owner: "owner")
  @key(fields: ["customer", "number"])
  @index(name: "byState", fields: ["state", "createdAt"])
  @index(name: "byNumber", fields: ["number", "createdAt"])
  @index(name: "byOwner", fields: ["owner", "until"]) {
  customer: ID!
  number: Int!
  state: State
  until: AWSTimestamp @ttl
}
enum State { NEW OLD }
type Note @model @index(name: "yes", fields: ["no"]) { id: ID!, no: Float }
type Plain @model { id: ID! }
type Word @model @index(name: "yes", fields: ["no"]) { id: ID!, no: Float }
"""
QUERIES = {
    "listOrderByState": "Order",
    "listOrderByNumber": "Order",
    "listOrderByOwner": "Order",
    "listNoteYes": "Note",
    "listWordYes": "Word",
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
                attribute("number", "N"),
                attribute("createdAt", "S"),
                attribute("owner", "S"),
                attribute("state", "S"),
                attribute("until", "N"),
            ],
            [
                index("byNumber", "number", "createdAt"),
                index("byOwner", "owner", "until"),
                index("byState", "state", "createdAt"),
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
    first, second = '@index(name: "one", fields: ["a"])', '@index(name: "two", fields: ["b", "a"])'
    tables = [
        evaluate(load(written_for(template_text, source))).of_type("AWS::DynamoDB::GlobalTable")
        for source in (
            f"type M @model {each} {{ id: ID!, a: ID, b: Int }}"
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
        name: resolver
        for name, resolver in resolvers.items()
        if name.removesuffix("Resolver") in QUERIES
    }
    assert found == {
        f"{query}Resolver": {
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


def test_the_resolvers_know_the_indexes(text: str) -> None:
    [api] = evaluate(load(text)).of_type("AWS::AppSync::GraphQLApi").values()
    variables = api["EnvironmentVariables"]
    assert [variables[f"INDEXES_{number}"] for number in range(1, 5)] == [
        ";OrderByState=byState,state,createdAt;OrderByNumber=byNumber,number,createdAt;"
        "OrderByOwner=byOwner,owner,until;NoteYes=yes,no;WordYes=yes,no",
        ";",
        ";",
        ";",
    ]


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
    room = limits.capacity(text)
    counted = room.fixed + 4 * room.per_model + len(QUERIES)
    resources = load(text)["Resources"]
    loops = [loop for name, loop in resources.items() if name.startswith("Fn::ForEach::")]
    made = sum(len(names) * len(body) for _, names, body in loops)
    assert len(resources) - len(loops) + made == counted


def test_without_indexes_no_loop_is_left(template_text: str, text: str) -> None:
    source = "type ItemsModel @model { id: ID!, item: String }"
    assert written_for(text, source) == written_for(template_text, source)

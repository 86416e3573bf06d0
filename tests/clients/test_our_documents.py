"""The documents of our own clients are valid for what `antipode schema` makes of models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values

from antipode_tools.project.config import project_root
from antipode_tools.schema.compiler import compile_models
from examples.client import documents
from examples.client.mirror import Ask, Query
from tests.clients.tools import Node

# What a client asks, with its variables.
Json = Any

MODELS = """
type Board @model { id: ID! title: String! cards: [Card] @hasMany(references: ["boardId"]) }
type Card @model(sync: true) {
  id: ID!
  boardId: ID! @index(name: "ofBoard", sortKeyFields: ["position"], queryField: "cardsOfBoard")
  board: Board @belongsTo(references: ["boardId"])
  position: Float!
  title: String!
  state: State
}
type Price @model {
  product: ID! @primaryKey(sortKeyFields: ["country", "since"])
  country: String!
  since: AWSDate!
  cents: Int
}
enum State { TO_DO DONE }
"""
CARD = {"id": "c", "boardId": "b", "position": 1, "title": "tea"}
PRICE = {"product": "tea", "country": "ie", "since": "2026-01-01"}
CARDS = {
    "changes": ["onCreateCard", "onUpdateCard", "onDeleteCard"],
    "keys": [["c"], ["d"]],
    "input": {"create": CARD, "update": {"id": "c", "state": "DONE"}, "delete": {"id": "c"}},
}
QUERIES: Mapping[str, Json] = {
    "all": {"list": "listCards", "select": "title board { title }", "sync": "syncCards", **CARDS},
    "filtered": {
        "list": "listCards",
        "select": "title",
        "filter": {"or": [{"state": {"eq": "DONE"}}, {"position": {"between": [1, 2]}}]},
        **CARDS,
    },
    "by an index": {
        "list": "cardsOfBoard",
        "arguments": {"boardId": "b", "position": {"lt": 5}},
        "types": {"position": "ModelFloatKeyConditionInput"},
        "select": "title",
        **CARDS,
    },
    "by a key of several fields": {
        "list": "listPrices",
        "changes": ["onCreatePrice", "onUpdatePrice", "onDeletePrice"],
        "select": "cents",
        "key": ["product", "country", "since"],
        "types": {"country": "String!", "since": "AWSDate!"},
        "keys": [["tea", "ie", "2026-01-01"]],
        "input": {"create": PRICE, "update": PRICE, "delete": PRICE},
    },
}


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    own = (project_root() / "graphql" / "appsync.graphql").read_text()
    return build_schema(own + compile_models(MODELS).schema)


def wrong(schema: GraphQLSchema, text: str, variables: Json) -> list[str]:
    """What a server would say of a document, and of what is given for its variables."""
    document = parse(text)
    if errors := validate(schema, document):
        return [error.message for error in errors]
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    given = get_variable_values(schema, operation.variable_definitions or (), variables)
    return [error.message for error in given] if isinstance(given, list) else []


@pytest.mark.parametrize("asked", QUERIES)
def test_those_of_the_web_client(node: Node, schema: GraphQLSchema, asked: str) -> None:
    said = node.run(
        "node",
        "tests/clients/javascript/documents.mjs",
        env={"QUERY": json.dumps(QUERIES[asked])},
    )
    made = json.loads(said)
    assert {each["query"]: wrong(schema, **_named(each)) for each in made} == {
        each["query"]: [] for each in made
    }


def _named(made: Json) -> Json:
    return {"text": made["query"], "variables": made["variables"]}


@pytest.mark.parametrize(
    "query",
    [
        Query("Card", "listCards", "title board { title }", sync="syncCards"),
        Query("Card", "listCards", "title", {"boardId": "b"}),
        Query("Board", "listBoards", "title"),
    ],
    ids=["with sync", "with a filter", "all"],
)
def test_those_of_the_example_client(schema: GraphQLSchema, query: Query) -> None:
    asks = [Ask("list", "token")]
    if query.sync:
        asks += [Ask("sync"), Ask("sync", "token", "point")]
    made = [
        *(documents.page(query, ask) for ask in asks),
        documents.get(query, ["a", "b"]),
        *(documents.hear(query, field) for field in query.changes),
    ]
    for each in made:
        payload = each.payload
        assert wrong(schema, payload["query"], payload.get("variables") or {}) == []

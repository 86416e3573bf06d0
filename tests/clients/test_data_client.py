"""The documents that Amplify's data client makes of what `antipode outputs` tells it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import project_root
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.introspection import introspection
from tests.clients.tools import FOLDER, Node

FILES = [
    FOLDER / "models.graphql",
    project_root() / "graphql" / "models.graphql",
    *sorted(project_root().glob("examples/*/models.graphql")),
]
# What the client would say wrongly is left out, and what it says is right.
ODD = """
type item_price @model(mutations: { create: "addPrice" }, subscriptions: null) {
  shop: ID! @primaryKey(sortKeyFields: ["number"])
  number: Int!
  size: Size! @index(name: "by_size", sortKeyFields: ["number", "shop"])
  media: [Media]
  only: Only
  parts: [[Part!]]
  place: Place
  at: AWSTimestamp! @index(name: "byAt", sortKeyFields: ["size"])
}
type Shop @model(queries: { get: "findShop", list: "listShops" }) {
  id: ID!
  near: [Shop] @hasMany(references: ["nearId"])
}
enum Size { S M L }
interface Named { name: String }
type Photo implements Named { name: String }
type Film { minutes: Int }
union Media = Photo | Film
type Only { media: Media }
type Part { number: Int, first: Named }
type Place { city: String }
"""


def documents(
    node: Node, tmp_path: Path, models: str, resolvers: Iterable[Path] = ()
) -> Mapping[str, list[str]]:
    """What is wrong with the documents of each function of the client."""
    files = [each.name for each in resolvers]
    compiled = compile_models(models, modes=[AuthMode.AWS_LAMBDA], files=files)
    told = introspection(compiled.definitions, compiled.models)
    schema = (project_root() / "graphql" / "appsync.graphql").read_text() + compiled.schema
    (tmp_path / "schema.graphql").write_text(schema)
    (tmp_path / "introspection.json").write_text(json.dumps(told))
    said = node.run(
        "node",
        "tests/clients/documents.mjs",
        env={
            "SCHEMA": str(tmp_path / "schema.graphql"),
            "INTROSPECTION": str(tmp_path / "introspection.json"),
        },
    )
    called: Mapping[str, list[str]] = json.loads(said)
    return called


def wrong(called: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    return {function: errors for function, errors in called.items() if errors}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_every_document_of_the_data_client_is_valid(node: Node, tmp_path: Path, file: Path) -> None:
    resolvers = file.parent.glob("graphql/operations/*.js")
    called = documents(node, tmp_path, file.read_text(), resolvers)
    assert wrong(called) == {}


def test_every_kind_of_function_is_there(node: Node, tmp_path: Path) -> None:
    called = documents(node, tmp_path, (FOLDER / "models.graphql").read_text())
    assert [name for name in called if name.startswith("Post.")] == [
        f"Post.{function}"
        for function in (
            *("create", "get", "update", "delete", "list"),
            *("onCreate", "onUpdate", "onDelete", "postsByState"),
        )
    ]


def test_what_the_client_would_say_wrongly_is_left_out(node: Node, tmp_path: Path) -> None:
    called = documents(node, tmp_path, ODD)
    assert wrong(called) == {}
    assert list(called) == [
        *("item_price.get", "item_price.update", "item_price.delete", "item_price.list"),
        *("item_price.item_pricesBySizeAndNumberAndShop", "item_price.item_pricesByAtAndSize"),
        *("Shop.create", "Shop.update", "Shop.delete", "Shop.list"),
        *("Shop.onCreate", "Shop.onUpdate", "Shop.onDelete"),
    ]

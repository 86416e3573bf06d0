"""The documents that Amplify's data client makes of what `antipode outputs` tells it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import project_root
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.introspection import introspection
from tests.clients.tools import FOLDER, Node
from tests.examples import percent
from tests.unit.antipode_tools.schema.any_models import models

APPSYNC = (project_root() / "graphql" / "appsync.graphql").read_text()
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


# What is wrong with the documents of each function of the client.
Called = Mapping[str, list[str]]


def write(folder: Path, name: str, models: str, files: Collection[str] = ()) -> None:
    """A models' file as the client has it: its schema, and what `antipode outputs` tells of it."""
    compiled = compile_models(models, modes=[AuthMode.AWS_LAMBDA], files=files)
    told = introspection(compiled.definitions, compiled.models)
    (folder / f"{name}.schema.graphql").write_text(APPSYNC + compiled.schema)
    (folder / f"{name}.introspection.json").write_text(json.dumps(told))


def of_all(node: Node, folder: Path) -> Mapping[str, Called]:
    """By the names of what is written in a folder."""
    said = node.run("node", "tests/clients/documents.mjs", env={"GENERATED": str(folder)})
    called: Mapping[str, Called] = json.loads(said)
    return called


@pytest.fixture(scope="module")
def of_each(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Called]:
    """Those of every file, by its folder, and the odd ones: Node starts once for all of them."""
    folder = tmp_path_factory.mktemp("files")
    for file in FILES:
        resolvers = file.parent.glob("graphql/operations/*.js")
        write(folder, file.parent.name, file.read_text(), [each.name for each in resolvers])
    write(folder, "odd", ODD)
    return of_all(node, folder)


def wrong(called: Called) -> Called:
    return {function: errors for function, errors in called.items() if errors}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_every_document_of_the_data_client_is_valid(
    of_each: Mapping[str, Called], file: Path
) -> None:
    assert wrong(of_each[file.parent.name]) == {}


# Node takes as long to start as to try some files.
@settings(max_examples=percent(4))
@given(texts=st.lists(models(), min_size=6, max_size=6))
def test_every_document_of_the_data_client_is_valid_whatever_the_models(
    node: Node, tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for number, text in enumerate(texts):
        write(folder, str(number), text)
    for name, called in of_all(node, folder).items():
        assert called
        assert wrong(called) == {}, texts[int(name)]


def test_every_kind_of_function_is_there(of_each: Mapping[str, Called]) -> None:
    assert [name for name in of_each[FOLDER.name] if name.startswith("Post.")] == [
        f"Post.{function}"
        for function in (
            *("create", "get", "update", "delete", "list"),
            *("onCreate", "onUpdate", "onDelete", "postsByState"),
        )
    ]


def test_what_the_client_would_say_wrongly_is_left_out(of_each: Mapping[str, Called]) -> None:
    called = of_each["odd"]
    assert wrong(called) == {}
    assert list(called) == [
        *("item_price.get", "item_price.update", "item_price.delete", "item_price.list"),
        *("item_price.item_pricesBySizeAndNumberAndShop", "item_price.item_pricesByAtAndSize"),
        *("Shop.create", "Shop.update", "Shop.delete", "Shop.list"),
        *("Shop.onCreate", "Shop.onUpdate", "Shop.onDelete"),
    ]

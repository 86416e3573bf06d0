"""What the console reads from an API's schema."""

from __future__ import annotations

import pytest
from graphql import GraphQLError, parse, validate

from antipode_tools.console.api_schema import Model, models, understood
from antipode_tools.console.ready import Ready, ready
from antipode_tools.project.config import project_root
from antipode_tools.project.sample import Seed
from antipode_tools.schema.compiler import compile_models

ITEMS = understood(compile_models("type ItemsModel @model { id: ID! item: String }").schema)
EXAMPLES = [
    "graphql/schema.graphql",
    *(f"examples/{name}/schema.graphql" for name in ("board", "order", "todo")),
]
SEED = Seed("Item1", 7)


def test_a_model_is_known_with_its_key_and_what_to_ask_of_it() -> None:
    fields = "    id\n    item\n    createdAt\n    updatedAt\n    version\n    updatedIn\n"
    change = "    _change { id kind sequence region recordedAt }\n"
    [model] = models(ITEMS)
    assert model == Model(
        name="ItemsModel",
        key=("id",),
        get=f"query GetItemsModel($id: ID!) {{\n  getItemsModel(id: $id) {{\n{fields}  }}\n}}\n",
        changes=tuple(
            f"subscription On{kind}ItemsModel {{\n"
            f"  on{kind}ItemsModel {{\n{fields}{change}  }}\n}}\n"
            for kind in ("Create", "Update", "Delete")
        ),
    )


def test_the_ready_operations_are_all_but_the_relays() -> None:
    assert [(each.kind, each.name, each.variables) for each in ready(ITEMS, SEED)] == [
        ("query", "getItemsModel", {"id": "Item1"}),
        ("query", "listItemsModels", {"limit": 20}),
        ("mutation", "createItemsModel", {"input": {"item": "my item"}}),
        ("mutation", "updateItemsModel", {"input": {"id": "Item1", "item": "my item"}}),
        ("mutation", "deleteItemsModel", {"input": {"id": "Item1"}}),
        ("subscription", "onCreateItemsModel", {}),
        ("subscription", "onUpdateItemsModel", {}),
        ("subscription", "onDeleteItemsModel", {}),
    ]


@pytest.mark.parametrize("file", EXAMPLES)
def test_each_ready_operation_is_valid_as_it_is(file: str) -> None:
    schema = understood((project_root() / file).read_text())
    for each in ready(schema, SEED):
        assert validate(schema, parse(each.document)) == []
    for model in models(schema):
        for document in (model.get, *model.changes):
            assert validate(schema, parse(document)) == []


def test_a_ready_creation_does_not_say_whose_the_item_is() -> None:
    schema = understood((project_root() / "examples/order/schema.graphql").read_text())
    [creation] = [each for each in ready(schema, SEED) if each.name == "createOrder"]
    assert "owner" not in creation.variables["input"]
    assert "status" in creation.variables["input"]


def test_an_api_without_models_has_its_own_operations() -> None:
    schema = understood("type Query { now(zone: AWSTimestamp!): AWSDateTime }")
    assert models(schema) == []
    assert ready(schema, SEED) == [
        Ready(
            "now",
            "query",
            "query Now($zone: AWSTimestamp!) {\n  now(zone: $zone)\n}\n",
            {"zone": 4_102_444_807},
        )
    ]


def test_what_is_no_schema_is_an_error() -> None:
    with pytest.raises(GraphQLError):
        understood("type Query {")

"""An item to try an API with, whatever its models."""

from __future__ import annotations

import re

import pytest
from graphql import GraphQLSchema, parse, validate
from hypothesis import given, settings

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import project_root
from antipode_tools.project.sample import (
    NothingToTryError,
    Sample,
    Seed,
    greeting,
    new_key,
    sample,
    written,
)
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.scalars import SCALARS
from localaws.appsync import ports
from localaws.appsync.schema import build_schema
from tests.examples import percent
from tests.unit.antipode_tools.schema.any_models import KEYS, models

KEY = Seed("Item0000ff", 255)
ANY_KEY = r"Item[0-9a-f]{6}"


def schema_of(models: str) -> str:
    # A mode that every model can have.
    return compile_models((project_root() / models).read_text(), modes=[AuthMode.AWS_LAMBDA]).schema


DEFAULT = schema_of("graphql/models.graphql")
ORDER = schema_of("examples/order/models.graphql")
TODO = schema_of("examples/todo/models.graphql")


def executable(sdl: str) -> GraphQLSchema:
    return build_schema(sdl, ports.AuthMode.API_KEY, only_mode=False).executable


def calls(item: Sample) -> str:
    """The three mutations of an item, as one document."""
    whole = {**item.key, **item.created}
    changed = {**item.key, **item.updated}
    return f"""mutation {{
      create{item.model}(input: {{{written(whole)}}}) {{ {item.shown} }}
      update{item.model}(input: {{{written(changed)}}}) {{ {item.shown} }}
      delete{item.model}(input: {{{written(item.key)}}}) {{ {item.shown} }}
    }}"""


def test_the_default_model_gets_the_item_of_the_walkthrough() -> None:
    assert sample(DEFAULT, {"ItemsModel"}, key=KEY) == Sample(
        model="ItemsModel",
        key={"id": '"Item0000ff"'},
        key_is_made=True,
        created={"item": '"MyItem"'},
        updated={"item": '"YourItem"'},
    )


def test_an_order_gets_what_it_requires_and_a_status_that_changes() -> None:
    assert sample(ORDER, {"Order"}, key=KEY) == Sample(
        model="Order",
        key={"customer": '"Item0000ff"', "orderNumber": "255"},
        key_is_made=False,
        created={"status": "PLACED", "lines": "[]"},
        updated={"status": "PAID"},
    )


def test_a_text_sorts_by_more_than_the_number_it_begins_with() -> None:
    assert sample(TODO, {"Todo"}, key=KEY).updated == {"name": '"YourItem"'}
    text = compile_models("type M @model { id: ID! n: Int text: String }").schema
    assert sample(text, {"M"}, key=KEY).updated == {"text": '"YourItem"'}


def test_the_first_of_the_models_that_are_deployed_is_taken() -> None:
    sdl = compile_models("type A @model { id: ID! } type B @model { id: ID! }").schema
    assert sample(sdl, {"A", "B"}, key=KEY).model == "A"
    assert sample(sdl, {"B"}, key=KEY).model == "B"


def test_a_schema_without_any_create_mutation_is_an_error() -> None:
    with pytest.raises(NothingToTryError) as error:
        sample("type Query { a: ID }", {"M"}, key=KEY)
    assert str(error.value) == (
        "there is nothing to try the API with: its schema can create none of its models"
    )


def test_a_nested_type_gets_its_own_required_fields() -> None:
    source = "type M @model { id: ID!, at: Place! } type Place { city: String!, e: E!, n: Int }"
    sdl = compile_models(f"{source} enum E {{ A B }}").schema
    assert sample(sdl, {"M"}, key=KEY).created == {"at": '{city: "MyItem", e: A}'}


@pytest.mark.parametrize("scalar", KEYS)
def test_another_seed_is_another_key_of_any_type(scalar: str) -> None:
    sdl = compile_models(f"type M @model {{ id: {scalar}! }}").schema
    [one], [other] = (
        sample(sdl, {"M"}, key=Seed(word, number)).key.values()
        for word, number in (("Item000001", 1), ("Itemffffff", 2**24 - 1))
    )
    assert one != other


@pytest.mark.parametrize("number", [0, 1, 86_399, 2**24 - 1])
@pytest.mark.parametrize("scalar", sorted(SCALARS))
def test_a_value_of_any_type_is_one_that_appsync_takes(scalar: str, number: int) -> None:
    key = "key" if scalar in KEYS else "value"
    typed = f"key: {'ID' if key == 'value' else scalar}!, value: {scalar}!"
    sdl = compile_models(f'type M @model @key(fields: ["key"]) {{ {typed} }}').schema
    item = sample(sdl, {"M"}, key=Seed("Item0", number))
    assert validate(executable(sdl), parse(calls(item))) == []


def test_new_keys_are_as_the_walkthrough_names_items() -> None:
    key = new_key()
    assert key == Seed(f"Item{key.number:06x}", key.number)


def test_the_default_model_is_greeted_as_the_readme_says() -> None:
    hello = 'mutation { createItemsModel(input: {item: "hello"}) { id item } }'
    assert greeting(DEFAULT, {"ItemsModel"}) == hello


def test_a_greeting_brings_a_key_where_the_api_generates_none() -> None:
    greeted = re.sub(
        ANY_KEY, "KEY", re.sub(r"Number: \d+", "Number: 7", greeting(ORDER, {"Order"}))
    )
    assert greeted == (
        'mutation { createOrder(input: {customer: "KEY", orderNumber: 7, status: PLACED, '
        "lines: []}) { customer orderNumber status } }"
    )


@given(models())
@settings(max_examples=percent(30))
def test_an_item_of_any_models_can_be_created_changed_and_deleted(source: str) -> None:
    compiled = compile_models(source)
    schema = executable(compiled.schema)
    for model in compiled.models:
        item = sample(compiled.schema, {model.name}, key=KEY)
        assert validate(schema, parse(calls(item))) == []
        assert validate(schema, parse(greeting(compiled.schema, {model.name}))) == []


def test_whose_an_item_is_is_left_to_the_server() -> None:
    source = """type Note @model @auth(rules: [{ allow: owner, ownerField: "by" }]) {
      by: String
      text: String
    }"""
    sdl = compile_models(source, modes=[AuthMode.AWS_LAMBDA]).schema
    item = sample(sdl, {"Note"}, key=KEY)
    assert (item.created, item.updated) == ({"text": '"MyItem"'}, {"text": '"YourItem"'})

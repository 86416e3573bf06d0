"""Whatever models there are, an item comes to a subscriber as it lies in the table."""

from __future__ import annotations

import asyncio

import pytest
from antipode.relay.change import ChangeKind
from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.model import Model
from antipode_tools.schema.selection import is_related
from localaws.appsync.ports import GraphQLRequest
from tests.examples import percent
from tests.property.announced import REGION, Announced, record
from tests.property.any_items import Items, Json, Value
from tests.unit.antipode_tools.schema.any_models import models


def everything(schema: GraphQLSchema, type_: GraphQLNamedType) -> str:
    """A selection of all that a type holds, __typename included: what a client would write."""
    match type_:
        case GraphQLObjectType(fields=fields):
            selected = (
                f"{name} {everything(schema, get_named_type(field.type))}"
                for name, field in fields.items()
                if not is_related(get_named_type(field.type))
            )
            return f"{{ __typename {' '.join(selected)} }}"
        case GraphQLInterfaceType() | GraphQLUnionType():
            members = schema.get_possible_types(type_)
            spread = (f"... on {each.name} {everything(schema, each)}" for each in members)
            return f"{{ __typename {' '.join(spread)} }}"
        case _:
            return ""


def subscription(schema: GraphQLSchema, model: Model, verb: str, item: Value) -> GraphQLRequest:
    """To the changes of this very item, by its key."""
    names = [field.name for field in model.key]
    declared = ", ".join(f"${field.name}: {field.named}" for field in model.key)
    passed = ", ".join(f"{name}: ${name}" for name in names)
    selected = everything(schema, schema.type_map[model.name])
    return GraphQLRequest(
        f"subscription ({declared}) {{ told: on{verb}{model.name}({passed}) {selected} }}",
        {name: item.told[name] for name in names},
    )


async def heard(announced: Announced, model: Model, item: Value, kind: str) -> dict[str, Json]:
    """What each subscription to a kind of change is told of an item, by its verb."""
    announcement = await announced.announce(record(model, item, kind))
    told = {}
    for verb in [kind.capitalize(), *(["Change"] if "Change" in model.names.on else [])]:
        request = subscription(announced.schema, model, verb, item)
        accepted = await announced.accepted(request)
        assert accepted.matches(announcement)
        told[verb] = accepted.payload(announcement)
    return told


def provenance(kind: str) -> Json:
    return {
        "__typename": "Change",
        "id": "event-1",
        "kind": kind,
        "sequence": "1001",
        "region": REGION,
        "recordedAt": "2026-11-22T20:47:00.000Z",
    }


def check(source: str, data: st.DataObject, *, whole: bool) -> None:
    announced = Announced(compile_models(source))
    items = Items(announced.schema, whole=whole)
    for model in announced.compiled.models:
        key = tuple(field.name for field in model.key)
        item = data.draw(items.of(model.name, key), label=model.name)
        kind = data.draw(st.sampled_from(list(ChangeKind))).value
        told_of = {**item.told, "_change": provenance(kind)}
        type_ = announced.schema.type_map[model.name]
        assert isinstance(type_, GraphQLObjectType)
        if "_was" in type_.fields:
            told_of["_was"] = None
        wanted = {"data": {"told": told_of}}
        for verb, told in asyncio.run(heard(announced, model, item, kind)).items():
            assert told == wanted, verb


@pytest.mark.parametrize("whole", [True, False], ids=["every field set", "some without a value"])
@given(source=models(), data=st.data())
@settings(max_examples=percent(30))
def test_an_item_of_any_models_arrives_as_it_lies_in_the_table(
    whole: bool, source: str, data: st.DataObject
) -> None:
    check(source, data, whole=whole)

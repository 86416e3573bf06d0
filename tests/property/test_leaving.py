"""Whoever asked for what an item is, or for what it was, hears of its update; and nobody else."""

from __future__ import annotations

import asyncio

from graphql import GraphQLField
from hypothesis import given, settings
from hypothesis import strategies as st

from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.model import Model
from antipode_tools.schema.scalars import SCALARS
from localaws.appsync.ports import GraphQLRequest
from tests.examples import percent
from tests.property.announced import Announced, record
from tests.property.any_items import Items, Json, Value

COMPARABLE = sorted(name for name, scalar in SCALARS.items() if scalar.filter)
KEYS = sorted(name for name, scalar in SCALARS.items() if scalar.key_type)


@st.composite
def cards(draw: st.DrawFn) -> str:
    """A model that subscribers choose by three fields of, each of any type."""
    key = draw(st.sampled_from(KEYS))
    types = draw(st.lists(st.sampled_from([*COMPARABLE, "State"]), min_size=3, max_size=3))
    fields = "".join(f" f{number}: {name}" for number, name in enumerate(types))
    return f"""
        type Card @model(onChange: true) {{ k: {key}! @primaryKey{fields} more: [Int] }}
        enum State {{ OPEN SHUT }}
    """


def updated(data: st.DataObject, old: Value, other: Value) -> Value:
    """The item after an update, which gives it some values of the other, and leaves its key."""
    names = data.draw(st.sets(st.sampled_from(sorted(set(old.told) - {"k"}))), label="updated")
    stored = {name: value for name, value in old.stored["M"].items() if name not in names}
    stored |= {name: value for name, value in other.stored["M"].items() if name in names}
    return Value({"M": stored}, {**old.told, **{name: other.told[name] for name in names}})


def asked(data: st.DataObject, field: GraphQLField, old: Value, other: Value) -> dict[str, Json]:
    """Some arguments, most of which the item met before."""
    names = data.draw(
        st.sets(st.sampled_from(sorted(field.args.keys() - {"filter"}))), label="asked"
    )
    of = st.sampled_from([old, old, old, other])
    chosen = {name: data.draw(of).told[name] for name in sorted(names)}
    return {name: value for name, value in chosen.items() if is_asked_for(value)}


def is_asked_for(value: Json) -> bool:
    """Whether an argument can have the value: no null, and no number that JavaScript rounds."""
    return value is not None and not (isinstance(value, float) and abs(value) > 2**53)


def subscription(name: str, field: GraphQLField, arguments: dict[str, Json]) -> GraphQLRequest:
    declared = ", ".join(f"${each}: {argument.type}" for each, argument in field.args.items())
    passed = ", ".join(f"{each}: ${each}" for each in field.args)
    return GraphQLRequest(
        f"subscription ({declared}) {{ {name}({passed}) {{ __typename }} }}", arguments
    )


async def hears(
    announced: Announced, model: Model, old: Value, new: Value, request: GraphQLRequest
) -> bool:
    accepted = await announced.accepted(request)
    return accepted.matches(await announced.announce(record(model, new, "UPDATE", earlier=old)))


def fits(item: Value, arguments: dict[str, Json]) -> bool:
    return all(item.told[name] == value for name, value in arguments.items())


@given(source=cards(), data=st.data())
@settings(max_examples=percent(50))
def test_who_asked_for_what_an_item_is_or_was_hears_of_its_update_and_nobody_else(
    source: str, data: st.DataObject
) -> None:
    announced = Announced(compile_models(source))
    [model] = announced.compiled.models
    items = Items(announced.schema, whole=data.draw(st.booleans())).of("Card", ("k",))
    old, other = data.draw(items, label="old"), data.draw(items, label="other")
    new = updated(data, old, other)
    name = data.draw(st.sampled_from(["onUpdateCard", "onChangeCard"]))
    root = announced.schema.subscription_type
    assert root
    arguments = asked(data, root.fields[name], old, other)

    request = subscription(name, root.fields[name], arguments)
    heard = asyncio.run(hears(announced, model, old, new, request))

    # Who wrote tells of the write: it is never asked of what the item was.
    was = Value({}, {**old.told, "updatedIn": new.told["updatedIn"]})
    assert heard is (fits(new, arguments) or fits(was, arguments))

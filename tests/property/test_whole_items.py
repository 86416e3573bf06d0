"""Whatever models there are, an item comes to a subscriber as it lies in the table.

The whole way of an announcement, with AppSync's part of it in memory: a stream record, the relay's
decoding and its documents, publish.js, GraphQL's execution and the subscriber's own selection.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from antipode.relay.change import Change, ChangeKind, read
from antipode.relay.documents import load
from antipode.relay.publishing import publication
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

from antipode_tools.project.config import project_root
from antipode_tools.schema.built import built
from antipode_tools.schema.compiler import Compiled, compile_models
from antipode_tools.schema.models import Model
from localaws.appsync.data_sources import DataSources
from localaws.appsync.deployed import Api, NoneSource, Step, UnitResolver
from localaws.appsync.endpoint import GraphQLEndpoint
from localaws.appsync.javascript.evaluator import CodeRunner
from localaws.appsync.permissions import Permissions
from localaws.appsync.ports import (
    Announcement,
    AuthMode,
    Evaluation,
    GraphQLRequest,
    HandlerName,
    Identity,
)
from tests.examples import percent
from tests.property.any_items import Items, Json, Value
from tests.unit.antipode_tools.schema.any_models import models

RELAY = "AROARELAY"
REGION = "eu-west-1"
EVENTS = {"CREATE": "INSERT", "UPDATE": "MODIFY", "DELETE": "REMOVE"}
PUBLISH = Step(
    "publish",
    (project_root() / "graphql" / "resolvers" / "publish.js").read_text(),
    NoneSource("LocalSource"),
)
_runner = CodeRunner()


class Inline:
    """Runs resolvers where it is called."""

    async def evaluate(self, code: str, function: HandlerName, context: Json) -> Evaluation:
        return _runner.run(code, function, context)


def endpoint(compiled: Compiled, announce: Callable[[Announcement], None]) -> GraphQLEndpoint:
    """The API of some models, with its publish mutations alone."""
    publishes = [
        mutation["field"]
        for model in json.loads(compiled.documents)["models"].values()
        for mutation in model["mutations"].values()
    ]
    return GraphQLEndpoint(
        Api(
            api_id="api",
            region=REGION,
            sdl=compiled.schema,
            resolvers={("Mutation", name): UnitResolver(PUBLISH) for name in publishes},
            api_keys=(),
            default_mode=AuthMode.API_KEY,
            additional_modes=(AuthMode.AWS_IAM,),
            environment={"RELAY_ROLE_ID": RELAY},
        ),
        hosts=frozenset(),
        # Who calls is told beforehand.
        authenticator=cast("Any", None),
        permissions=Permissions(cast("Any", None), "", cast("Any", None)),
        evaluator=Inline(),
        # A publish mutation has no data source that is called.
        sources=DataSources(cast("Any", None), cast("Any", None), cast("Any", None)),
        announce=announce,
        invalidate=lambda _: None,
    )


def record(model: Model, item: Value, kind: str) -> Json:
    """What a stream tells of a change of the item."""
    image = item.stored["M"]
    return {
        "eventID": "event-1",
        "eventName": EVENTS[kind],
        "eventSource": "aws:dynamodb",
        "eventSourceARN": f"arn:aws:dynamodb:{REGION}:1:table/antipode-{model.name}/stream/2026",
        "dynamodb": {
            "ApproximateCreationDateTime": 1795380420,
            "Keys": {field.name: image[field.name] for field in model.key},
            "OldImage" if kind == "DELETE" else "NewImage": image,
            "SequenceNumber": "1001",
        },
    }


def everything(schema: GraphQLSchema, type_: GraphQLNamedType) -> str:
    """A selection of all that a type has, __typename included: what a client would write."""
    match type_:
        case GraphQLObjectType(fields=fields):
            selected = (
                f"{name} {everything(schema, get_named_type(field.type))}"
                for name, field in fields.items()
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


class Announced:
    """Some models' API, and what it was made to announce."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.schema = built(compiled.schema)
        self._heard: list[Announcement] = []
        self._api = endpoint(compiled, self._heard.append)
        self._models = load(compiled.documents)

    async def told(self, model: Model, item: Value, kind: str) -> dict[str, Json]:
        """What each subscription to a kind of change is told of an item, by its verb."""
        announcement = await self._announce(model, item, kind)
        told = {}
        for verb in [kind.capitalize(), *(["Change"] if model.on_change else [])]:
            request = subscription(self.schema, model, verb, item)
            accepted = await self._api.subscribe(Identity(AuthMode.API_KEY), request, {})
            assert accepted.matches(announcement)
            told[verb] = accepted.payload(announcement)
        return told

    async def _announce(self, model: Model, item: Value, kind: str) -> Announcement:
        change = read(record(model, item, kind), table_prefix="antipode-")
        assert isinstance(change, Change), change
        published = publication(change, self._models[model.name], region=REGION)
        assert published.dropped == ()
        body = json.loads(published.body)
        relay = Identity(AuthMode.AWS_IAM, {"username": f"{RELAY}:relay"})
        request = GraphQLRequest(body["query"], body["variables"])
        executed = await self._api.execute(relay, request, {})
        assert "errors" not in executed.body
        return self._heard.pop()


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
        wanted = {"data": {"told": {**item.told, "_change": provenance(kind)}}}
        for verb, told in asyncio.run(announced.told(model, item, kind)).items():
            assert told == wanted, verb


@pytest.mark.parametrize("whole", [True, False], ids=["every field set", "some without a value"])
@given(source=models(), data=st.data())
@settings(max_examples=percent(30))
def test_an_item_of_any_models_arrives_as_it_lies_in_the_table(
    whole: bool, source: str, data: st.DataObject
) -> None:
    check(source, data, whole=whole)

"""The whole way of an announcement, with AppSync's part of it in memory.

A stream record, the relay's decoding and its documents, publish.js, GraphQL's execution, the filter
that subscribe.js sets and the subscriber's own selection.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from antipode.relay.change import Change, read
from antipode.relay.documents import load
from antipode.relay.publishing import publication

from antipode_tools.project.config import project_root
from antipode_tools.schema.built import built
from antipode_tools.schema.compiler import Compiled
from antipode_tools.schema.environment import variables
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
    Subscription,
)
from tests.property.any_items import Json, Value

RELAY = "AROARELAY"
REGION = "eu-west-1"
EVENTS = {"CREATE": "INSERT", "UPDATE": "MODIFY", "DELETE": "REMOVE"}
_runner = CodeRunner()


class Inline:
    """Runs resolvers where it is called."""

    async def evaluate(self, code: str, function: HandlerName, context: Json) -> Evaluation:
        return _runner.run(code, function, context)


def _resolver(name: str) -> UnitResolver:
    code = (project_root() / "graphql" / "resolvers" / f"{name}.js").read_text()
    return UnitResolver(Step(name, code, NoneSource("LocalSource")))


def _environment(models: tuple[Model, ...]) -> Mapping[str, str]:
    """What the template tells the resolvers."""
    told = enumerate(variables(models), start=1)
    return {"RELAY_ROLE_ID": RELAY, **{f"MODELS_{number}": f";{text}" for number, text in told}}


def endpoint(compiled: Compiled, announce: Callable[[Announcement], None]) -> GraphQLEndpoint:
    """The API of some models, with what is announced of them alone."""
    publishes = [
        mutation["field"]
        for model in json.loads(compiled.documents)["models"].values()
        for mutation in model["mutations"].values()
    ]
    subscriptions = [name for model in compiled.models for name in model.names.subscriptions]
    return GraphQLEndpoint(
        Api(
            api_id="api",
            region=REGION,
            sdl=compiled.schema,
            resolvers={
                **{("Mutation", name): _resolver("publish") for name in publishes},
                **{("Subscription", name): _resolver("subscribe") for name in subscriptions},
            },
            api_keys=(),
            default_mode=AuthMode.API_KEY,
            additional_modes=(AuthMode.AWS_IAM,),
            environment=_environment(compiled.models),
        ),
        hosts=frozenset(),
        # Who calls is told beforehand.
        authenticator=cast("Any", None),
        permissions=Permissions(cast("Any", None), "", cast("Any", None)),
        evaluator=Inline(),
        # Neither publish mutations nor subscriptions have a data source that is called.
        sources=DataSources(cast("Any", None), cast("Any", None), cast("Any", None)),
        announce=announce,
        invalidate=lambda _: None,
    )


def record(model: Model, item: Value, kind: str, *, earlier: Value | None = None) -> Json:
    """What a stream tells of a change of the item."""
    image = item.stored["M"]
    old = {} if earlier is None else {"OldImage": earlier.stored["M"]}
    return {
        "eventID": "event-1",
        "eventName": EVENTS[kind],
        "eventSource": "aws:dynamodb",
        "eventSourceARN": f"arn:aws:dynamodb:{REGION}:1:table/antipode-{model.name}/stream/2026",
        "dynamodb": {
            "ApproximateCreationDateTime": 1795380420,
            "Keys": {field.name: image[field.name] for field in model.key},
            **old,
            "OldImage" if kind == "DELETE" else "NewImage": image,
            "SequenceNumber": "1001",
        },
    }


class Announced:
    """Some models' API, and what it was made to announce."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.schema = built(compiled.schema)
        self._heard: list[Announcement] = []
        self._api = endpoint(compiled, self._heard.append)
        self._models = load(compiled.documents)

    async def accepted(self, request: GraphQLRequest) -> Subscription:
        """A subscription that a client starts."""
        return await self._api.subscribe(Identity(AuthMode.API_KEY), request, {})

    async def announce(self, record: Json) -> Announcement:
        """What the relay has the API announce of a stream record."""
        change = read(record, table_prefix="antipode-")
        assert isinstance(change, Change), change
        published = publication(change, self._models[change.model], region=REGION)
        assert published.dropped == ()
        body = json.loads(published.body)
        relay = Identity(AuthMode.AWS_IAM, {"username": f"{RELAY}:relay"})
        request = GraphQLRequest(body["query"], body["variables"])
        executed = await self._api.execute(relay, request, {})
        assert "errors" not in executed.body, executed.body
        return self._heard.pop()

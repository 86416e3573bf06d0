"""The whole way of an announcement, with AppSync's part of it in memory.

A stream record, the relay's decoding and its documents, publish.js, GraphQL's execution, the filter
that subscribe.js sets and the subscriber's own selection.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, cast

from antipode.relay.change import Change, read
from antipode.relay.documents import load
from antipode.relay.publishing import publication
from graphql import GraphQLSchema

from antipode_tools.project import auth_mode
from antipode_tools.project.config import project_root
from antipode_tools.schema.built import built
from antipode_tools.schema.compiler import Compiled
from antipode_tools.schema.environment import variables
from antipode_tools.schema.model import Model
from localaws.appsync.data_sources import DataSources
from localaws.appsync.deployed import (
    Api,
    DataSource,
    FieldKey,
    NoneSource,
    Resolver,
    Step,
    UnitResolver,
)
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
_LOCAL = NoneSource("LocalSource")
_KEY = Identity(AuthMode.API_KEY)
_runner = CodeRunner()


class Inline:
    """Runs resolvers where it is called."""

    async def evaluate(self, code: str, function: HandlerName, context: Json) -> Evaluation:
        return _runner.run(code, function, context)


def resolver(name: str, source: DataSource = _LOCAL) -> UnitResolver:
    """One of the project's resolvers."""
    code = (project_root() / "graphql" / "resolvers" / f"{name}.js").read_text()
    return UnitResolver(Step(name, code, source))


def _environment(models: tuple[Model, ...], modes: Sequence[AuthMode]) -> Mapping[str, str]:
    """What the template tells the resolvers."""
    known = [auth_mode.AuthMode(mode) for mode in modes]
    told = enumerate(variables(models, modes=known), start=1)
    fixed = {"RELAY_ROLE_ID": RELAY, "REGION": REGION}
    return {**fixed, **{f"MODELS_{number}": f";{text}" for number, text in told}}


def endpoint(
    compiled: Compiled,
    announce: Callable[[Announcement], None],
    modes: Sequence[AuthMode],
    resolvers: Mapping[FieldKey, Resolver],
    sources: DataSources,
) -> GraphQLEndpoint:
    """The API of some models: what is announced of them, and what other resolvers serve."""
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
                **{("Mutation", name): resolver("publish") for name in publishes},
                **{("Subscription", name): resolver("subscribe") for name in subscriptions},
                **resolvers,
            },
            api_keys=(),
            default_mode=modes[0],
            additional_modes=tuple({AuthMode.AWS_IAM, *modes} - {modes[0]}),
            environment=_environment(compiled.models, modes),
        ),
        hosts=frozenset(),
        # Who calls is told beforehand.
        authenticator=cast("Any", None),
        permissions=Permissions(cast("Any", None), "", cast("Any", None)),
        evaluator=Inline(),
        sources=sources,
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
    """Some models' API, and what it was made to announce.

    Neither publish mutations nor subscriptions have a data source that is called: those that are
    come with the resolvers of whatever else there is to be.
    """

    def __init__(
        self,
        compiled: Compiled,
        modes: Sequence[AuthMode] = (AuthMode.API_KEY,),
        resolvers: Mapping[FieldKey, Resolver] | None = None,
        sources: DataSources | None = None,
    ) -> None:
        self.compiled = compiled
        self._heard: list[Announcement] = []
        called = sources or DataSources(cast("Any", None), cast("Any", None), cast("Any", None))
        self._api = endpoint(compiled, self._heard.append, modes, resolvers or {}, called)
        self._models = load(compiled.documents)

    @cached_property
    def schema(self) -> GraphQLSchema:
        return built(self.compiled.schema)

    async def answer(self, identity: Identity, request: GraphQLRequest) -> Json:
        """What the API answers to a query or a mutation."""
        return (await self._api.execute(identity, request, {})).body

    async def accepted(self, request: GraphQLRequest, identity: Identity = _KEY) -> Subscription:
        """A subscription that a client starts."""
        return await self._api.subscribe(identity, request, {})

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

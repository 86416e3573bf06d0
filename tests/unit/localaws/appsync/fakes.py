"""An API in memory: handlers in Python, data sources that need no AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, cast

from localaws.appsync.data_sources import DataSources
from localaws.appsync.deployed import (
    Api,
    ApiKey,
    DataSource,
    FieldKey,
    FunctionSource,
    NoneSource,
    PipelineResolver,
    Resolver,
    Step,
    UnitResolver,
)
from localaws.appsync.endpoint import GraphQLEndpoint
from localaws.appsync.identity import Authenticator
from localaws.appsync.key_sets import Fetch, KeySets
from localaws.appsync.lambda_authorizer import LambdaAuthorizer
from localaws.appsync.permissions import Permissions
from localaws.appsync.plane import DataPlane
from localaws.appsync.ports import (
    Announcement,
    AuthMode,
    Evaluation,
    GraphQLRequest,
    HandlerError,
    HandlerName,
    Identity,
    Invalidation,
    Json,
)
from localaws.iam.principals import Principal

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
API_KEY = "da2-key"
REGION = "eu-west-1"
HOST = "127.0.0.1:4001"

BY_KEY = Identity(AuthMode.API_KEY)
BY_IAM = Identity(AuthMode.AWS_IAM, {"username": "AROA1:relay"})

RELAY = Principal(
    access_key_id="ASIARELAY",
    secret_access_key="secret",
    session_token="token",
    arn="arn:aws:sts::000000000000:assumed-role/relay/session",
    user_id="AROARELAY:session",
    account_id="000000000000",
)

SDL = """
type Item @aws_api_key @aws_iam {
  id: ID
  name: String
  note: String
  data: AWSJSON
  at: AWSDateTime
  part: Part
  parts: [Part]
}

type Part @aws_api_key @aws_iam {
  size: Int
  label: String!
}

type Secret @aws_iam {
  word: String
}

input ItemInput {
  id: ID!
  name: String
  data: AWSJSON
  phone: AWSPhone
}

type Query {
  item(id: ID!): Item
  items: [Item]
  secret: Secret
  locked: Item @aws_iam
}

type Mutation {
  put(input: ItemInput!): Item
  publish(change: AWSJSON!): Item @aws_iam @aws_api_key
  hush: Secret
}

type Subscription {
  onPublish(id: ID, name: String): Item @aws_subscribe(mutations: ["publish"])
  onSecret: Secret @aws_subscribe(mutations: ["hush"])
  onLocked: Item @aws_iam @aws_subscribe(mutations: ["publish"])
}
"""

Handler = Callable[[Json], Json]


def returns_result(ctx: Json) -> Json:
    """The response handler that most resolvers have."""
    return ctx["result"]


class Failing(Exception):
    """Raised by a handler in Python where one in JavaScript would call util.error."""

    def __init__(self, error: HandlerError) -> None:
        super().__init__(error.message)
        self.error = error


@dataclass
class FakeEvaluator:
    """Runs Python functions where AppSync would run code; a code is a name for two of them."""

    handlers: dict[tuple[str, HandlerName], Handler] = field(default_factory=dict)
    contexts: list[Json] = field(default_factory=list)

    def code(self, request: Handler, response: Handler = returns_result) -> str:
        name = f"code {len(self.handlers) // 2}"
        self.handlers[name, HandlerName.REQUEST] = request
        self.handlers[name, HandlerName.RESPONSE] = response
        return name

    async def evaluate(self, code: str, function: HandlerName, context: Json) -> Evaluation:
        self.contexts.append(context)
        try:
            result = self.handlers[code, function](context)
        except Failing as failing:
            return Evaluation(error=failing.error, stash=context["stash"])
        if isinstance(result, Evaluation):
            return replace(result, stash=result.stash or context["stash"])
        return Evaluation(result=result, stash=context["stash"])


@dataclass
class FakeFunctions:
    """A Lambda client whose functions are Python's."""

    functions: dict[str, Callable[[Json], Json]] = field(default_factory=dict)
    calls: list[Json] = field(default_factory=list)

    def invoke(self, **arguments: Any) -> Json:
        payload = json.loads(arguments["Payload"])
        self.calls.append({**arguments, "Payload": payload})
        result = self.functions[arguments["FunctionName"]](payload)
        return {"Payload": BytesIO(json.dumps(result).encode())}


@dataclass
class FakePolicies:
    """IAM: whoever is not named may do everything."""

    refused: set[tuple[str, str]] = field(default_factory=set)
    "The ARN of a user or role, and the end of a resource's."
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def __call__(self, principal: str, resource: str) -> bool:
        self.asked.append((principal, resource))
        return not any(principal == who and resource.endswith(end) for who, end in self.refused)


async def no_web(url: str) -> bytes:
    """For APIs without an issuer of tokens."""
    raise AssertionError(f"{url} is fetched")


@dataclass
class World:
    """An API under construction, and the endpoint that serves it."""

    sdl: str = SDL
    evaluator: FakeEvaluator = field(default_factory=FakeEvaluator)
    functions: FakeFunctions = field(default_factory=FakeFunctions)
    resolvers: dict[FieldKey, Resolver] = field(default_factory=dict)
    announced: list[Announcement] = field(default_factory=list)
    invalidated: list[Invalidation] = field(default_factory=list)
    policies: FakePolicies = field(default_factory=FakePolicies)
    web: Fetch = no_web
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4))

    def step(
        self,
        request: Handler,
        response: Handler = returns_result,
        *,
        source: DataSource | None = None,
        batch_size: int = 5,
    ) -> Step:
        code = self.evaluator.code(request, response)
        return Step("step", code, source or NoneSource("none"), batch_size)

    def unit(
        self,
        type_name: str,
        name: str,
        request: Handler,
        response: Handler = returns_result,
        *,
        source: DataSource | None = None,
        batch_size: int = 5,
    ) -> None:
        step = self.step(request, response, source=source, batch_size=batch_size)
        self.resolvers[type_name, name] = UnitResolver(step)

    def pipeline(
        self,
        type_name: str,
        name: str,
        *functions: Step,
        before: Handler = lambda _: {},
        after: Handler = returns_result,
    ) -> None:
        code = self.evaluator.code(before, after)
        self.resolvers[type_name, name] = PipelineResolver(code, functions)

    def value(self, type_name: str, name: str, value: Json) -> None:
        """A resolver that answers a constant."""
        self.unit(type_name, name, lambda _: {"payload": value})

    def function(self, name: str, run: Callable[[Json], Json]) -> FunctionSource:
        self.functions.functions[name] = run
        return FunctionSource(name, name)

    def api(self, **changes: Any) -> Api:
        api = Api(
            api_id="api",
            region=REGION,
            sdl=self.sdl,
            resolvers=self.resolvers,
            api_keys=(ApiKey(API_KEY, int(NOW.timestamp()) + 60),),
            default_mode=AuthMode.API_KEY,
            additional_modes=(AuthMode.AWS_IAM,),
            environment={"REGION": REGION},
            host=f"api.appsync-api.{REGION}.amazonaws.com",
            arn=f"arn:aws:appsync:{REGION}:000000000000:apis/api",
        )
        return replace(api, **changes)

    def sources(self) -> DataSources:
        # None of these APIs has a table; the functions' client is only ever asked to invoke.
        return DataSources(cast("Any", None), cast("Any", self.functions), self.threads)

    def endpoint(
        self,
        *,
        timeout_s: float = 30.0,
        clock: Callable[[], datetime] = lambda: NOW,
        **changes: Any,
    ) -> GraphQLEndpoint:
        api, sources = self.api(**changes), self.sources()
        return GraphQLEndpoint(
            api,
            hosts=frozenset({HOST}),
            authenticator=Authenticator(
                api,
                principals={RELAY.access_key_id: RELAY},
                keys=KeySets(self.web, clock),
                authorizer=LambdaAuthorizer.of(api, sources.invoke, clock),
                now=clock,
            ),
            permissions=Permissions(self.policies, api.arn, clock),
            evaluator=self.evaluator,
            sources=sources,
            announce=self.announced.append,
            invalidate=self.invalidated.append,
            timeout_s=timeout_s,
        )

    def plane(self, hosts: frozenset[str], clock: Callable[[], datetime]) -> DataPlane:
        """What serves APIs under these names; none is attached to it yet."""
        return DataPlane(
            hosts=hosts,
            principals={RELAY.access_key_id: RELAY},
            evaluator=self.evaluator,
            dynamodb=cast("Any", None),
            functions=cast("Any", self.functions),
            evaluate=self.policies,
            fetch=self.web,
            now=clock,
        )

    async def run(
        self,
        query: str,
        variables: Mapping[str, Json] | None = None,
        *,
        identity: Identity = BY_KEY,
        headers: Mapping[str, str] | None = None,
        **changes: Any,
    ) -> Json:
        """The body that the API answers."""
        request = GraphQLRequest(query, variables or {})
        executed = await self.endpoint(**changes).execute(identity, request, headers or {})
        return executed.body


def fails(message: str, type: str | None = None, data: Json = None, info: Json = None) -> Handler:
    """A handler that calls util.error."""

    def handler(_: Json) -> Json:
        raise Failing(HandlerError(message, type, data, info))

    return handler

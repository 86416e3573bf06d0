"""The Lambda authorizer: what it is asked, what its answers mean, and how long they are kept."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from localaws.appsync.answers import Answer, SourceError
from localaws.appsync.deployed import Api, Authorizer
from localaws.appsync.endpoint import GraphQLEndpoint
from localaws.appsync.lambda_authorizer import LambdaAuthorizer
from localaws.appsync.ports import (
    Announcement,
    AuthMode,
    GraphQLRequest,
    Identity,
    Json,
    SignedRequest,
    SubscriptionRefused,
    Unauthenticated,
)
from tests.unit.localaws.appsync.fakes import NOW, World

ALLOWED = {"isAuthorized": True}
NOT_AUTHORIZED = ("UnauthorizedException", "You are not authorized to make this call.")
FAILED = ("BadRequestException", None)
REQUEST = SignedRequest("POST", "/graphql", {}, b"{}")


@dataclass
class Asked:
    """A function that answers as it is told, and the authorizer that asks it."""

    api: Api
    answer: Json = field(default_factory=lambda: dict(ALLOWED))
    events: list[Json] = field(default_factory=list)
    passed_s: float = 0

    def authorizer(self, **configured: Json) -> LambdaAuthorizer:
        return LambdaAuthorizer(
            Authorizer("function", **configured),
            self.api,
            self.invoke,
            lambda: NOW + timedelta(seconds=self.passed_s),
            timeout_s=0.05,
        )

    async def invoke(self, function: str, payload: Json) -> Answer:
        assert function == "function"
        self.events.append(payload)
        if self.answer is asyncio.sleep:
            await asyncio.Event().wait()
        return self.answer if isinstance(self.answer, Answer) else Answer(self.answer)


@pytest.fixture
def asked(world: World) -> Asked:
    return Asked(world.api())


async def refusal(authorizer: LambdaAuthorizer, token: str = "t") -> tuple[str, str | None]:
    with pytest.raises(Unauthenticated) as refused:
        await authorizer.identify(token, REQUEST)
    return refused.value.error_type, refused.value.message


# -- What it is asked ---------------------------------------------------------------------------


async def context_of(asked: Asked, request: SignedRequest) -> Json:
    await asked.authorizer().identify("t", request)
    context = asked.events.pop()["requestContext"]
    assert context.pop("requestId")
    return context


async def test_the_authorizer_gets_the_token_the_operation_and_the_headers(asked: Asked) -> None:
    body = {"query": "query Q { a }", "variables": {"x": 1}, "operationName": "Q"}
    headers = {"Authorization": "t", "X-Forwarded-For": "127.0.0.1"}
    request = SignedRequest("POST", "/graphql", headers, json.dumps(body).encode())
    await asked.authorizer().identify("t", request)
    [event] = asked.events
    assert (
        event.pop("requestContext").items()
        >= {
            "apiId": "api",
            "accountId": "000000000000",
            "queryString": "query Q { a }",
            "operationName": "Q",
            "variables": {"x": 1},
        }.items()
    )
    assert event == {
        "authorizationToken": "t",
        "requestHeaders": {"authorization": "t", "x-forwarded-for": "127.0.0.1"},
    }


async def test_a_socket_asks_for_a_connection(asked: Asked) -> None:
    assert await context_of(asked, SignedRequest("POST", "/graphql/connect", {}, b"{}")) == {
        "apiId": "api",
        "accountId": "000000000000",
        "queryString": "",
        "operationName": "DeepDish:Connect",
        "variables": {},
    }


@pytest.mark.parametrize(
    ("request_", "query", "variables"),
    [
        (SignedRequest("POST", "/graphql", {}, b"{ a }"), "{ a }", {}),
        (SignedRequest("POST", "/graphql", {}, b'{"query": 7, "variables": []}'), "", {}),
        (SignedRequest("POST", "/graphql", {}, b"\xff"), "\ufffd", {}),
        (SignedRequest("POST", "/graphql", {}, b""), "", {}),
        (
            SignedRequest("GET", "/graphql", {}, b"", "query=%7Ba%7D&variables=%7B%22x%22:1%7D"),
            "{a}",
            {"x": 1},
        ),
        (SignedRequest("GET", "/graphql", {}, b"", "variables=%7B"), "", {}),
    ],
)
async def test_the_authorizer_is_asked_before_the_request_is_validated(
    asked: Asked, request_: SignedRequest, query: str, variables: Json
) -> None:
    context = await context_of(asked, request_)
    assert (context["queryString"], context["variables"]) == (query, variables)
    assert "operationName" not in context


# -- What its answers mean ----------------------------------------------------------------------


async def test_who_is_authorized_is_let_in_with_what_the_function_said_of_them(
    asked: Asked,
) -> None:
    asked.answer = {**ALLOWED, "resolverContext": {"sub": "ada"}, "deniedFields": ["Item.note"]}
    assert await asked.authorizer().identify("t", REQUEST) == Identity(
        AuthMode.AWS_LAMBDA,
        {"resolverContext": {"sub": "ada"}},
        denied=frozenset({("Item", "note")}),
    )


async def test_a_function_need_say_no_more_than_yes(asked: Asked) -> None:
    assert await asked.authorizer().identify("t", REQUEST) == Identity(
        AuthMode.AWS_LAMBDA, {"resolverContext": {}}
    )


async def test_denied_fields_are_named_by_type_and_field_or_by_arn_of_this_api(
    asked: Asked,
) -> None:
    asked.answer = {
        **ALLOWED,
        "deniedFields": [
            "Mutation.put",
            f"{asked.api.arn}/types/Query/fields/item",
            "arn:aws:appsync:eu-west-1:000000000000:apis/other/types/Query/fields/items",
            "nothing",
        ],
    }
    identity = await asked.authorizer().identify("t", REQUEST)
    assert identity.denied == {("Mutation", "put"), ("Query", "item"), ("nothing", "")}


async def test_who_is_not_authorized_is_refused(asked: Asked) -> None:
    asked.answer = {"isAuthorized": False}
    assert await refusal(asked.authorizer()) == NOT_AUTHORIZED


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "yes",
        {},
        {"isAuthorized": "true"},
        {"isAuthorized": 1},
        {**ALLOWED, "deniedFields": "Query.item"},
        {**ALLOWED, "deniedFields": [7]},
        {**ALLOWED, "resolverContext": "ada"},
        {**ALLOWED, "resolverContext": {"sub": "a" * 5 * 1024 * 1024}},
        {**ALLOWED, "ttlOverride": "60"},
        {**ALLOWED, "ttlOverride": True},
        Answer(error=SourceError("boom", "Lambda:Unhandled")),
        asyncio.sleep,
    ],
)
async def test_an_authorizer_that_fails_lets_nobody_in(asked: Asked, answer: Json) -> None:
    asked.answer = answer
    assert await refusal(asked.authorizer(ttl_s=60)) == FAILED
    assert await refusal(asked.authorizer(ttl_s=60)) == FAILED
    assert len(asked.events) == 2


async def test_a_token_that_does_not_match_is_refused_without_asking(asked: Asked) -> None:
    authorizer = asked.authorizer(expression="[a-z]+")
    assert await refusal(authorizer, "abc1") == NOT_AUTHORIZED
    assert await refusal(authorizer, "1abc") == NOT_AUTHORIZED
    assert asked.events == []
    assert (await authorizer.identify("abc", REQUEST)).mode is AuthMode.AWS_LAMBDA


async def test_a_token_of_over_2048_characters_is_refused_without_asking(asked: Asked) -> None:
    assert await refusal(asked.authorizer(), "t" * 2049) == NOT_AUTHORIZED
    assert asked.events == []
    assert (await asked.authorizer().identify("t" * 2048, REQUEST)).context is not None


# -- How long they are kept ---------------------------------------------------------------------


async def how_often(asked: Asked, authorizer: LambdaAuthorizer, *tokens: str) -> int:
    for token in tokens:
        await authorizer.identify(token, REQUEST)
    return len(asked.events)


async def test_by_default_nothing_is_kept(asked: Asked) -> None:
    assert await how_often(asked, asked.authorizer(), "t", "t") == 2


async def test_an_answer_is_kept_for_its_token_as_long_as_the_api_says(asked: Asked) -> None:
    authorizer = asked.authorizer(ttl_s=60)
    assert await how_often(asked, authorizer, "t", "t", "u", "u") == 2
    asked.passed_s = 59.9
    assert await how_often(asked, authorizer, "t") == 2
    asked.passed_s = 60
    assert await how_often(asked, authorizer, "t") == 3


@pytest.mark.parametrize(("override", "asked_again"), [(0, True), (60, False), (0.5, False)])
async def test_the_function_may_say_otherwise(
    asked: Asked, override: float, *, asked_again: bool
) -> None:
    asked.answer = {**ALLOWED, "ttlOverride": override}
    authorizer = asked.authorizer(ttl_s=0 if override else 60)
    assert await how_often(asked, authorizer, "t", "t") == (2 if asked_again else 1)


async def test_a_refusal_is_kept_as_well(asked: Asked) -> None:
    asked.answer = {"isAuthorized": False, "ttlOverride": 60}
    authorizer = asked.authorizer()
    assert [await refusal(authorizer), await refusal(authorizer)] == [NOT_AUTHORIZED] * 2
    assert len(asked.events) == 1


async def test_a_very_long_answer_is_not_kept(asked: Asked) -> None:
    asked.answer = {**ALLOWED, "resolverContext": {"all": "a" * 1_048_576}}
    assert await how_often(asked, asked.authorizer(ttl_s=60), "t", "t") == 2


async def test_only_so_many_answers_are_kept(asked: Asked) -> None:
    authorizer = asked.authorizer(ttl_s=60)
    tokens = [f"t{number}" for number in range(1025)]
    assert await how_often(asked, authorizer, *tokens, "t1024", "t0") == 1026


# -- On an API ----------------------------------------------------------------------------------


READ_ITEM = '{ item(id: "1") { id note } }'


def denying(world: World, *fields: str) -> GraphQLEndpoint:
    """An API whose authorizer denies some fields to everybody."""
    world.function("authorizer", lambda _: {**ALLOWED, "deniedFields": list(fields)})
    world.value("Query", "item", {"id": "1", "note": "secret"})
    world.sdl = world.sdl.replace("@aws_api_key", "@aws_lambda")
    return world.endpoint(
        default_mode=AuthMode.AWS_LAMBDA, authorizer=Authorizer("authorizer"), api_keys=()
    )


async def caller(endpoint: GraphQLEndpoint) -> Identity:
    return await endpoint.authenticate(
        SignedRequest("POST", "/graphql", {"authorization": "t"}, b"{}")
    )


async def body(endpoint: GraphQLEndpoint, query: str) -> Json:
    executed = await endpoint.execute(await caller(endpoint), GraphQLRequest(query), {})
    return executed.body


async def test_a_denied_field_is_null_and_the_others_are_not(world: World) -> None:
    assert await body(denying(world, "Item.note"), READ_ITEM) == {
        "data": {"item": {"id": "1", "note": None}},
        "errors": [
            {
                "path": ["item", "note"],
                "data": None,
                "errorType": "Unauthorized",
                "errorInfo": None,
                "locations": [{"line": 1, "column": 22, "sourceName": None}],
                "message": "Not Authorized to access note on type Item",
            }
        ],
    }


async def test_the_resolver_of_a_denied_field_does_not_run(world: World) -> None:
    assert (await body(denying(world, "Query.item"), READ_ITEM))["data"] == {"item": None}
    assert world.evaluator.contexts == []


async def test_a_denied_subscription_is_refused(world: World) -> None:
    endpoint = denying(world, "Subscription.onPublish")
    with pytest.raises(SubscriptionRefused) as refused:
        await endpoint.subscribe(
            await caller(endpoint), GraphQLRequest("subscription { onPublish { id } }"), {}
        )
    assert [error.message for error in refused.value.errors] == [
        "Not Authorized to access onPublish on type Subscription"
    ]


async def test_a_denied_field_is_null_in_what_a_subscriber_hears(world: World) -> None:
    endpoint = denying(world, "Item.note")
    accepted = await endpoint.subscribe(
        await caller(endpoint), GraphQLRequest("subscription { onPublish { id note } }"), {}
    )
    payload = accepted.payload(Announcement("publish", {"id": "1", "note": "secret"}))
    assert payload["data"] == {"onPublish": {"id": "1", "note": None}}
    assert [error["errorType"] for error in payload["errors"]] == ["Unauthorized"]


async def test_subscribers_who_are_denied_different_fields_are_told_different_things(
    world: World,
) -> None:
    request = GraphQLRequest("subscription { onPublish { id note } }")
    shapes = set()
    for fields in ((), ("Item.note",), ("Item.id",)):
        endpoint = denying(world, *fields)
        shapes.add((await endpoint.subscribe(await caller(endpoint), request, {})).shape)
    assert len(shapes) == 3


async def test_resolvers_see_what_the_function_said(world: World) -> None:
    endpoint = denying(world)
    world.function("authorizer", lambda _: {**ALLOWED, "resolverContext": {"sub": "ada"}})
    await body(endpoint, READ_ITEM)
    assert world.evaluator.contexts[0]["identity"] == {"resolverContext": {"sub": "ada"}}

"""The HTTP side, spoken to by httpx."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from localaws.appsync.deployed import ApiKey
from localaws.appsync.endpoint import GraphQLEndpoint
from localaws.appsync.http import MAX_BODY_BYTES, GraphQLOverHttp
from localaws.appsync.ports import Evaluation, Json
from localaws.asgi import Message
from tests.unit.localaws.appsync.fakes import API_KEY, HOST, RELAY, World
from tests.unit.localaws.appsync.signing import signed_headers

URL = f"http://{HOST}/graphql"
WITH_KEY = {"x-api-key": API_KEY}
ITEMS = {"query": "{ items { id } }"}


@asynccontextmanager
async def client(
    endpoint_of: Callable[[], GraphQLEndpoint | None],
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(GraphQLOverHttp(endpoint_of))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
        yield client


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    world.value("Query", "items", [{"id": "1"}])
    endpoint = world.endpoint()
    async with client(lambda: endpoint) as served:
        yield served


def refused(error_type: str, message: str) -> Json:
    return {"errors": [{"errorType": error_type, "message": message}]}


# -- Requests ---------------------------------------------------------------------------------


async def test_a_posted_query_is_answered(http: httpx.AsyncClient) -> None:
    response = await http.post("/graphql", json=ITEMS, headers=WITH_KEY)
    assert (response.status_code, response.json()) == (200, {"data": {"items": [{"id": "1"}]}})
    assert response.headers["content-type"] == "application/json;charset=UTF-8"


async def test_every_answer_has_an_id_of_its_own(http: httpx.AsyncClient) -> None:
    responses = [await http.post("/graphql", json=ITEMS, headers=WITH_KEY) for _ in range(2)]
    assert len({response.headers["x-amzn-requestid"] for response in responses}) == 2


async def test_unknown_members_and_null_variables_are_let_pass(http: httpx.AsyncClient) -> None:
    body = {
        "query": "query A { items { id } } query B { items { name } }",
        "operationName": "A",
        "variables": None,
        "extensions": {"clientLibrary": {"name": "@apollo/client"}},
    }
    response = await http.post("/graphql", json=body, headers=WITH_KEY)
    assert response.json() == {"data": {"items": [{"id": "1"}]}}


async def test_a_query_may_stand_in_the_url(http: httpx.AsyncClient, world: World) -> None:
    world.unit("Query", "item", lambda ctx: {"payload": {"id": ctx["arguments"]["id"]}})
    query = {
        "query": "query Q($id: ID!) { item(id: $id) { id } }",
        "variables": '{"id": "a+b"}',
        "operationName": "Q",
    }
    response = await http.get("/graphql", params=query, headers=WITH_KEY)
    assert (response.status_code, response.json()) == (200, {"data": {"item": {"id": "a+b"}}})


async def test_a_body_may_be_the_bare_document(http: httpx.AsyncClient) -> None:
    headers = {**WITH_KEY, "content-type": "application/graphql"}
    response = await http.post("/graphql", content="{ items { id } }", headers=headers)
    assert response.json() == {"data": {"items": [{"id": "1"}]}}


async def test_an_invalid_selection_is_a_200(http: httpx.AsyncClient) -> None:
    response = await http.post("/graphql", content="{badfield}", headers=WITH_KEY)
    assert (response.status_code, response.json()) == (
        200,
        {
            "data": None,
            "errors": [
                {
                    "path": None,
                    "locations": [{"line": 1, "column": 2, "sourceName": None}],
                    "message": "Validation error of type FieldUndefined: "
                    "Field 'badfield' in type 'Query' is undefined @ 'badfield'",
                }
            ],
        },
    )


@pytest.mark.parametrize("body", [b"", b" \n"])
async def test_an_empty_body_is_malformed(http: httpx.AsyncClient, body: bytes) -> None:
    response = await http.post("/graphql", content=body, headers=WITH_KEY)
    assert (response.status_code, response.json()) == (
        400,
        refused("MalformedHttpRequestException", "Request body is empty."),
    )


@pytest.mark.parametrize(
    "body",
    [
        b"meow",
        b"{}",
        b"{}}",
        b"[]",
        b"7",
        b'{"query": 7}',
        b'{"query": "{"}',
        b'{"query": ""}',
        b'{"query": "{ items { id } }", "variables": []}',
        b'{"query": "{ items { id } }", "variables": "{}"}',
        b'{"query": "{ items { id } }", "variables": {"a": NaN}}',
        b'{"query": "{ items { id } }", "operationName": 7}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
async def test_a_body_that_is_not_a_request_is_malformed(
    http: httpx.AsyncClient, body: bytes
) -> None:
    response = await http.post("/graphql", content=body, headers=WITH_KEY)
    assert (response.status_code, response.json()) == (
        400,
        refused("MalformedHttpRequestException", "Unable to parse GraphQL query."),
    )


@pytest.mark.parametrize("query", ["", "query=", "query={items{id}}&variables={"])
async def test_a_query_string_that_is_not_a_request_is_malformed(
    http: httpx.AsyncClient, query: str
) -> None:
    response = await http.get(f"/graphql?{query}", headers=WITH_KEY)
    assert (response.status_code, response.json()["errors"][0]["errorType"]) == (
        400,
        "MalformedHttpRequestException",
    )


async def test_several_operations_need_a_name(http: httpx.AsyncClient) -> None:
    body = {"query": "query A { items { id } } query B { items { id } }"}
    response = await http.post("/graphql", json=body, headers=WITH_KEY)
    assert (response.status_code, response.json()) == (
        400,
        refused("BadRequestException", "Missing operation name."),
    )


async def test_a_subscription_is_not_for_http(http: httpx.AsyncClient) -> None:
    body = {"query": "subscription { onPublish { id } }"}
    response = await http.post("/graphql", json=body, headers=WITH_KEY)
    assert (response.status_code, response.json()) == (
        400,
        refused("BadRequestException", "Subscriptions over MQTT is not supported."),
    )


async def test_a_body_over_the_limit_is_refused_and_one_at_the_limit_is_read(
    http: httpx.AsyncClient,
) -> None:
    text = json.dumps(ITEMS).encode()
    at_limit = text + b" " * (MAX_BODY_BYTES - len(text))
    response = await http.post("/graphql", content=at_limit, headers=WITH_KEY)
    assert response.status_code == 200
    response = await http.post("/graphql", content=at_limit + b" ", headers=WITH_KEY)
    assert (response.status_code, response.json()) == (
        413,
        refused(
            "RequestEntityTooLargeException", "Request body is over the limit of 5242880 bytes."
        ),
    )


async def test_a_request_that_breaks_off_is_neither_run_nor_answered(world: World) -> None:
    ran: list[Json] = []

    def items(ctx: Json) -> Json:
        ran.append(ctx)
        return {"payload": []}

    world.unit("Query", "items", items)
    endpoint = world.endpoint()
    received: list[Message] = [
        {"type": "http.request", "body": json.dumps(ITEMS).encode(), "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return received.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b""}
    scope["headers"] = [(b"x-api-key", API_KEY.encode())]
    await GraphQLOverHttp(lambda: endpoint)(scope, receive, send)
    assert (ran, sent) == ([], [])


async def test_half_a_surrogate_pair_is_answered_as_a_question_mark(
    http: httpx.AsyncClient, world: World
) -> None:
    world.unit("Query", "item", lambda ctx: {"payload": {"id": ctx["arguments"]["id"]}})
    body = b'{"query": "query ($id: ID!) { item(id: $id) { id } }", "variables": {"id": "\\ud800"}}'
    response = await http.post("/graphql", content=body, headers=WITH_KEY)
    assert response.json() == {"data": {"item": {"id": "?"}}}


# -- Credentials ------------------------------------------------------------------------------


async def test_without_credentials_it_is_a_401(http: httpx.AsyncClient) -> None:
    response = await http.post("/graphql", json=ITEMS)
    assert (response.status_code, response.json()) == (
        401,
        refused("UnauthorizedException", "Missing authorization header"),
    )
    assert response.headers["x-amzn-ErrorType"] == "UnauthorizedException"


async def test_with_a_wrong_key_it_is_a_401(http: httpx.AsyncClient) -> None:
    response = await http.post("/graphql", json=ITEMS, headers={"x-api-key": "da2-wrong"})
    assert (response.status_code, response.json()) == (
        401,
        refused("UnauthorizedException", "You are not authorized to make this call."),
    )
    assert response.headers["x-amzn-ErrorType"] == "UnauthorizedException"


async def test_with_an_expired_key_it_is_a_401(world: World) -> None:
    endpoint = world.endpoint(api_keys=(ApiKey(API_KEY, 1),))
    async with client(lambda: endpoint) as http:
        response = await http.post("/graphql", json=ITEMS, headers=WITH_KEY)
    assert (response.status_code, response.json()) == (
        401,
        refused("UnauthorizedException", "You are not authorized to make this call."),
    )


@pytest.fixture
async def signed_to(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """An endpoint whose clock is now's, as botocore's is."""
    world.unit("Mutation", "publish", lambda ctx: {"payload": ctx["arguments"]["change"]})
    endpoint = world.endpoint(clock=lambda: datetime.now(UTC))
    async with client(lambda: endpoint) as served:
        yield served


BODY = json.dumps({"query": 'mutation { publish(change: "{\\"id\\": 1}") { id } }'}).encode()


def signed(**changes: str) -> dict[str, str]:
    principal = replace(RELAY, **changes)
    json_type = {"content-type": "application/json"}
    return signed_headers(principal, BODY, url=URL, region="eu-west-1", headers=json_type)


async def test_a_signed_request_is_answered(signed_to: httpx.AsyncClient) -> None:
    response = await signed_to.post("/graphql", content=BODY, headers=signed())
    assert (response.status_code, response.json()) == (200, {"data": {"publish": {"id": "1"}}})


async def test_a_body_changed_after_signing_is_refused(signed_to: httpx.AsyncClient) -> None:
    response = await signed_to.post("/graphql", content=BODY + b" ", headers=signed())
    assert response.status_code == 400
    assert response.headers["x-amzn-ErrorType"] == "BadRequestException"
    error = response.json()["errors"][0]
    assert error["errorType"] == "BadRequestException"
    assert error["message"].startswith("The request signature we calculated does not match")


async def test_a_forged_signature_is_refused(signed_to: httpx.AsyncClient) -> None:
    headers = signed(secret_access_key="guessed")
    response = await signed_to.post("/graphql", content=BODY, headers=headers)
    assert (response.status_code, response.headers["x-amzn-ErrorType"]) == (
        400,
        "BadRequestException",
    )


async def test_an_unknown_principal_is_refused(signed_to: httpx.AsyncClient) -> None:
    headers = signed(access_key_id="ASIASTRANGER")
    response = await signed_to.post("/graphql", content=BODY, headers=headers)
    assert (response.status_code, response.json()) == (
        403,
        refused(
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        ),
    )


# -- Everything else --------------------------------------------------------------------------


async def test_a_browser_may_ask_first_and_read_the_answer(http: httpx.AsyncClient) -> None:
    asked = {
        "origin": "http://localhost:3000",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-amz-user-agent,x-api-key",
    }
    preflight = await http.options("/graphql", headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert preflight.headers["access-control-allow-methods"] == "GET,POST,OPTIONS"
    assert (
        preflight.headers["access-control-allow-headers"] == asked["access-control-request-headers"]
    )
    for headers in (WITH_KEY, {}):
        response = await http.post("/graphql", json=ITEMS, headers=headers)
        assert response.headers["access-control-allow-origin"] == "*"
        assert "x-amzn-RequestId" in response.headers["access-control-expose-headers"]


async def test_ping_is_healthy(http: httpx.AsyncClient) -> None:
    response = await http.get("/ping")
    assert (response.status_code, response.text) == (200, "healthy")


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/"), ("POST", "/graphql/"), ("DELETE", "/graphql"), ("POST", "/ping")],
)
async def test_elsewhere_there_is_nothing(http: httpx.AsyncClient, method: str, path: str) -> None:
    assert (await http.request(method, path, headers=WITH_KEY)).status_code == 404


async def test_without_an_api_there_is_nothing_but_ping() -> None:
    async with client(lambda: None) as http:
        assert (await http.post("/graphql", json=ITEMS, headers=WITH_KEY)).status_code == 404
        assert (await http.get("/ping")).status_code == 200


async def test_headers_that_resolvers_add_are_sent(http: httpx.AsyncClient, world: World) -> None:
    said = Evaluation(result={}, response_headers={"X-Mine": "1"})
    world.unit("Query", "items", lambda _: said, lambda _: [])
    response = await http.post("/graphql", json=ITEMS, headers=WITH_KEY)
    assert response.headers["x-mine"] == "1"


async def test_request_headers_reach_resolvers_in_lower_case(
    http: httpx.AsyncClient, world: World
) -> None:
    await http.post("/graphql", json=ITEMS, headers={**WITH_KEY, "X-Mine": "1"})
    assert world.evaluator.contexts[0]["request"]["headers"]["x-mine"] == "1"


async def test_a_fault_of_the_server_is_a_500_that_tells_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken() -> GraphQLEndpoint | None:
        raise RuntimeError("a secret of the implementation")

    async with client(broken) as http:
        response = await http.post("/graphql", json=ITEMS, headers=WITH_KEY)
    assert (response.status_code, response.json()) == (
        500,
        refused("InternalFailure", "An internal failure occurred."),
    )
    assert "POST /graphql failed" in caplog.text

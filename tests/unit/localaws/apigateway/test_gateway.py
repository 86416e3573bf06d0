from __future__ import annotations

import asyncio
import json
from io import BytesIO
from typing import Any, cast

import pytest

from localaws.apigateway.gateway import (
    MOST_BODY_BYTES,
    Gateway,
    Request,
    Response,
    deployed,
    said,
)
from localaws.asgi import Message
from localaws.route53.shared_name import client_of

REGIONS = ("eu-west-1", "ap-southeast-2")


def well(request: Request) -> Response:
    return Response(200, request.body)


def broken(request: Request) -> Response:
    raise ConnectionRefusedError


GATEWAY = Gateway(
    frozenset({"api.example.com", "127.0.0.1:4003"}),
    {"POST /graphql": well, "GET /health": broken},
)


@pytest.mark.parametrize("host", ["api.example.com", "127.0.0.1:4003"])
def test_a_route_is_taken_under_the_shared_name_and_under_the_gateways_own_host(
    host: str,
) -> None:
    response = asyncio.run(GATEWAY.answer(Request("POST", "/graphql", host, body=b"{}")))
    assert response == Response(200, b"{}")


@pytest.mark.parametrize("host", ["", "api.example.org", "api.example.com.example.org"])
def test_a_host_that_is_not_ours_is_forbidden(host: str) -> None:
    response = asyncio.run(GATEWAY.answer(Request("POST", "/graphql", host)))
    assert response == said(403, "Forbidden")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/graphql"), ("POST", "/graphql/"), ("POST", "/health"), ("GET", "/../health")],
)
def test_a_path_that_is_not_ours_is_not_found(method: str, path: str) -> None:
    response = asyncio.run(GATEWAY.answer(Request(method, path, "api.example.com")))
    assert response == said(404, "Not Found")


def test_what_does_not_answer_behind_it_is_unavailable() -> None:
    response = asyncio.run(GATEWAY.answer(Request("GET", "/health", "api.example.com")))
    assert response == said(503, "Service Unavailable")


def test_a_body_over_the_limit_is_refused() -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"x" * (MOST_BODY_BYTES + 1), "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Message = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "headers": [(b"host", b"api.example.com")],
    }
    asyncio.run(GATEWAY(scope, receive, send))
    assert sent[0]["status"] == 413


class Apis:
    """API Gateway, with one API that invokes a function."""

    def get_apis(self) -> Any:
        return {"Items": [{"ApiId": "a"}]}

    def get_integrations(self, ApiId: str) -> Any:
        uri = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{HEALTH}/invocations"
        told = {"IntegrationType": "AWS_PROXY", "IntegrationUri": uri}
        return {"Items": [{"IntegrationId": "i", **told}]}

    def get_routes(self, ApiId: str) -> Any:
        return {"Items": [{"RouteKey": "GET /health", "Target": "integrations/i"}]}


class Functions:
    """Lambda, with a function that answers what it is called by."""

    def invoke(self, FunctionName: str, Payload: bytes) -> Any:
        return {"Payload": BytesIO(json.dumps({"statusCode": 200, "body": FunctionName}).encode())}


HEALTH = "arn:aws:lambda:eu-west-1:111122223333:function:health"


def test_a_function_is_invoked_that_the_deployed_route_names_by_its_invocation() -> None:
    # Any: fakes of boto3's clients, which have what is called.
    apis, functions = cast("Any", Apis()), cast("Any", Functions())
    [(key, integration)] = deployed(apis, functions).items()
    assert (key, integration(Request("GET", "/health", ""))) == (
        "GET /health",
        Response(200, HEALTH.encode()),
    )


def test_a_client_that_says_nothing_is_nearest_to_the_first_region() -> None:
    client = client_of({}, REGIONS)
    assert (list(client.near), client.continent, client.country) == ([*REGIONS], "", "")


def test_a_client_may_say_where_it_is() -> None:
    headers = {
        "x-localaws-nearest": "ap-southeast-2",
        "x-localaws-continent": "eu",
        "x-localaws-country": "ie",
    }
    client = client_of(headers, REGIONS)
    assert (list(client.near), client.continent, client.country) == (
        ["ap-southeast-2", "eu-west-1"],
        "EU",
        "IE",
    )

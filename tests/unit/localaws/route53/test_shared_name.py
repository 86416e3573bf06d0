"""The shared name, as whoever calls it sees it."""

from __future__ import annotations

import json
from typing import Any

from localaws.apigateway.gateway import Gateway, Request, Response
from localaws.asgi import Message
from localaws.route53.records import HealthCheck, Policy, Record, Routing
from localaws.route53.shared_name import CHECKS_PATH, SharedName

DOMAIN, REGION = "api.example.com", "eu-west-1"


def well(request: Request) -> Response:
    return Response(200, request.host.encode())


GATEWAY = Gateway(frozenset({DOMAIN}), {"GET /health": well})


def shared_name(*records: Record) -> SharedName:
    """That of a single Region."""
    return SharedName.of(
        {REGION: Routing(DOMAIN, records, HealthCheck("/health", 3))}, {REGION: GATEWAY}
    )


async def called(name: SharedName, path: str, kind: str = "http") -> list[Message]:
    """What a client is sent."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": f"{kind}.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:4003")]
    await name({"type": kind, "method": "GET", "path": path, "headers": headers}, receive, send)
    return sent


async def answered(name: SharedName, path: str) -> tuple[int, Any]:
    start, body = await called(name, path)
    return start["status"], body["body"]


async def test_the_region_is_called_by_the_shared_name() -> None:
    name = shared_name(Record(DOMAIN, REGION, Policy.LATENCY, REGION))
    assert await answered(name, "/health") == (200, DOMAIN.encode())


async def test_a_name_without_records_does_not_resolve() -> None:
    status, body = await answered(shared_name(), "/health")
    assert (status, json.loads(body)["message"].partition(":")[0]) == (
        502,
        f"{DOMAIN} does not resolve",
    )


async def test_the_answer_says_what_the_checkers_think_of_each_region() -> None:
    assert await answered(shared_name(), CHECKS_PATH) == (200, b'{"eu-west-1": true}')


async def test_a_socket_is_closed() -> None:
    assert await called(shared_name(), "/graphql/realtime", "websocket") == [
        {"type": "websocket.close", "code": 1000}
    ]

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.client import HTTPConnection

import pytest

from localaws.asgi import Message, Receive, Send
from localaws.front import Answer, Call, Front, PassOn
from localaws.serving import serving
from localaws.sockets import HOST, listen, number


class Engine:
    """An ASGI application that tells what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message.get("more_body", False)
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        target = f"{scope['raw_path'].decode()}?{scope['query_string'].decode()}"
        self.asked.append((scope["method"], target, headers, body))
        length = [(b"content-length", b"5")] if scope["method"] == "HEAD" else []
        told = [(b"x-told", b"yes"), *length]
        await send({"type": "http.response.start", "status": 201, "headers": told})
        parts = [] if length else [b"in ", b"parts"]
        for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def passed_on(call: Call, pass_on: PassOn) -> Answer:
    return await pass_on(call)


@asynccontextmanager
async def fronted(engine: Engine) -> AsyncIterator[int]:
    """An engine with a front; yields the front's port."""
    behind, before = listen(0), listen(0)
    front = Front(HOST, number(behind), passed_on)
    async with serving(engine, behind), serving(front, before):
        yield number(before)
    front.close()
    behind.close()
    before.close()


def ask(
    port: int, method: str, target: str, headers: dict[str, str], body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection(HOST, port, timeout=10)
    connection.request(method, target, body, headers)
    response = connection.getresponse()
    answer = response.status, dict(response.getheaders()), response.read()
    connection.close()
    return answer


async def test_a_request_arrives_as_it_was_made_and_so_does_the_answer() -> None:
    engine = Engine()
    async with fronted(engine) as port:
        headers = {"host": "signed.example", "x-amz-target": "S.Op", "authorization": "é"}
        status, told, body = await asyncio.to_thread(
            ask, port, "PUT", "/a%2Fb/c?list-type=2&x=%20", headers, b"\x00" * 100_000
        )
    assert (status, body) == (201, b"in parts")
    assert told["x-told"] == "yes"
    [(method, target, heard, sent)] = engine.asked
    assert (method, target, sent) == ("PUT", "/a%2Fb/c?list-type=2&x=%20", b"\x00" * 100_000)
    assert {name: heard[name] for name in headers} == headers


async def test_a_head_has_the_length_of_what_it_does_not_send() -> None:
    async with fronted(Engine()) as port:
        status, told, body = await asyncio.to_thread(ask, port, "HEAD", "/bucket/key", {})
    assert (status, told["content-length"], body) == (201, "5", b"")


async def test_an_engine_that_is_gone_is_a_503() -> None:
    behind, before = listen(0), listen(0)
    front = Front(HOST, number(behind), passed_on)
    behind.close()
    async with serving(front, before):
        status, _, _ = await asyncio.to_thread(ask, number(before), "GET", "/", {})
    assert status == 503
    front.close()
    before.close()


@pytest.mark.parametrize(
    ("authorization", "region"),
    [
        ("AWS4-HMAC-SHA256 Credential=k/20261126/eu-west-1/s3/aws4_request, Sig", "eu-west-1"),
        ("AWS4-HMAC-SHA256 Credential=k/20261126/us-gov-west-1/s3/aws4_request", "us-gov-west-1"),
        ("Bearer token", None),
        ("", None),
    ],
)
def test_a_call_is_for_the_region_that_it_is_signed_for(
    authorization: str, region: str | None
) -> None:
    assert Call("GET", "/", (("authorization", authorization),), b"").region == region

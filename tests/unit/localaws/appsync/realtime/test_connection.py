"""One connection between a scripted client and server: what real sockets do too seldom."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from localaws.appsync.realtime.connection import Connection
from localaws.appsync.realtime.hub import Hub
from localaws.appsync.realtime.limits import Limits
from localaws.appsync.realtime.protocol import Close
from localaws.asgi import Message
from tests.unit.localaws.appsync.realtime.fakes import API_KEY, FakeEndpoint, published


class Script:
    """ASGI's two ends: what the client will say, and what was sent to it."""

    def __init__(self, *messages: Message) -> None:
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        for message in messages:
            self.incoming.put_nowait(message)
        self.outgoing: asyncio.Queue[Message] = asyncio.Queue()
        self.failure: Exception | None = None

    async def receive(self) -> Message:
        return await self.incoming.get()

    async def send(self, message: Message) -> None:
        if self.failure is not None:
            raise self.failure
        self.outgoing.put_nowait(message)

    @property
    def sent(self) -> Iterator[Message]:
        while not self.outgoing.empty():
            yield self.outgoing.get_nowait()


def text(type: str, **fields: Any) -> Message:
    return {"type": "websocket.receive", "text": json.dumps({"type": type, **fields})}


def start(id: str = "1") -> Message:
    payload = {
        "data": '{"query":"subscription { onCreate { id } }"}',
        "extensions": {"authorization": {"x-api-key": API_KEY}},
    }
    return text("start", id=id, payload=payload)


GONE: Message = {"type": "websocket.disconnect", "code": 1005}
KA: Message = {"type": "websocket.send", "text": '{"type":"ka"}'}


class World:
    """A connection and what it was given."""

    def __init__(self, script: Script, limits: Limits | None = None) -> None:
        self.script = script
        self.endpoint = FakeEndpoint(frozenset())
        self.hub = Hub()
        self.connection = Connection(
            endpoint_of=lambda: self.endpoint,
            hub=self.hub,
            limits=limits or Limits(),
            receive=script.receive,
            send=script.send,
            headers={"x-tenant": "a"},
        )

    async def run(self) -> None:
        async with asyncio.timeout(20):
            await self.connection.run()


async def test_a_client_that_is_gone_ends_the_connection() -> None:
    world = World(Script(GONE))
    await world.run()


async def test_a_close_asked_for_is_sent_after_what_waits_and_ends_the_connection() -> None:
    world = World(Script())
    running = asyncio.create_task(world.run())
    assert await world.script.outgoing.get() == KA
    world.connection.close(Close(1001, "bye"))
    await running
    assert list(world.script.sent) == [{"type": "websocket.close", "code": 1001, "reason": "bye"}]


async def test_messages_after_a_close_are_not_acted_on() -> None:
    too_big: Message = {"type": "websocket.receive", "bytes": b"x" * 2_000}
    world = World(Script(too_big, start()), Limits(message_bytes=1_000))
    await world.run()
    assert [message["type"] for message in world.script.sent] == [
        "websocket.send",
        "websocket.close",
    ]
    assert world.endpoint.authenticated == []


@pytest.mark.parametrize(
    "failure",
    [OSError("gone"), RuntimeError("Unexpected ASGI message after sending 'websocket.close'.")],
)
async def test_a_socket_that_takes_no_more_ends_the_connection(failure: Exception) -> None:
    world = World(Script(start()))
    running = asyncio.create_task(world.run())
    sent = [json.loads((await world.script.outgoing.get())["text"])["type"] for _ in range(2)]
    assert sent == ["ka", "start_ack"]
    assert len(world.hub) == 1
    world.script.failure = failure
    world.hub.announce(published(1))
    await running
    assert len(world.hub) == 0


async def test_a_start_sees_the_headers_of_its_connection() -> None:
    world = World(Script(start(), GONE))
    running = asyncio.create_task(world.run())
    for _ in range(2):
        await world.script.outgoing.get()
    await running
    assert world.endpoint.headers == [{"x-tenant": "a"}]


async def test_a_broken_server_is_heard_of() -> None:
    world = World(Script({"type": "websocket.receive"}))
    with pytest.raises(KeyError, match="bytes"):
        await world.run()


async def test_a_cancelled_connection_leaves_nothing() -> None:
    world = World(Script(start()))
    running = asyncio.create_task(world.run())
    for _ in range(2):
        await world.script.outgoing.get()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(world.hub) == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}

"""One Region's data plane: HTTP and WebSockets together, spoken to as a server speaks to it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest

from localaws.appsync.plane import DataPlane
from localaws.appsync.ports import Json
from localaws.appsync.schema import SchemaError
from tests.unit.localaws.appsync.fakes import API_KEY, HOST, NOW, World

WITH_KEY = {"x-api-key": API_KEY}


@pytest.fixture
async def plane(world: World) -> AsyncIterator[DataPlane]:
    plane = world.plane(frozenset({HOST}), lambda: NOW + timedelta(seconds=1))
    yield plane
    await plane.close()


@asynccontextmanager
async def http(plane: DataPlane) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(plane)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
        yield client


async def post(plane: DataPlane, query: str) -> httpx.Response:
    async with http(plane) as client:
        return await client.post("/graphql", json={"query": query}, headers=WITH_KEY)


class Socket:
    """A client's end of a WebSocket, without a network."""

    def __init__(self, plane: DataPlane, path: str = "/graphql/realtime") -> None:
        self._to_server: asyncio.Queue[Json] = asyncio.Queue()
        self._to_client: asyncio.Queue[Json] = asyncio.Queue()
        fields = json.dumps({"host": HOST, **WITH_KEY}).encode()
        header = base64.urlsafe_b64encode(fields).decode().rstrip("=")
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": [],
            "subprotocols": ["graphql-ws", f"header-{header}"],
        }
        self._to_server.put_nowait({"type": "websocket.connect"})
        self._served = asyncio.create_task(plane(scope, self._to_server.get, self._to_client.put))

    async def receive(self) -> Json:
        return await asyncio.wait_for(self._to_client.get(), 5)

    async def frame(self, type: str) -> Json:
        """The next frame of this type."""
        while True:
            message = await self.receive()
            frame = json.loads(message.get("text") or "{}")
            if frame.get("type") == type:
                return frame

    def send(self, frame: Json) -> None:
        self._to_server.put_nowait({"type": "websocket.receive", "text": json.dumps(frame)})

    async def close(self) -> None:
        self._to_server.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await self._served


def start(query: str, id: str = "1") -> Json:
    return {
        "id": id,
        "type": "start",
        "payload": {
            "data": json.dumps({"query": query, "variables": {}}),
            "extensions": {"authorization": {"host": HOST, **WITH_KEY}},
        },
    }


async def test_before_an_api_is_attached_there_is_nothing(plane: DataPlane) -> None:
    assert (await post(plane, "{ items { id } }")).status_code == 404
    socket = Socket(plane)
    assert (await socket.receive())["status"] == 404


async def test_an_attached_api_is_served_and_the_next_one_after_it(
    plane: DataPlane, world: World
) -> None:
    world.value("Query", "items", [{"id": "1"}])
    plane.attach(world.api())
    assert (await post(plane, "{ items { id } }")).json() == {"data": {"items": [{"id": "1"}]}}
    plane.attach(world.api(sdl="type Query { other: Int }"))
    assert (await post(plane, "{ other }")).json() == {"data": {"other": None}}


async def test_an_api_that_cannot_be_served_leaves_the_one_before(
    plane: DataPlane, world: World
) -> None:
    plane.attach(world.api())
    with pytest.raises(SchemaError):
        plane.attach(world.api(sdl="type Nothing { a: Int }"))
    assert (await post(plane, "{ __typename }")).status_code == 200


async def test_a_mutation_over_http_is_heard_on_a_socket(plane: DataPlane, world: World) -> None:
    world.value("Mutation", "publish", {"id": "1", "name": "a"})
    plane.attach(world.api())
    socket = Socket(plane)
    socket.send({"type": "connection_init"})
    await socket.frame("connection_ack")
    socket.send(start("subscription { onPublish { id name } }"))
    assert await socket.frame("start_ack") == {"type": "start_ack", "id": "1"}
    await post(plane, 'mutation { publish(change: "{}") { id } }')
    assert await socket.frame("data") == {
        "type": "data",
        "id": "1",
        "payload": {"data": {"onPublish": {"id": "1", "name": None}}},
    }
    await socket.close()


async def test_several_root_fields_are_refused_with_the_starts_own_id(
    plane: DataPlane, world: World
) -> None:
    plane.attach(world.api())
    socket = Socket(plane)
    socket.send(start("subscription { onPublish { id } onSecret { word } }", id="seven"))
    assert (await socket.frame("error"))["payload"] == {
        "errors": [
            {
                "errorType": "DuplicatedOperationError",
                "message": "Duplicated operation with id seven",
            }
        ]
    }
    await socket.close()


async def test_what_is_too_large_to_be_announced_is_counted(plane: DataPlane, world: World) -> None:
    world.value("Mutation", "publish", {"id": "1", "name": "n" * 250_000})
    assert plane.oversized == 0
    plane.attach(world.api())
    response = await post(plane, 'mutation { publish(change: "{}") { id name } }')
    assert "errors" not in response.json()
    assert plane.oversized == 1


async def test_a_server_may_tell_it_that_it_starts_and_stops(plane: DataPlane) -> None:
    told = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    answered: list[Json] = []

    async def receive() -> Json:
        return next(told)

    async def send(message: Json) -> None:
        answered.append(message["type"])

    await plane({"type": "lifespan"}, receive, send)
    assert answered == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_another_kind_of_scope_is_refused(plane: DataPlane) -> None:
    async def never(*_: Json) -> Json:
        raise AssertionError

    with pytest.raises(ValueError, match="smtp is not a scope"):
        await plane({"type": "smtp"}, never, never)

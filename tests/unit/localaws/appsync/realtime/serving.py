"""A real server on a free port with a fake API behind it, and a client that reads JSON."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

import localaws.serving
from localaws.appsync.ports import Endpoint
from localaws.appsync.realtime.limits import Limits
from localaws.appsync.realtime.session import Sockets
from tests.unit.localaws.appsync.realtime.fakes import API_KEY, FakeEndpoint

# Far beyond what anything here takes: a test that waits for a frame fails, it does not hang.
PATIENCE_S = 20.0

# Small, so that a client that does not read is noticed after kilobytes and not megabytes.
KERNEL_BUFFER_BYTES = 64 * 1024


@dataclass
class Served:
    """The server's parts, for a test to reach."""

    sockets: Sockets
    endpoint: FakeEndpoint
    host: str
    api: Endpoint | None
    "What the server finds when it looks for its API; a test may take it away."

    @property
    def url(self) -> str:
        return f"ws://{self.host}/graphql/realtime"


@asynccontextmanager
async def serving(limits: Limits | None = None) -> AsyncIterator[Served]:
    """Serve until the block ends, with whatever connections are still open closed."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER_BYTES)
    listener.bind(("127.0.0.1", 0))
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    endpoint = FakeEndpoint(frozenset({host}))
    served = Served(Sockets(lambda: served.api, limits), endpoint, host, endpoint)
    listener.listen()  # connections wait here until the server is up
    async with localaws.serving.serving(served.sockets, listener):
        yield served


class Client:
    """A connected client, by frames."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def send(self, type: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": type, **fields}))

    async def start(self, id: str, query: str, /, *, key: str = API_KEY, **variables: Any) -> None:
        payload = {
            "data": json.dumps({"query": query, "variables": variables}),
            "extensions": {"authorization": {"host": "any", "x-api-key": key}},
        }
        await self.send("start", id=id, payload=payload)

    async def subscribe(self, id: str, query: str, /, **variables: Any) -> None:
        await self.start(id, query, **variables)
        assert await self.receive() == {"type": "start_ack", "id": id}

    async def receive(self) -> Any:
        async with asyncio.timeout(PATIENCE_S):
            return json.loads(await self.socket.recv())

    async def receive_data(self, field: str = "onCreate") -> Any:
        frame = await self.receive()
        assert frame["type"] == "data", frame
        return frame["payload"]["data"][field]

    async def rest(self) -> list[Any]:
        """Whatever the server still says before it closes."""
        frames = []
        async with asyncio.timeout(PATIENCE_S):
            with suppress(ConnectionClosed):
                while True:
                    frames.append(json.loads(await self.socket.recv()))
        return frames

    async def closed(self) -> tuple[int | None, str | None]:
        """Wait for the server to close, for this code and reason."""
        await self.rest()
        return self.socket.close_code, self.socket.close_reason


def header_subprotocol(host: str, key: str = API_KEY) -> Subprotocol:
    fields = json.dumps({"host": host, "x-api-key": key})
    return Subprotocol("header-" + base64.urlsafe_b64encode(fields.encode()).decode().rstrip("="))


@asynccontextmanager
async def connected(served: Served, *, key: str = API_KEY, **options: Any) -> AsyncIterator[Client]:
    """A client that has read the first `ka`."""
    subprotocols = [Subprotocol("graphql-ws"), header_subprotocol(served.host, key)]
    async with connect(served.url, subprotocols=subprotocols, **options) as socket:
        client = Client(socket)
        assert await client.receive() == {"type": "ka"}
        yield client


@asynccontextmanager
async def asleep(served: Served) -> AsyncIterator[Client]:
    """A connected client that reads no further than the frame it waits for."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL_BUFFER_BYTES)
    sock.setblocking(False)
    host, port = served.host.split(":")
    await asyncio.get_running_loop().sock_connect(sock, (host, int(port)))
    async with connected(served, sock=sock, max_queue=1, compression=None) as client:
        yield client
        client.socket.transport.abort()  # a closing handshake would have to be read


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop run until `condition` holds: for what no frame tells of."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0)

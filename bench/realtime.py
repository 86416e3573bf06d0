"""How many notifications a second the real-time endpoint delivers to 100 subscribers.

`python -m bench.realtime [--json]`. The server is in this process, with an API in memory behind
it; the subscribers are in another, each with a socket of its own. A notification counts when its
subscriber has read it.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import multiprocessing
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection as Pipe

import uvicorn
from rich.console import Console
from rich.table import Table
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from localaws.appsync.ports import (
    Announcement,
    AuthMode,
    GraphQLRequest,
    Identity,
    Invalidation,
    Json,
    SignedRequest,
    Subscription,
)
from localaws.appsync.realtime.session import Sockets

ITEM_BYTES = (200, 2_000, 20_000)


@dataclass(frozen=True)
class Measurement:
    """One run. `server_cpu_s` is that of the serving process, announcing included."""

    subscribers: int
    announcements: int
    item_bytes: int
    seconds: float
    server_cpu_s: float

    @property
    def notifications_per_second(self) -> float:
        return self.subscribers * self.announcements / self.seconds


class EverySubscription:
    """Hears everything; all are of one shape, as subscribers of one query are."""

    field = "onCreateItemsModel"
    shape = ""

    def matches(self, announcement: Announcement) -> bool:
        return True

    def ended_by(self, invalidation: Invalidation) -> bool:
        return False

    def payload(self, announcement: Announcement) -> Json:
        return {"data": {self.field: announcement.value}}


@dataclass(frozen=True)
class OpenEndpoint:
    """An API that lets everyone in."""

    hosts: frozenset[str]

    async def authenticate(self, request: SignedRequest) -> Identity:
        return Identity(AuthMode.API_KEY)

    async def subscribe(
        self, identity: Identity, request: GraphQLRequest, headers: Mapping[str, str]
    ) -> Subscription:
        return EverySubscription()


async def measure(subscribers: int, announcements: int, item_bytes: int) -> Measurement:
    """Subscribe, announce as fast as it goes, wait until the last subscriber has the last."""
    value = {"id": "Item001", "item": "x" * item_bytes}
    async with (
        _serving() as (sockets, host),
        _subscribers(host, subscribers, announcements) as pipe,
    ):
        await asyncio.to_thread(pipe.recv)  # all are subscribed
        started, cpu = time.perf_counter(), time.process_time()
        for _ in range(announcements):
            sockets.announce(Announcement("publishCreateItemsModel", value))
            await asyncio.sleep(0)  # as the next mutation would
        await asyncio.to_thread(pipe.recv)  # all have read everything
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    return Measurement(subscribers, announcements, item_bytes, seconds, cpu)


@asynccontextmanager
async def _serving() -> AsyncIterator[tuple[Sockets, str]]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=1_000)
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    endpoint = OpenEndpoint(frozenset({host}))
    sockets = Sockets(lambda: endpoint)
    server = uvicorn.Server(
        uvicorn.Config(sockets, ws="websockets-sansio", lifespan="off", log_config=None)
    )
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield sockets, host
    finally:
        await sockets.close()
        server.should_exit = True
        await running


@asynccontextmanager
async def _subscribers(host: str, subscribers: int, expected: int) -> AsyncIterator[Pipe]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_subscribe_and_count, args=(host, subscribers, expected, theirs)
    )
    process.start()
    theirs.close()  # so that the death of the other process ends our waiting
    try:
        yield ours
    finally:
        await asyncio.to_thread(process.join)


def _subscribe_and_count(host: str, subscribers: int, expected: int, pipe: Pipe) -> None:
    asyncio.run(_all(host, subscribers, expected, pipe))


async def _all(host: str, subscribers: int, expected: int, pipe: Pipe) -> None:
    sockets = [await _subscribed(host) for _ in range(subscribers)]
    pipe.send("subscribed")
    await asyncio.gather(*(_read(socket, expected) for socket in sockets))
    pipe.send("read")
    await asyncio.gather(*(socket.close() for socket in sockets))


async def _subscribed(host: str) -> ClientConnection:
    header = json.dumps({"host": host, "x-api-key": "da2"}).encode()
    offered = "header-" + base64.urlsafe_b64encode(header).decode().rstrip("=")
    socket = await connect(
        f"ws://{host}/graphql/realtime",
        subprotocols=[Subprotocol("graphql-ws"), Subprotocol(offered)],
        compression=None,
    )
    payload = {"data": '{"query":"subscription{a}"}', "extensions": {"authorization": {}}}
    await socket.send(json.dumps({"type": "start", "id": "1", "payload": payload}))
    while '"start_ack"' not in str(await socket.recv()):
        pass
    return socket


async def _read(socket: ClientConnection, expected: int) -> None:
    while expected:
        expected -= '"data"' in str(await socket.recv())


def _table(measured: list[Measurement]) -> Table:
    table = Table(title="Notifications of the local AppSync")
    for column in ("subscribers", "item bytes", "notifications/s", "server CPU µs each"):
        table.add_column(column, justify="right")
    for each in measured:
        cpu_us = each.server_cpu_s / (each.subscribers * each.announcements) * 1e6
        rate = each.notifications_per_second
        table.add_row(str(each.subscribers), str(each.item_bytes), f"{rate:,.0f}", f"{cpu_us:.1f}")
    return table


async def _measure_all(subscribers: int, announcements: int) -> list[Measurement]:
    return [await measure(subscribers, announcements, size) for size in ITEM_BYTES]


def main() -> None:
    """Print a table, or JSON for whoever collects the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=100)
    parser.add_argument("--announcements", type=int, default=200, help="a size")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    measured = asyncio.run(_measure_all(chosen.subscribers, chosen.announcements))
    if not chosen.json:
        Console().print(_table(measured))
        return
    rates = [
        {**asdict(each), "notifications_per_second": each.notifications_per_second}
        for each in measured
    ]
    Console().print_json(json.dumps(rates))


if __name__ == "__main__":
    main()

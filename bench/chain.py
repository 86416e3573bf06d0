"""The whole chain under load: writes in Sydney, and what becomes of them there and in Ireland."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gql import gql

from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.clients.subscriber import client, subscriber
from antipode_tools.world.engine.aws import Aws
from bench.audience import audience

HOME, WRITER = "eu-west-1", "ap-southeast-2"

# BatchWriteItem takes no more.
_BATCH = 25

_CREATE = (
    "mutation Create($item: String!) { createItemsModel(input: {item: $item}) { id createdAt } }"
)
_CREATED = "subscription { onCreateItemsModel { id item version updatedIn _change { sequence } } }"

# The line that Lambda logs at the end of an invocation.
_DURATION = re.compile(r"^REPORT .*\tDuration: ([\d.]+) ms", re.DOTALL)

Write = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Heard:
    """One write through AppSync, in seconds from its call.

    Args:
        stamped: the resolver's code ran; to the millisecond.
        answered: the writer had its answer.
        heard: the subscriber in the other Region had the notification.
        heard_at_home: the one in the writing Region had its own.
    """

    stamped: float
    answered: float
    heard: float
    heard_at_home: float


async def hear(world: WorldFile, writes: int) -> list[Heard]:
    """Write in Sydney, one item after the other, each when both have heard of the one before."""
    request = gql(_CREATE)
    request.variable_values = {"item": "x" * 100}
    found = []
    async with (
        subscriber(world.regions[HOME]) as listener,
        subscriber(world.regions[WRITER]) as at_home,
        client(world.regions[WRITER]) as session,
    ):
        await listener.subscribe(_CREATED)
        await at_home.subscribe(_CREATED)
        for _ in range(writes):
            called, began = time.time(), time.monotonic()
            made = (await session.execute(request))["createItemsModel"]
            answered = time.monotonic()
            here, heard = await at_home.heard.get(), await listener.heard.get()
            for each in (here, heard):
                assert each.data["onCreateItemsModel"]["id"] == made["id"]
            stamped = datetime.fromisoformat(made["createdAt"]).timestamp()
            found.append(
                Heard(stamped - called, answered - began, heard.at - began, here.at - began)
            )
    return found


async def seconds(world: WorldFile, write: Write, writes: int) -> tuple[float, float]:
    """How long it takes to write so many items, and until a subscriber in each Region has all."""
    async with AsyncExitStack() as exits:
        everyone = [
            await exits.enter_async_context(audience(region, 1))
            for region in world.regions.values()
        ]
        began = time.monotonic()
        hearing = [asyncio.create_task(each.hear(writes)) for each in everyone]
        await write()
        written = time.monotonic() - began
        await asyncio.gather(*hearing)
        return written, time.monotonic() - began


async def fan_out(world: WorldFile, subscribers: int, writes: int) -> float:
    """How long until so many subscribers in Ireland have heard of so many writes in Sydney."""
    async with audience(world.regions[HOME], subscribers) as everyone:
        began = time.monotonic()
        await asyncio.gather(batches(world, writes, "fan-out")(), everyone.hear(writes))
        return time.monotonic() - began


def mutations(world: WorldFile, writes: int, connections: int) -> Write:
    """Creates so many items in Sydney through AppSync, over so many connections."""
    request = gql(_CREATE)
    request.variable_values = {"item": "x" * 100}

    async def write() -> None:
        numbers = iter(range(writes))
        async with client(world.regions[WRITER]) as session:

            async def connection() -> None:
                for _ in numbers:
                    await session.execute(request)

            await asyncio.gather(*(connection() for _ in range(connections)))

    return write


def batches(world: WorldFile, writes: int, name: str, text: str = "x" * 100) -> Write:
    """Writes so many items straight to Sydney's table, as a batch job does."""
    table = world.regions[WRITER].tables["ItemsModel"]
    aws = Aws(world.engine_url)
    dynamodb = aws.session.client("dynamodb", **aws.at(WRITER))

    def write() -> None:
        for first in range(0, writes, _BATCH):
            numbers = range(first, min(first + _BATCH, writes))
            puts: list[Any] = [
                {"PutRequest": {"Item": _item(f"{name}-{each}", text)}} for each in numbers
            ]
            dynamodb.batch_write_item(RequestItems={table: puts})

    return lambda: asyncio.to_thread(write)


def _item(item_id: str, text: str) -> dict[str, Any]:
    """As the resolvers would have left it."""
    moment = "2026-11-22T20:47:00.000Z"
    texts = {"id": item_id, "item": text, "createdAt": moment, "updatedAt": moment}
    return {
        **{name: {"S": value} for name, value in texts.items()},
        "updatedIn": {"S": WRITER},
        "version": {"N": "1"},
    }


def empty_invocations(world: WorldFile, invocations: int) -> list[float]:
    """Seconds of each invocation of Ireland's relay with nothing to announce."""
    aws = Aws(world.engine_url)
    functions = aws.session.client("lambda", **aws.at(HOME))
    name = world.regions[HOME].outputs["RelayFunctionName"]
    found = []
    for _ in range(invocations):
        began = time.monotonic()
        functions.invoke(FunctionName=name, Payload=b'{"Records":[]}')["Payload"].read()
        found.append(time.monotonic() - began)
    return found


def relay_durations(world: WorldFile, since: float) -> list[float]:
    """Seconds of each invocation of Ireland's relay since a moment, from its log."""
    aws = Aws(world.engine_url)
    name = world.regions[HOME].outputs["RelayFunctionName"]
    function = aws.session.client("lambda", **aws.at(HOME)).get_function_configuration(
        FunctionName=name
    )
    events = aws.session.client("logs", **aws.at(HOME)).get_paginator("filter_log_events")
    pages = events.paginate(
        logGroupName=function["LoggingConfig"]["LogGroup"], startTime=int(since * 1000)
    )
    lines = (_DURATION.match(event["message"]) for page in pages for event in page["events"])
    return [float(line[1]) / 1000 for line in lines if line]

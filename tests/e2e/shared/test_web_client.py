"""Our web client in Node, on two Regions of which one is lost and comes back."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from antipode_tools.project.config import project_root
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.order_api import asked
from antipode_tools.world.orders import Order
from tests.clients.tools import Node
from tests.e2e.clients import HEARD_WITHIN_S, ask, new_id, replicated

CREATE = """
mutation ($id: ID, $item: String) { createItemsModel(input: {id: $id, item: $item}) { id } }
"""

# What the client tells.
Json = Any


class Client:
    """The program, and what it told last."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.told: list[Json] = []

    async def until(self, condition: Callable[[Json], bool]) -> Json:
        assert self._process.stdout
        try:
            async with asyncio.timeout(HEARD_WITHIN_S):
                while not self.told or not condition(self.told[-1]):
                    line = await self._process.stdout.readline()
                    assert line, "the client has ended"
                    self.told.append(json.loads(line))
        except TimeoutError:
            raise AssertionError(self.told[-5:]) from None
        return self.told[-1]

    def write(self, **what: Json) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{json.dumps(what)}\n".encode())


@asynccontextmanager
async def client(node: Node, prefix: str, *regions: WorldRegion) -> AsyncIterator[Client]:
    told = [
        {
            "name": each.name,
            "graphqlUrl": each.graphql_url,
            "realtimeUrl": each.realtime_url,
            "apiKey": each.api_key,
        }
        for each in regions
    ]
    process = await asyncio.create_subprocess_exec(
        str(node.program("node")),
        str(project_root() / "tests" / "clients" / "web.mjs"),
        env={**os.environ, "REGIONS": json.dumps(told), "PREFIX": prefix},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    yield Client(process)
    assert process.stdin
    process.stdin.close()
    async with asyncio.timeout(HEARD_WITHIN_S):
        assert await process.wait() == 0  # and nothing keeps it alive


def shows(region: WorldRegion, **items: str) -> Callable[[Json], bool]:
    return lambda told: (
        (told.get("state"), told.get("region"), told.get("items")) == ("live", region.name, items)
    )


@pytest.mark.parametrize("how", ["refused", "silent"])
async def test_a_client_leaves_a_region_that_is_lost_and_comes_back_to_it(
    node: Node, world: WorldFile, ireland: WorldRegion, sydney: WorldRegion, how: str
) -> None:
    one, two, three = (new_id() for _ in range(3))
    prefix = new_id()
    async with client(node, prefix, ireland, sydney) as web:
        await web.until(shows(ireland))
        await ask(sydney, CREATE, id=one, item=f"{prefix} heard")
        await web.until(shows(ireland, **{one: f"{prefix} heard"}))
        await replicated(world)
        await asked(world, Order("lose", ("ireland",), silent=how == "silent"))
        try:
            moved = await web.until(shows(sydney, **{one: f"{prefix} heard"}))
            assert moved["gap"]
            web.write(create={"id": two, "item": f"{prefix} written in Sydney"})
            both = {one: f"{prefix} heard", two: f"{prefix} written in Sydney"}
            await web.until(shows(sydney, **both))
        finally:
            await asked(world, Order("recover", ("ireland",)))
        await web.until(shows(ireland, **both))
        await ask(sydney, CREATE, id=three, item=f"{prefix} after")
        await web.until(shows(ireland, **both, **{three: f"{prefix} after"}))
        states = {(each["region"], each["state"]) for each in web.told if "state" in each}
        assert ("sydney", "live") in states
        assert all(each.get("failed") is None for each in web.told)

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.client import HTTPConnection
from typing import Any

import pytest

from antipode_tools.project.conditions import ConditionError, Conditions
from antipode_tools.project.counted import Counted
from antipode_tools.project.world_file import Control, WorldFile
from antipode_tools.world.errors import WorldError
from antipode_tools.world.in_force import InForce
from antipode_tools.world.order_api import (
    COUNTED,
    KEY_HEADER,
    PATH,
    WAITING,
    OrderApi,
    Waiting,
    asked,
    counted,
    waiting_since,
)
from antipode_tools.world.orders import Order
from localaws.serving import serving
from localaws.sockets import HOST, listen, number
from tests.fakes.world import a_world

KEY = "secret"
CUT = Order("cut", ("ireland", "sydney"))


@asynccontextmanager
async def served() -> AsyncIterator[tuple[WorldFile, InForce]]:
    """A world that takes orders, as its file tells of it."""
    there = InForce({"ireland": "eu-west-1", "sydney": "ap-southeast-2"})
    listener = listen(0)
    api = OrderApi(KEY, there.carry_out, lambda: there.conditions)
    async with serving(api, listener):
        yield a_world(control=Control(f"http://{HOST}:{number(listener)}", KEY)), there
    listener.close()


async def test_an_order_is_carried_out_and_what_is_in_force_is_told() -> None:
    async with served() as (world, there):
        done = await asked(world, CUT)
        assert done.said == "done"
        assert done.conditions == there.conditions != Conditions()
        assert (await asked(world)).conditions == there.conditions
        with pytest.raises(ConditionError, match="no Region atlantis"):
            await asked(world, Order("lose", ("atlantis",)))


async def test_how_far_the_relays_are_is_told_to_whoever_has_the_key() -> None:
    waits: Waiting = {"eu-west-1": 1_800_000_000.0, "ap-southeast-2": None}
    there = InForce({})
    with listen(0) as listener:
        api = OrderApi(KEY, there.carry_out, lambda: there.conditions, lambda: waits)
        async with serving(api, listener):
            world = a_world(control=Control(f"http://{HOST}:{number(listener)}", KEY))
            assert await asyncio.to_thread(waiting_since, world) == waits


async def test_what_the_regions_have_done_is_told() -> None:
    done = {"eu-west-1": Counted(seconds=1.5, requests=3, announced=2, connections=1)}
    there = InForce({})
    with listen(0) as listener:
        api = OrderApi(KEY, there.carry_out, lambda: there.conditions, counted=lambda: done)
        async with serving(api, listener):
            world = a_world(control=Control(f"http://{HOST}:{number(listener)}", KEY))
            assert await asyncio.to_thread(counted, world) == done


@pytest.mark.parametrize(
    ("method", "path", "key", "body", "status"),
    [
        ("GET", PATH, "", b"", 403),
        ("GET", COUNTED, "", b"", 403),
        ("GET", WAITING, "", b"", 403),
        ("POST", PATH, "guessed", json.dumps(vars(CUT)).encode(), 403),
        ("POST", PATH, KEY, b"{", 400),
        ("POST", PATH, KEY, b"[]", 400),
        ("POST", PATH, KEY, b"\xff", 400),
        ("DELETE", PATH, KEY, b"", 404),
        ("GET", "/", KEY, b"", 404),
    ],
)
async def test_what_comes_without_the_key_or_is_no_order_changes_nothing(
    method: str, path: str, key: str, body: bytes, status: int
) -> None:
    async with served() as (world, there):
        answered, told = await asyncio.to_thread(send, world, method, path, key, body)
        assert answered == status
        assert list(told) == ["refused"]
        assert there.conditions == Conditions()


def send(world: WorldFile, method: str, path: str, key: str, body: bytes) -> tuple[int, Any]:
    assert world.control
    connection = HTTPConnection(world.control.url.removeprefix("http://"), timeout=10)
    connection.request(method, path, body, {KEY_HEADER: key})
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


async def test_a_world_that_is_gone_is_told() -> None:
    with listen(0) as free:
        port = number(free)
    world = a_world(control=Control(f"http://{HOST}:{port}", KEY))
    with pytest.raises(WorldError, match="does not answer"):
        await asked(world, CUT)

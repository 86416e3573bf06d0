"""A world that is broken and mended from the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from antipode_tools.console.faults import of_world
from antipode_tools.operate.stacks.errors import NotRunningError, UsageError
from antipode_tools.project.conditions import Conditions
from antipode_tools.project.config import WorldConfig, load
from antipode_tools.project.world_file import Control
from antipode_tools.world.in_force import InForce
from antipode_tools.world.order_api import OrderApi
from localaws.serving import serving
from localaws.sockets import HOST, listen, number
from tests.fakes.project import start_world

KEY = "secret"
CUT = {"do": "cut", "regions": ["ireland", "sydney"]}


@pytest.fixture
def config(root: Path) -> WorldConfig:
    return load(root=root)


@pytest_asyncio.fixture
async def world(root: Path) -> AsyncIterator[InForce]:
    """A world that runs, as far as its file and its orders tell; its file knows one Region."""
    there = InForce({"ireland": "eu-west-1", "sydney": "ap-southeast-2"})
    with listen(0) as listener:
        control = Control(f"http://{HOST}:{number(listener)}", KEY)
        lock = start_world(root, control=control)
        waits = {"eu-west-1": 1.0, "ap-southeast-2": None}
        api = OrderApi(KEY, there.carry_out, lambda: there.conditions, lambda: waits)
        async with serving(api, listener):
            yield there
    lock.release()


async def test_an_order_is_in_force_and_told(config: WorldConfig, world: InForce) -> None:
    deeds = of_world(config, {})
    told = await deeds["order"](CUT)
    assert told == {"said": "done", "conditions": world.conditions.as_json()}
    assert (await deeds["conditions"]({}))["conditions"] == world.conditions.as_json()
    await deeds["order"]({"do": "heal"})
    assert world.conditions == Conditions()


async def test_how_long_the_relays_oldest_change_waits_is_told(
    config: WorldConfig, world: InForce
) -> None:
    told = await of_world(config, {})["waiting"]({})
    assert told["ap-southeast-2"] is None
    assert told["eu-west-1"] > 1_000_000_000_000


@pytest.mark.parametrize(
    "order",
    [
        {"do": "explode"},
        {"do": "lose", "regions": ["atlantis"]},
        {"do": "lag", "regions": ["ireland", "sydney"], "lag_s": -1},
        {"do": "lag", "regions": ["ireland", "sydney"], "lag_s": "long"},
        {"who": "me"},
    ],
)
async def test_what_is_no_order_is_refused(
    config: WorldConfig, world: InForce, order: dict[str, object]
) -> None:
    with pytest.raises(UsageError):
        await of_world(config, {})["order"](order)
    assert world.conditions == Conditions()


async def test_without_a_world_there_is_nothing_to_break(config: WorldConfig) -> None:
    with pytest.raises(NotRunningError):
        await of_world(config, {})["conditions"]({})


async def test_a_drill_that_cannot_run_says_why(config: WorldConfig, world: InForce) -> None:
    deeds = of_world(config, {})
    assert (await deeds["drill"]({"name": "split", "seconds": 5}))["runs"]
    with pytest.raises(UsageError, match="the drill split runs"):
        await deeds["drill"]({"name": "split", "seconds": 5})
    while (told := await deeds["drilled"]({}))["runs"]:
        await asyncio.sleep(0.01)
    assert "this world has one Region, and it takes two" in told["problem"]
    assert told["report"] is None


@pytest.mark.parametrize(
    ("name", "seconds", "why"), [("none", 5, "no drill"), ("split", 0, "1 to 600")]
)
async def test_what_is_no_drill_is_refused(
    config: WorldConfig, name: str, seconds: float, why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        await of_world(config, {})["drill"]({"name": name, "seconds": seconds})

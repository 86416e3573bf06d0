"""Drills, run as `antipode drill` runs them, for as short as they make sense."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from antipode_tools.project.conditions import Conditions
from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.drills.running import run
from antipode_tools.world.drills.scenarios import Step, scenarios
from antipode_tools.world.order_api import asked
from antipode_tools.world.orders import Order

DRILLS = scenarios("ireland", "sydney")


@pytest.mark.parametrize("name", ["region-loss", "split", "relay-killed"])
async def test_the_promise_holds_in_a_drill(world: WorldFile, name: str) -> None:
    said: list[str] = []
    report = await run(name, DRILLS[name], world, 5, said.append)
    assert [finding for finding in report.findings if not finding.held] == []
    assert {write.region for write in report.observed.writes if write.done} == {"ireland", "sydney"}
    assert (await asked(world)).conditions == Conditions()


async def test_a_drill_that_is_interrupted_heals_the_world(world: WorldFile) -> None:
    scenario = replace(DRILLS["split"], steps=[Step(0.01, Order("cut", ("ireland", "sydney")))])
    drill = asyncio.create_task(run("split", scenario, world, 600, lambda _: None))
    async with asyncio.timeout(60):
        while (await asked(world)).conditions == Conditions():
            assert not drill.done()
            await asyncio.sleep(0.05)
    drill.cancel()
    await asyncio.gather(drill, return_exceptions=True)
    assert (await asked(world)).conditions == Conditions()

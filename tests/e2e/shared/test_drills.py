"""Drills, run as `antipode drill` runs them, for as short as they make sense."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from antipode_tools.project.conditions import Conditions
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.drills.running import run
from antipode_tools.world.drills.scenarios import Step, scenarios
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.order_api import asked
from antipode_tools.world.orders import Order
from tests.clients.tools import Node

DRILLS = scenarios("ireland", "sydney")


@pytest.mark.parametrize("name", ["region-loss", "split", "relay-killed"])
async def test_the_promise_holds_in_a_drill(world: WorldFile, node: Node, name: str) -> None:
    program = [str(node.program("node"))]
    report = await run(name, DRILLS[name], world, 5, print, node=program)
    assert [finding for finding in report.findings if not finding.held] == []
    assert {client: {*held} for client, held in report.observed.copies.items()} == {
        "Python": {"ireland", "sydney"},
        "JavaScript": {"ireland", "sydney"},
    }
    assert {write.region for write in report.observed.writes if write.done} == {"ireland", "sydney"}
    assert (await asked(world)).conditions == Conditions()


async def test_a_deployment_under_load_ends_no_subscription_and_is_taken_back(
    world: WorldFile, ireland: WorldRegion
) -> None:
    before = await asyncio.to_thread(lanes, world, ireland)
    report = await run("deployment", DRILLS["deployment"], world, 8, print, node=None)
    assert [finding for finding in report.findings if not finding.held] == []
    told = [what for _, what in report.observed.marks]
    assert told[:3] == ["deployed ireland", "deployed sydney", "deployed back"]
    assert report.observed.deaf == frozenset()
    assert await asyncio.to_thread(lanes, world, ireland) == before


async def test_the_backlog_of_an_outage_drains_beside_its_clients(world: WorldFile) -> None:
    report = await run("outage", DRILLS["outage"], world, 8, print, node=None)
    assert [finding for finding in report.findings if not finding.held] == []
    assert report.observed.drain is not None
    assert report.observed.drain.waiting >= 80


def lanes(world: WorldFile, region: WorldRegion) -> str:
    aws = Aws(world.engine_url)
    functions = aws.session.client("lambda", **aws.at(region.code))
    name = region.outputs["RelayFunctionName"]
    told = functions.get_function_configuration(FunctionName=name)
    return told["Environment"]["Variables"]["LANES"]


async def test_a_drill_that_is_interrupted_heals_the_world(world: WorldFile) -> None:
    scenario = replace(DRILLS["split"], steps=[Step(0.01, Order("cut", ("ireland", "sydney")))])
    drill = asyncio.create_task(run("split", scenario, world, 600, print, node=None))
    async with asyncio.timeout(60):
        while (await asked(world)).conditions == Conditions():
            assert not drill.done()
            await asyncio.sleep(0.05)
    drill.cancel()
    await asyncio.gather(drill, return_exceptions=True)
    assert (await asked(world)).conditions == Conditions()

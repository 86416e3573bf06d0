"""The drill that takes one name for all Regions."""

from __future__ import annotations

import pytest

from antipode_tools.project.conditions import Conditions
from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.drills.running import run
from antipode_tools.world.drills.scenarios import scenarios
from antipode_tools.world.order_api import asked
from tests.clients.tools import Node

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_clients_of_the_shared_name_move_when_a_region_is_lost_and_nothing_else_does(
    world: WorldFile, node: Node
) -> None:
    drill = scenarios("ireland", "sydney")["shared-name"]
    program = [str(node.program("node"))]
    report = await run("shared-name", drill, world, 12, print, node=program)
    assert [finding for finding in report.findings if not finding.held] == []
    writes = [write for write in report.observed.writes if write.done]
    assert {write.region for write in writes if write.home == "sydney"} == {"ireland", "sydney"}
    assert {write.region for write in writes if write.home == "ireland"} == {"ireland"}
    assert (await asked(world)).conditions == Conditions()

"""Every kind of models' file that real applications have, deployed at once and used: what is
written in one Region is heard and read in the other.

The files stand in tests/unit/antipode_tools/schema/cases; what is done with each, in scenes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.clients.subscriber import subscriber
from tests.e2e.clients import ask, heard
from tests.e2e.kinds.scene import Scene, play
from tests.unit.antipode_tools.schema.cases import CASES

SCENES = Path(__file__).parent / "scenes"

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("kind", CASES)
async def test_what_is_written_in_one_region_is_heard_and_read_in_the_other(
    world: WorldFile, kind: str
) -> None:
    for told in yaml.safe_load((SCENES / f"{kind}.yaml").read_text()):
        await play(Scene(**told), world)


async def test_a_subscription_of_ones_own_hears_its_mutation_in_its_region(
    world: WorldFile,
) -> None:
    ireland = world.regions["eu-west-1"]
    async with subscriber(ireland) as listener:
        await listener.subscribe('subscription { onSound(station: "s") { by } }')
        await ask(ireland, 'mutation { sound(station: "s") { station by } }')
        assert await heard(listener) == {"onSound": {"by": "eu-west-1"}}


async def test_a_relation_is_read_page_by_page(world: WorldFile) -> None:
    ireland = world.regions["eu-west-1"]
    await ask(ireland, 'mutation { createBench(input: {id: "pages", hallId: "south"}) { id } }')
    for rank in range(5):
        job = f'benchId: "pages", lane: "of {rank}", rank: {rank}, what: "turn"'
        await ask(ireland, f"mutation {{ createJob(input: {{{job}}}) {{ id }} }}")
    page = """query ($token: String) {
      getBench(id: "pages") { jobs(limit: 2, nextToken: $token) { items { rank } nextToken } }
    }"""
    pages: list[list[float]] = []
    token = None
    while token or not pages:
        jobs = (await ask(ireland, page, token=token))["getBench"]["jobs"]
        pages.append([job["rank"] for job in jobs["items"]])
        token = jobs["nextToken"]
    assert pages == [[0, 1], [2, 3], [4]]

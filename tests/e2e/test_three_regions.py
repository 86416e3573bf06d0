"""A third Region is a third environment of samconfig.toml, and nothing else."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from local.config import load, project_root
from local.subscriber import subscriber
from local.world import World
from tests.e2e.clients import ask, heard

COMMENTED = "# [virginia.global.parameters]"


def with_virginia(samconfig: str) -> str:
    """The file with its last environment, which is commented out, put into effect."""
    two, _, third = samconfig.partition(COMMENTED)
    lines = (COMMENTED + third).splitlines()
    return two + "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines)


async def test_a_change_written_in_the_third_region_reaches_all_three(tmp_path: Path) -> None:
    root = project_root()
    samconfig = tmp_path / "samconfig.toml"
    samconfig.write_text(with_virginia((root / "samconfig.toml").read_text()))
    config = load(root=root, port=0, state=tmp_path / "world", samconfig=samconfig)
    async with World(config) as world, AsyncExitStack() as exits:
        regions = world.as_json()["regions"]
        assert list(regions) == ["eu-west-1", "ap-southeast-2", "us-east-1"]
        there = {
            code: await exits.enter_async_context(subscriber(region))
            for code, region in regions.items()
        }
        for each in there.values():
            await each.subscribe("subscription { onCreateItemsModel { item _change { region } } }")
        await ask(regions["us-east-1"], 'mutation { createItemsModel(input: {item: "x"}) { id } }')
        for code, each in there.items():
            assert await heard(each) == {
                "onCreateItemsModel": {"item": "x", "_change": {"region": code}}
            }
    assert not config.run.exists()

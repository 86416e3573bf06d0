"""Which Regions a command is for that takes several."""

from __future__ import annotations

from pathlib import Path

import pytest

from antipode_tools.operate.stacks.choosing import several
from antipode_tools.operate.stacks.errors import NotRunningError, UsageError
from antipode_tools.operate.stacks.target import load_world
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import WorldConfig
from tests.fakes.project import start_world

STAGES = """
[staging-ireland.global.parameters]
stack_name = "staging-antipode"
region = "eu-west-1"
"""
SECOND = """
[dublin.global.parameters]
stack_name = "dublin"
region = "eu-west-1"
"""


def project(root: Path, *environments: str) -> WorldConfig:
    """A project of Ireland and Sydney, with further environments before them."""
    (root / "stages.toml").write_text("[staging]\n")
    samconfig = root / "samconfig.toml"
    samconfig.write_text("".join(environments) + samconfig.read_text())
    return load_world(root)


def chosen(
    world: WorldConfig, *names: str, stage: str = "", where: Where | None = None
) -> list[str]:
    return [each.name for each in several(names, stage=stage, where=where, world=world)]


@pytest.mark.parametrize("where", [None, Where.AWS])
def test_without_a_world_all_is_production_whatever_stands_first(
    root: Path, where: Where | None
) -> None:
    assert chosen(project(root, STAGES), where=where) == ["ireland", "sydney"]


def test_with_a_world_all_is_what_it_serves(root: Path) -> None:
    world = project(root, STAGES)
    lock = start_world(root)
    assert chosen(world) == ["ireland"]
    assert chosen(world, where=Where.AWS) == ["ireland", "sydney"]
    lock.release()


def test_a_stage_has_its_own(root: Path) -> None:
    world = project(root, STAGES)
    lock = start_world(root)
    assert chosen(world, stage="staging") == ["staging-ireland"]
    lock.release()


def test_what_is_named_is_meant(root: Path) -> None:
    world = project(root, STAGES)
    assert chosen(world, "ap-southeast-2", "staging-ireland") == ["sydney", "staging-ireland"]


def test_what_is_named_twice_is_meant_once(root: Path) -> None:
    assert chosen(project(root), "ireland", "sydney", "eu-west-1") == ["ireland", "sydney"]


def test_a_local_world_that_is_wanted_and_not_there_is_not_running(root: Path) -> None:
    with pytest.raises(NotRunningError):
        chosen(project(root), where=Where.LOCAL)


@pytest.mark.parametrize("names", [(), ("ireland", "dublin")])
def test_two_stacks_in_one_region_are_not_chosen_between(root: Path, names: tuple[str]) -> None:
    world = project(root, SECOND)
    with pytest.raises(UsageError) as raised:
        chosen(world, *names)
    assert " are all in eu-west-1: name the one that is meant" in str(raised.value)
    assert chosen(world, "ireland", "sydney") == ["ireland", "sydney"]

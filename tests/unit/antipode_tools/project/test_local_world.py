"""Whether a world runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from antipode_tools.project import world_file
from antipode_tools.project.config import WorldConfig, load
from antipode_tools.project.local_world import Found, Life, find
from antipode_tools.project.lock import Lock
from antipode_tools.project.world_file import Pids
from tests.fakes.world import a_world

OWN = Pids(os.getpid(), os.getpid())


@pytest.fixture
def config(root: Path) -> WorldConfig:
    return load(root=root, state=root / "state")


@pytest.fixture
def living(config: WorldConfig) -> Iterator[WorldConfig]:
    """A world whose process is this one."""
    lock = Lock.take(config.lock_file)
    assert lock is not None
    yield config
    lock.release()


def test_where_nothing_was_started_nothing_runs_and_looking_makes_nothing(
    config: WorldConfig,
) -> None:
    assert find(config) == Found(Life.ABSENT)
    assert not config.state.exists()


def test_what_a_killed_world_left_is_seen_and_stays(config: WorldConfig) -> None:
    config.run.mkdir(parents=True)
    world_file.write(config.world_file, a_world())
    assert find(config) == Found(Life.ABSENT, remains=True)
    assert {path.name for path in config.state.iterdir()} == {"run", "world.json"}


def test_a_world_that_is_ready_is_found_with_its_file(living: WorldConfig) -> None:
    world = a_world(pids=OWN)
    world_file.write(living.world_file, world)
    assert find(living) == Found(Life.RUNNING, os.getpid(), world)


def test_a_world_without_its_file_is_starting_or_ending(living: WorldConfig) -> None:
    living.run.mkdir()
    assert find(living) == Found(Life.CHANGING, os.getpid())


def test_the_file_of_another_process_is_not_that_of_the_world_that_starts(
    living: WorldConfig,
) -> None:
    world_file.write(living.world_file, a_world(pids=replace(OWN, world=OWN.world + 1)))
    assert find(living) == Found(Life.CHANGING, os.getpid())

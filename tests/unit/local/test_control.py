from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import control
from local.config import Region, WorldConfig
from local.control import Found, Life
from local.lock import Lock


@pytest.fixture
def config(tmp_path: Path) -> WorldConfig:
    return WorldConfig(
        root=tmp_path,
        state=tmp_path / "state",
        shared=tmp_path / "shared",
        samconfig=tmp_path / "samconfig.toml",
        regions=(Region("ireland", "eu-west-1", "antipode", {}),),
    )


@pytest.fixture
def living(config: WorldConfig) -> Iterator[WorldConfig]:
    """A world whose process is this one."""
    lock = Lock.take(config.lock_file)
    assert lock is not None
    yield config
    lock.release()


def test_where_nothing_was_started_there_is_nothing(config: WorldConfig) -> None:
    assert control.find(config) == Found(Life.ABSENT)
    assert control.stop(config) == Found(Life.ABSENT)


def test_what_a_killed_world_left_is_removed_but_for_its_logs(config: WorldConfig) -> None:
    config.run.mkdir(parents=True)
    (config.run / "file").touch()
    config.world_file.write_text("{}")
    config.logs.mkdir()
    assert control.find(config) == Found(Life.ABSENT, remains=True)
    assert {path.name for path in config.state.iterdir()} == {"log", "world.lock"}


def test_a_world_that_is_ready_is_found_with_its_file(living: WorldConfig) -> None:
    world = {"engine_url": "http://127.0.0.1:4000"}
    living.world_file.write_text(json.dumps(world))
    assert control.find(living) == Found(Life.RUNNING, os.getpid(), world)


def test_a_world_without_its_file_is_starting_or_ending(living: WorldConfig) -> None:
    living.run.mkdir()
    assert control.find(living) == Found(Life.CHANGING, os.getpid())
    assert living.run.exists()

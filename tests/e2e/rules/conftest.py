"""One world for all of these tests: four applications with rules, whose users are of a pool, and
guests who have an API key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from antipode_tools.operate.drain import command
from antipode_tools.project import world_file
from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import project_root
from antipode_tools.project.lock import Lock
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.schema.command import MODELS
from antipode_tools.world.world import World
from tests.e2e.project import config_of, project


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[command.Run]:
    """A world as commands find it: Ireland and Sydney, with the repository's own model as well,
    which has no rules."""
    own = (project_root() / MODELS).read_text()
    ruled = Path(__file__).with_name("models.graphql").read_text()
    auth = (AuthMode.AMAZON_COGNITO_USER_POOLS, AuthMode.API_KEY)
    root = project(tmp_path_factory.mktemp("project"), f"{own}\n{ruled}", auth=auth)
    of_world = config_of(root, tmp_path_factory.mktemp("world"), tls=True)
    async with World.started(of_world) as made:
        lock = Lock.take(of_world.lock_file)
        assert lock is not None
        world_file.write(of_world.world_file, made.told)
        yield command.Run(root=root, state=of_world.state, within_s=60)
        lock.release()


@pytest.fixture(scope="package")
def world(run: command.Run) -> WorldFile:
    assert run.state is not None
    return world_file.read(run.state / "world.json")


@pytest.fixture
def ireland(world: WorldFile) -> WorldRegion:
    return world.regions["eu-west-1"]


@pytest.fixture
def sydney(world: WorldFile) -> WorldRegion:
    return world.regions["ap-southeast-2"]

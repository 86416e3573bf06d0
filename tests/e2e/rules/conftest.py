"""One world for all of these tests: four applications with rules, whose users are of a pool, and
guests who have an API key. A function of the project's own lets others in by their tokens.

Those of other modes are made in test_modes.py.
"""

from __future__ import annotations

import asyncio
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
from tests.e2e.project import NOTE, config_of, project
from tests.e2e.strangers import STRANGER, give_role


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[command.Run]:
    """A world as commands find it: Ireland and Sydney, with the repository's own model as well,
    which has no rules."""
    own = (project_root() / MODELS).read_text()
    ruled = Path(__file__).with_name("models.graphql").read_text()
    auth = (AuthMode.AMAZON_COGNITO_USER_POOLS, AuthMode.AWS_LAMBDA, AuthMode.API_KEY)
    root = project(tmp_path_factory.mktemp("project"), f"{own}\n{ruled}\n{NOTE}", auth=auth)
    of_world = config_of(root, tmp_path_factory.mktemp("world"), tls=True)
    async with World.started(of_world, signers=[STRANGER]) as made:
        lock = Lock.take(of_world.lock_file)
        assert lock is not None
        await asyncio.to_thread(give_role, made.told.engine_url)
        world_file.write(of_world.world_file, made.told)
        yield command.Run(root=root, state=of_world.state, within_s=60)
        lock.release()


@pytest.fixture(scope="package")
def pool_world(run: command.Run) -> WorldFile:
    assert run.state is not None
    return world_file.read(run.state / "world.json")


@pytest.fixture(scope="package")
def world(pool_world: WorldFile) -> WorldFile:
    """The world that a file of tests uses, unless it says otherwise."""
    return pool_world


@pytest.fixture
def ireland(world: WorldFile) -> WorldRegion:
    return world.regions["eu-west-1"]


@pytest.fixture
def sydney(world: WorldFile) -> WorldRegion:
    return world.regions["ap-southeast-2"]

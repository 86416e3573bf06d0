"""One world for all of these tests, whose clients come with tokens.

Those of other modes are in the tests of rules.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

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
from tests.e2e.project import MEMO, NOTE, SHARED_NAME, config_of, examples, project
from tests.e2e.strangers import STRANGER, give_role


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[command.Run]:
    """A world as commands find it: Ireland and Sydney under one name.

    It has the models of all examples, of which the first is Order, the repository's own, of which
    clients can ask for what they missed, Note, Memo, and those of the clients from npm; and the
    operations of the board. It is served over TLS as well.
    """
    own = (project_root() / MODELS).read_text().replace("@model(", "@model(sync: true, ")
    of_clients = (project_root() / "tests" / "clients" / "models.graphql").read_text()
    models = "\n".join([examples("order", "todo", "board"), own, NOTE, MEMO, of_clients])
    root = project(
        tmp_path_factory.mktemp("project"), models, auth=[AuthMode.AWS_LAMBDA], example="board"
    )
    samconfig = root / "samconfig.toml"
    shared = "# the same in every Region, by antipode schema: end\n"
    text = samconfig.read_text().partition("# A third Region")[0]
    samconfig.write_text(text.replace(shared, f"{shared}{SHARED_NAME}"))
    of_world = config_of(root, tmp_path_factory.mktemp("world"), tls=True)
    async with World.started(of_world, signers=[STRANGER]) as made:
        lock = Lock.take(of_world.lock_file)
        assert lock is not None
        await asyncio.to_thread(give_role, made.told.engine_url)
        world_file.write(of_world.world_file, made.told)
        yield command.Run(root=root, state=of_world.state, within_s=60)
        lock.release()


@pytest.fixture(scope="package")
def tokens_world(run: command.Run) -> WorldFile:
    assert run.state is not None
    return world_file.read(run.state / "world.json")


@pytest.fixture(scope="package")
def world(tokens_world: WorldFile) -> WorldFile:
    """The world that a file of tests uses, unless it says otherwise."""
    return tokens_world


@pytest.fixture
def ireland(world: WorldFile) -> WorldRegion:
    return world.regions["eu-west-1"]


@pytest.fixture
def sydney(world: WorldFile) -> WorldRegion:
    return world.regions["ap-southeast-2"]

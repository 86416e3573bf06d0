"""One world for all of these tests, started as a user starts it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from antipode_tools.project import world_file
from antipode_tools.project.world_file import WorldFile, WorldRegion
from tests.e2e.shell import Shell, free_block


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """Ireland and Sydney, over TLS as well, and a shell whose commands find them."""
    shell = Shell(tmp_path_factory.mktemp("running"), free_block())
    status, _, err = shell.run("up", "--tls")
    assert status == 0, err
    yield shell
    shell.run("down")


@pytest.fixture(scope="package")
def world(running: Shell) -> WorldFile:
    return world_file.read(running.state / "world.json")


@pytest.fixture(scope="package")
def ireland(world: WorldFile) -> WorldRegion:
    return world.regions["eu-west-1"]


@pytest.fixture(scope="package")
def sydney(world: WorldFile) -> WorldRegion:
    return world.regions["ap-southeast-2"]

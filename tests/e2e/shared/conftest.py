"""One world for all of these tests, run by its daemon as `antipode up` would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from antipode_tools.project.config import load, project_root
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world import control
from antipode_tools.world.progress import silent


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorldFile]:
    """Ireland and Sydney, on ports of their own, over TLS as well."""
    config = load(root=project_root(), port=0, state=tmp_path_factory.mktemp("world"), tls=True)
    yield control.start(config, silent)
    control.stop(config)


@pytest.fixture(scope="session")
def ireland(world: WorldFile) -> WorldRegion:
    return world.regions["eu-west-1"]


@pytest.fixture(scope="session")
def sydney(world: WorldFile) -> WorldRegion:
    return world.regions["ap-southeast-2"]

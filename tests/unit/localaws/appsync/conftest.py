from collections.abc import Iterator

import pytest

from tests.unit.localaws.appsync.fakes import World


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.threads.shutdown()

"""An API in memory, served for real: on a port of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from antipode_tools.world.serving.data_plane import Address
from localaws.appsync.deployed import Api
from localaws.serving import serving
from localaws.sockets import listen, number
from tests.unit.localaws.appsync.fakes import NOW, World


@asynccontextmanager
async def served(
    world: World, api: Api, clock: Callable[[], datetime] = lambda: NOW
) -> AsyncIterator[Address]:
    """Serve an API of the world's until the block ends, which ends the world, too."""
    with listen(0) as listener:
        address = Address(number(listener))
        plane = world.plane(address.hosts, clock)
        plane.attach(api)
        async with serving(plane, listener):
            yield address
        await plane.close()
    world.threads.shutdown()

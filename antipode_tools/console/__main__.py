"""The console of a running world: `python -m antipode_tools.console`, which the world starts.

It takes a listening socket and a key from the world, and ends with it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
from functools import partial

from antipode_tools.console.deeds import of_apis
from antipode_tools.console.faults import of_world
from antipode_tools.console.health import of_stacks
from antipode_tools.console.places import Place, Places
from antipode_tools.console.serving import served
from antipode_tools.operate.probe.endpoint import Endpoint, endpoint
from antipode_tools.operate.stacks.target import Target, find, running
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import WorldConfig
from antipode_tools.world.console_process import KEY, WORLD

# To look is cheap here, and whoever changes a schema waits for the page.
_KEEP_S = 2.0


def main() -> None:
    """Serve until the world ends this process."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    told = json.loads(os.environ[WORLD])
    listener = socket.socket(fileno=told["socket"])
    asyncio.run(_serve(WorldConfig.from_json(told["world"]), listener, os.environ[KEY]))


async def _serve(world: WorldConfig, listener: socket.socket, key: str) -> None:
    places = Places(
        [
            Place(
                region.name,
                region.code,
                partial(find, region.name, where=Where.LOCAL, world=world),
                partial(_reached, world),
                keep_s=_KEEP_S,
            )
            for region in world.regions
        ]
    )
    made: dict[str, str] = {}
    deeds = {
        **of_apis(places, "the local world", has_faults=True),
        **of_stacks(places),
        **of_world(world, made),
    }
    async with served(listener, key, places, deeds, made):
        await asyncio.Event().wait()


def _reached(world: WorldConfig, target: Target) -> Endpoint:
    return endpoint(target, world=running(world).regions[target.region.code], token=None)


if __name__ == "__main__":
    main()

"""A console on a socket of this machine, for the length of a block."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from antipode_tools.console.guard import hosts
from antipode_tools.console.places import Places
from antipode_tools.console.server import Deed, Server
from antipode_tools.project.world_file import Control
from localaws.serving import serving
from localaws.sockets import HOST, number

_THREADS = 64


@asynccontextmanager
async def served(
    listener: socket.socket,
    key: str,
    places: Places,
    deeds: Mapping[str, Deed],
    made: Mapping[str, str] | None = None,
) -> AsyncIterator[Control]:
    """Serve the console; the socket is its owner's to close.

    Args:
        made: pages that deeds make, by their paths, as they come.
    """
    # What waits for a Region that never answers must not keep the others waiting.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS))
    port = number(listener)
    server = Server(hosts(port), key, places, deeds, {} if made is None else made)
    async with serving(server, listener):
        yield Control(f"http://{HOST}:{port}", key)

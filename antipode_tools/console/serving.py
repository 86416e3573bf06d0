"""A console on a socket of this machine, for the length of a block."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from antipode_tools.console.guard import hosts
from antipode_tools.console.places import Places
from antipode_tools.console.server import Deed, Server
from antipode_tools.project.world_file import Control
from localaws.serving import serving
from localaws.sockets import HOST, number


@asynccontextmanager
async def served(
    listener: socket.socket, key: str, places: Places, deeds: Mapping[str, Deed]
) -> AsyncIterator[Control]:
    """Serve the console; the socket is its owner's to close."""
    port = number(listener)
    server = Server(hosts(port), key, places, deeds)
    async with serving(server, listener):
        yield Control(f"http://{HOST}:{port}", key)

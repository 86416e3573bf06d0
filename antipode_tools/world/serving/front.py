"""The engine's address for everybody but the world itself, which adds what the engine lacks."""

from __future__ import annotations

import socket
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from antipode_tools.world.background import Background
from antipode_tools.world.serving.serving import Serving
from localaws.dynamodb.control_plane import ControlPlane
from localaws.front import Front
from localaws.sockets import HOST


async def face(
    engine_url: str,
    serving: Serving,
    listener: socket.socket,
    *,
    background: Background,
    exits: AsyncExitStack,
) -> None:
    """Serve the engine's front, until `exits` ends it."""
    port = urlsplit(engine_url).port
    assert port is not None
    front = Front(HOST, port, ControlPlane(serving.tables, serving.written))
    exits.callback(front.close)
    await background.serve(front, listener, "the engine's front")

"""The engine's address for everybody but the world itself, which adds what the engine lacks."""

from __future__ import annotations

import socket
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from antipode_tools.world.background import Background
from antipode_tools.world.in_force import InForce
from antipode_tools.world.serving.serving import Serving
from localaws.dynamodb.control_plane import ControlPlane
from localaws.front import Answer, Call, Front, PassOn
from localaws.sockets import HOST


async def face(
    engine_url: str,
    serving: Serving,
    listener: socket.socket,
    in_force: InForce,
    *,
    background: Background,
    exits: AsyncExitStack,
) -> None:
    """Serve the engine's front, until `exits` ends it; a lost Region's calls are not passed on."""
    port = urlsplit(engine_url).port
    assert port is not None
    plane = ControlPlane(serving.tables, serving.written)

    async def handle(call: Call, pass_on: PassOn) -> Answer:
        gate = in_force.gates.get(call.region or "")
        if gate is not None and not gate.is_open:
            if not gate.is_silent:
                return Answer(503, (), b"the Region is lost")
            await gate.opened()
        return await plane(call, pass_on)

    front = Front(HOST, port, handle)
    exits.callback(front.close)
    await background.serve(front, listener, "the engine's front")

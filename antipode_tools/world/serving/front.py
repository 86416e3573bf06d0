"""The engine's address for everybody but the world itself, which adds what the engine lacks.

The stacks' functions have it as well, so that whatever they write is noticed at once.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from antipode_tools.world.background import Background
from antipode_tools.world.in_force import InForce
from localaws.dynamodb.control_plane import ControlPlane
from localaws.dynamodb.global_tables import GlobalTables
from localaws.dynamodb.writes import Tables
from localaws.front import Answer, Call, Front, PassOn
from localaws.sockets import HOST


class Face:
    """What the front does with a call: those of a lost Region are not passed on.

    It adds nothing until there is something to add it from: a stack's functions call AWS while the
    stack is made.
    """

    def __init__(self, in_force: InForce) -> None:
        self._in_force = in_force
        self._plane: ControlPlane | None = None

    def follow(self, tables: GlobalTables, written: Callable[[str, Tables], None]) -> None:
        """From now on tell of the tables' replicas, and tell `written` of what was written to."""
        self._plane = ControlPlane(tables, written)

    async def __call__(self, call: Call, pass_on: PassOn) -> Answer:
        gate = self._in_force.gates.get(call.region or "")
        if gate is not None and not gate.is_open:
            if not gate.is_silent:
                return Answer(503, (), b"the Region is lost")
            await gate.opened()
        return await (self._plane(call, pass_on) if self._plane else pass_on(call))


async def serve_front(
    engine_url: str,
    listener: socket.socket,
    in_force: InForce,
    *,
    background: Background,
    exits: AsyncExitStack,
) -> Face:
    """Serve the engine's front, until `exits` ends it."""
    port = urlsplit(engine_url).port
    assert port is not None
    face = Face(in_force)
    front = Front(HOST, port, face)
    exits.callback(front.close)
    await background.serve(front, listener, "the engine's front")
    return face

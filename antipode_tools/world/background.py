"""Servers and tasks that run as long as a world does; none of them may end before it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

from localaws.gate import Gate
from localaws.serving import serving


class Background:
    """Servers and tasks, which `exits` ends in reverse order."""

    def __init__(self, exits: AsyncExitStack) -> None:
        self._exits = exits
        self._tasks: list[asyncio.Task[Any]] = []

    def run(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run something until the world ends."""
        task = asyncio.create_task(work, name=name)
        self._exits.push_async_callback(_cancelled, task)
        self._tasks.append(task)

    # Any: an ASGI application.
    async def serve(
        self,
        application: Any,
        listener: socket.socket,
        name: str,
        *,
        tls: ssl.SSLContext | None = None,
        gate: Gate | None = None,
    ) -> None:
        """Serve an application until the world ends."""
        server = await self._exits.enter_async_context(
            serving(application, listener, tls=tls, gate=gate)
        )
        server.set_name(name)
        self._tasks.append(server)

    async def ended(self) -> str:
        """Wait until any of them has ended; returns their names."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        return ", ".join(sorted(task.get_name() for task in done))


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

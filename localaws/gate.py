"""A gate in front of a server: closed, it refuses whoever comes, or says nothing at all.

What a lost Region looks like from outside. A server behind it is passed it by `serving`.
"""

from __future__ import annotations

import asyncio
import weakref
from typing import Any


class Gate:
    """Open at first."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self.is_silent = False
        self._transports: weakref.WeakSet[asyncio.Transport] = weakref.WeakSet()

    @property
    def is_open(self) -> bool:
        return self._open.is_set()

    async def opened(self) -> None:
        """Wait until it is open."""
        await self._open.wait()

    def close(self, *, silently: bool) -> None:
        """End every connection, or have it hear no more, and let no other in."""
        self._open.clear()
        self.is_silent = silently
        for transport in list(self._transports):
            if not silently:
                transport.abort()
            elif not transport.is_closing():
                transport.pause_reading()

    def open(self) -> None:
        """Let connections in; those that heard nothing end."""
        self._open.set()
        if self.is_silent:
            for transport in list(self._transports):
                transport.abort()
        self.is_silent = False

    def passes(self, transport: asyncio.Transport) -> bool:
        """Take a new connection; returns whether anybody is to serve it."""
        if not self.is_open and not self.is_silent:
            transport.abort()
            return False
        self._transports.add(transport)
        if self.is_open:
            return True
        transport.pause_reading()
        return False


class _Gated:
    """A transport that writes nothing while its gate is closed."""

    def __init__(self, transport: asyncio.Transport, gate: Gate) -> None:
        self._transport = transport
        self._gate = gate

    def write(self, data: bytes) -> None:
        if self._gate.is_open:
            self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


# Any: uvicorn's protocols are classes without a common base.
def gated(protocol: Any, gate: Gate) -> Any:
    """A server's protocol, each connection of which must pass the gate."""

    class Gatekeeper(protocol):  # type: ignore[misc]  # the base is known only here
        passed = False

        def connection_made(self, transport: asyncio.Transport) -> None:
            self.passed = gate.passes(transport)
            if self.passed:
                super().connection_made(_Gated(transport, gate))

        def data_received(self, data: bytes) -> None:
            if self.passed:
                super().data_received(data)

        def eof_received(self) -> None:
            if self.passed:
                super().eof_received()

        def connection_lost(self, exc: Exception | None) -> None:
            if self.passed:
                super().connection_lost(exc)

    return Gatekeeper

"""New connections to a server: its addresses, the sockets and TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from functools import cached_property
from socket import SO_KEEPALIVE, SOCK_STREAM, SOL_SOCKET, socket
from typing import Any
from urllib.parse import urlsplit

from antipode.relay.connection import Connection

Addresses = list[Any]
"""As `getaddrinfo` has them."""

Resolve = Callable[[str, int], Awaitable[Addresses]]
"""The addresses of a name and a port."""


async def resolve(host: str, port: int) -> Addresses:
    """As the system resolves them."""
    return await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)


class Connector:
    """Opens connections to the server of one URL."""

    def __init__(
        self,
        url: str,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        resolve: Resolve = resolve,
    ) -> None:
        parts = urlsplit(url)
        self._is_https = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._is_https else 80)
        self._make_tls, self._resolve = tls, resolve
        self._resolving: asyncio.Task[Addresses] | None = None

    async def __call__(self, timeout: float) -> Connection:
        """A connection by the first address that answers within so many seconds.

        They share the time: while AppSync cannot be reached, each would take all of it, and the
        invocation would end before it can say what failed.

        Raises:
            OSError: none answers.
        """
        tls = self._tls if self._is_https else None
        addresses = await self._addresses()
        failure = OSError(f"{self._host} has no address")
        for address in addresses:
            try:
                async with asyncio.timeout(timeout / len(addresses)):
                    return await self._connected(address, tls)
            except OSError as error:
                failure = error
        raise failure

    async def _connected(self, address: Any, tls: ssl.SSLContext | None) -> Connection:
        loop = asyncio.get_running_loop()
        opened = await _opened(address)
        _, connection = await loop.create_connection(
            Connection,
            sock=opened,
            ssl=tls,
            server_hostname=self._host if tls else None,
        )
        return connection

    async def _addresses(self) -> Addresses:
        """Asked for once, by all who want them at the same time."""
        if self._resolving is None:
            self._resolving = asyncio.ensure_future(self._resolve(self._host, self._port))
            self._resolving.add_done_callback(self._resolved)
        return await asyncio.shield(self._resolving)

    def _resolved(self, _: object) -> None:
        self._resolving = None

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        # At the first connection rather than at import: reading the certificates of every authority
        # takes as long as a fifth of all imports.
        return self._make_tls()


async def _opened(address: Any) -> socket:
    family, kind, protocol, _, place = address
    opened = socket(family, kind, protocol)
    try:
        opened.setblocking(False)
        opened.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)
        await asyncio.get_running_loop().sock_connect(opened, place)
    except BaseException:
        opened.close()
        raise
    return opened

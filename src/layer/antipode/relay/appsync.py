"""The AppSync endpoint, over kept-alive connections."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from functools import cached_property
from socket import SO_KEEPALIVE, SOCK_STREAM, SOL_SOCKET, socket
from typing import Any
from urllib.parse import urlsplit

from antipode.idle import idled_too_long
from antipode.relay import http1
from antipode.relay.answers import Answer, AnswerKind, classify
from antipode.relay.connection import Connection
from antipode.relay.errors import CredentialsError, HttpError

# A publish answers with what it announces, which is a quarter of this at most.
MAX_ANSWER_BYTES = 1_048_576

# The common rules for a web ACL refuse a request that does not say who sends it.
# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
USER_AGENT = {"user-agent": "antipode-relay"}

Sign = Callable[[bytes], dict[str, str]]
"""The headers that sign a body."""

Addresses = list[Any]
"""As `getaddrinfo` has them."""

Resolve = Callable[[str, int], Awaitable[Addresses]]
"""The addresses of a name and a port."""


async def resolve(host: str, port: int) -> Addresses:
    """As the system resolves them."""
    return await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)


# How a connection ends that the other side closed while nobody looked.
_CLOSED = (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


class AppSync:
    """One GraphQL endpoint. Each publish has a connection to itself while it lasts."""

    def __init__(
        self,
        url: str,
        sign: Sign,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        resolve: Resolve = resolve,
        now: Callable[[], float] = time.time,
    ) -> None:
        """
        Args:
            now: the time of day, and no monotonic clock: what idles is frozen with the function, in
                which a monotonic clock need not count. Signatures rest on the time of day as well,
                so whatever froze it sets it right.
        """
        parts = urlsplit(url)
        self._is_https = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._is_https else 80)
        self._path = parts.path or "/"
        self._sign, self._make_tls, self._resolve, self._now = sign, tls, resolve, now
        self._idle: list[tuple[Connection, float]] = []
        self._resolving: asyncio.Task[Addresses] | None = None

    async def publish(self, field: str, body: bytes, *, timeout: float) -> Answer:
        """Sends one mutation and says what became of it.

        Args:
            field: the mutation's field, which the answer holds.
            body: the request.
            timeout: seconds that all of it may take.
        """
        try:
            request = http1.post(self._path, self._sign(body) | USER_AGENT, body)
            async with asyncio.timeout(timeout):
                response = await self._send(request, timeout)
        except TimeoutError:
            return Answer(AnswerKind.RETRY, f"TimeoutError: no answer within {timeout:g} s")
        except (OSError, HttpError, CredentialsError) as error:
            return Answer(AnswerKind.RETRY, f"{type(error).__name__}: {error}")
        return classify(response.status, response.body, field)

    async def aclose(self) -> None:
        """Closes the connections that nothing is sent on."""
        while self._idle:
            self._idle.pop()[0].close()
        await asyncio.sleep(0)  # the loop closes their sockets in its next round

    async def _send(self, request: bytes, timeout: float) -> http1.Response:
        if (kept := self._kept()) is None:
            return await self._exchange(await self._connect(timeout), request)
        try:
            return await self._exchange(kept, request)
        except _CLOSED:
            # It was closed while the function was frozen. At worst the change is announced twice.
            return await self._exchange(await self._connect(timeout), request)

    def _kept(self) -> Connection | None:
        """A connection that did not idle for too long; those that did are closed."""
        while self._idle:
            connection, since = self._idle.pop()
            if not idled_too_long(since, self._now()):
                return connection
            connection.close()
        return None

    async def _exchange(self, connection: Connection, request: bytes) -> http1.Response:
        try:
            response = await connection.exchange(request)
        except BaseException:
            connection.close()
            raise
        if response.keep_alive:
            self._idle.append((connection, self._now()))
        else:
            connection.close()
        return response

    async def _connect(self, timeout: float) -> Connection:
        """By the first address that answers. They share the time: while AppSync cannot be reached,
        each would take all of it, and the invocation would end before it can say what failed."""
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
            lambda: Connection(MAX_ANSWER_BYTES),
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

"""The AppSync endpoint, over kept-alive connections."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from antipode.idle import idled_too_long
from antipode.relay import http1
from antipode.relay.answers import Answer, AnswerKind, classify
from antipode.relay.connection import Connection
from antipode.relay.errors import CredentialsError, HttpError

# The common rules for a web ACL refuse a request that does not say who sends it.
# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
USER_AGENT = {"user-agent": "antipode-relay"}

Sign = Callable[[bytes], dict[str, str]]
"""The headers that sign a body."""

Connect = Callable[[float], Awaitable[Connection]]
"""A new connection within so many seconds, or an OSError."""

# How a connection ends that the other side closed while nobody looked.
_CLOSED = (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


class AppSync:
    """One GraphQL endpoint. Each publish has a connection to itself while it lasts."""

    def __init__(
        self,
        url: str,
        sign: Sign,
        connect: Connect,
        now: Callable[[], float] = time.time,
    ) -> None:
        """
        Args:
            now: the time of day, and no monotonic clock: what idles is frozen with the function, in
                which a monotonic clock need not count. Signatures rest on the time of day as well,
                so whatever froze it sets it right.
        """
        self._path = urlsplit(url).path or "/"
        self._sign, self._connect, self._now = sign, connect, now
        self._idle: list[tuple[Connection, float]] = []

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

"""The AppSync endpoint, over kept-alive connections."""

from __future__ import annotations

import ssl
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from socket import (
    IPPROTO_TCP,
    SO_KEEPALIVE,
    SOCK_STREAM,
    SOL_SOCKET,
    TCP_NODELAY,
    getaddrinfo,
    socket,
)
from threading import Lock
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from antipode.idle import idled_too_long
from antipode.relay import http1
from antipode.relay.answers import Answer, AnswerKind, classify
from antipode.relay.errors import CredentialsError, HttpError

# A publish answers with what it announces, which is a quarter of this at most.
MAX_ANSWER_BYTES = 1_048_576

# The common rules for a web ACL refuse a request that does not say who sends it.
# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
USER_AGENT = {"user-agent": "antipode-relay"}

Sign = Callable[[bytes], dict[str, str]]
"""The headers that sign a body."""

Resolve = Callable[[str, int], list[Any]]
"""The addresses of a name and a port, as `getaddrinfo` has them."""


def resolve(host: str, port: int) -> list[Any]:
    """As the system resolves them."""
    return getaddrinfo(host, port, type=SOCK_STREAM)


# How a connection ends that the other side closed while nobody looked.
_CLOSED = (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


@dataclass(frozen=True, slots=True)
class _Connection:
    socket: socket
    stream: BinaryIO
    idle_since: float

    def close(self) -> None:
        self.stream.close()
        self.socket.close()


class AppSync:
    """One GraphQL endpoint. Safe to use from lanes: each takes a connection for itself."""

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
        self._sign, self._resolve, self._now = sign, resolve, now
        self._idle: deque[_Connection] = deque()
        self._make_tls = tls
        self._tls: ssl.SSLContext | None = None
        self._lock = Lock()

    def publish(self, field: str, body: bytes, *, timeout: float) -> Answer:
        """Sends one mutation and says what became of it.

        Args:
            field: the mutation's field, which the answer holds.
            body: the request.
            timeout: seconds to wait for the other side, each time that it is waited for.
        """
        try:
            request = http1.post(self._path, self._sign(body) | USER_AGENT, body)
            response = self._send(request, timeout)
        except (OSError, HttpError, CredentialsError) as error:
            return Answer(AnswerKind.RETRY, f"{type(error).__name__}: {error}")
        return classify(response.status, response.body, field)

    def close(self) -> None:
        """Closes the connections that no lane uses."""
        while self._idle:
            self._idle.pop().close()

    def _send(self, request: bytes, timeout: float) -> http1.Response:
        if (kept := self._kept()) is None:
            return self._exchange(self._connect(timeout), request, timeout)
        try:
            return self._exchange(kept, request, timeout)
        except _CLOSED:
            # It was closed while the function was frozen. At worst the change is announced twice.
            return self._exchange(self._connect(timeout), request, timeout)

    def _kept(self) -> _Connection | None:
        """A connection that did not idle for too long; those that did are closed."""
        while True:
            try:
                kept = self._idle.pop()
            except IndexError:
                return None
            if not idled_too_long(kept.idle_since, self._now()):
                return kept
            kept.close()

    def _exchange(self, connection: _Connection, request: bytes, timeout: float) -> http1.Response:
        try:
            connection.socket.settimeout(timeout)
            connection.socket.sendall(request)
            response = http1.read_response(connection.stream, limit=MAX_ANSWER_BYTES)
        except BaseException:
            connection.close()
            raise
        if response.keep_alive:
            self._idle.append(replace(connection, idle_since=self._now()))
        else:
            connection.close()
        return response

    def _connect(self, timeout: float) -> _Connection:
        tls = self._context() if self._is_https else None
        connected = self._open(timeout)
        connected.settimeout(timeout)
        connected.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        connected.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)
        if tls is not None:
            connected = tls.wrap_socket(connected, server_hostname=self._host)
        return _Connection(connected, connected.makefile("rb"), self._now())

    def _open(self, timeout: float) -> socket:
        """By the first address that answers. They share the time: while AppSync cannot be reached,
        each would take all of it, and the invocation would end before it can say what failed."""
        addresses = self._resolve(self._host, self._port)
        failure = OSError(f"{self._host} has no address")
        for address in addresses:
            try:
                return _opened(address, timeout / len(addresses))
            except OSError as error:
                failure = error
        raise failure

    def _context(self) -> ssl.SSLContext:
        # Made once, and at the first connection rather than at import: reading the certificates of
        # every authority takes as long as a fifth of all imports.
        with self._lock:
            if self._tls is None:
                self._tls = self._make_tls()
            return self._tls


def _opened(address: Any, timeout: float) -> socket:
    family, kind, protocol, _, place = address
    opened = socket(family, kind, protocol)
    try:
        opened.settimeout(timeout)
        opened.connect(place)
    except OSError:
        opened.close()
        raise
    return opened

"""The AppSync endpoint over kept-alive connections."""

from __future__ import annotations

import ssl
from collections import deque
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SO_KEEPALIVE, SOL_SOCKET
from urllib.parse import urlsplit

from antipode.answers import Answer, AnswerKind, classify
from antipode.errors import CredentialsError

# What a publish answers is at most what it announces. More is not from AppSync.
MAX_ANSWER_BYTES = 1_048_576

Sign = Callable[[bytes], dict[str, str]]
"""The headers that sign a body."""

# How a connection ends that the other side closed while nobody looked.
_CLOSED = (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


class AppSync:
    """One GraphQL endpoint. Safe to use from lanes: each takes a connection of its own."""

    def __init__(self, url: str, sign: Sign) -> None:
        parts = urlsplit(url)
        self._path = parts.path or "/"
        self._host, self._port = parts.hostname or "", parts.port
        # Made once: it reads the certificates of every authority there is.
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._sign = sign
        self._idle: deque[HTTPConnection] = deque()

    def publish(self, field: str, body: bytes, *, timeout: float) -> Answer:
        """Sends one mutation and says what became of it. Times out after `timeout` seconds."""
        try:
            status, answer = self._post(body, self._sign(body), timeout)
        except (OSError, HTTPException, CredentialsError) as error:
            return Answer(AnswerKind.MAY_PASS, f"{type(error).__name__}: {error}")
        if len(answer) > MAX_ANSWER_BYTES:
            return Answer(AnswerKind.MAY_PASS, f"answer is over {MAX_ANSWER_BYTES} bytes")
        return classify(status, answer, field)

    def _post(self, body: bytes, headers: dict[str, str], timeout: float) -> tuple[int, bytes]:
        if self._idle:
            try:
                return self._exchange(self._idle.pop(), body, headers, timeout)
            except _CLOSED:
                pass  # while the function was frozen; at worst this announces a change twice
        return self._exchange(self._connect(timeout), body, headers, timeout)

    def _connect(self, timeout: float) -> HTTPConnection:
        connection = (
            HTTPSConnection(self._host, self._port, timeout=timeout, context=self._tls)
            if self._tls
            else HTTPConnection(self._host, self._port, timeout=timeout)
        )
        connection.connect()
        connection.sock.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)
        return connection

    def _exchange(
        self, connection: HTTPConnection, body: bytes, headers: dict[str, str], timeout: float
    ) -> tuple[int, bytes]:
        try:
            connection.sock.settimeout(timeout)
            connection.request("POST", self._path, body, headers)
            response = connection.getresponse()
            answer = response.read(MAX_ANSWER_BYTES + 1)
        except BaseException:
            connection.close()
            raise
        if response.isclosed() and connection.sock is not None:
            self._idle.append(connection)
        else:
            connection.close()
        return response.status, answer

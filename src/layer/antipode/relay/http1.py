"""As much of HTTP/1.1 as a POST over a kept-alive connection takes: bytes out, a response in.

Knows no socket: whoever has one feeds it what comes. A general client costs several times the CPU
time of a request: it reads headers as those of an e-mail and sends head and body apart.
bench/relay.py measures it. https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from antipode.relay.errors import HttpError

T = TypeVar("T")

# Security limits: a line of a chunked body, a whole head, and the lines of one.
MAX_LINE_BYTES = 16_384
MAX_HEAD_BYTES = 65_536
MAX_HEADERS = 100

Reading = Generator[None, None, T]
"""Reads on whenever something came, until it has what it looks for."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back, and whether the connection may be used again."""

    status: int
    body: bytes
    keep_alive: bool


def post(path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """The bytes of a request, in one piece: one packet where it fits."""
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    head = f"POST {path} HTTP/1.1\r\n{''.join(lines)}content-length: {len(body)}\r\n\r\n"
    return head.encode("latin-1") + body


class ResponseReader:
    """Reads one response, whose body is at most `limit` bytes, out of the pieces that come."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._received = bytearray()
        self._has_ended = False
        self._reading = self._response()

    def feed(self, data: bytes) -> Response | None:
        """The response, once this piece makes it whole.

        Raises:
            HttpError: what came is no such response; the connection is of no more use.
        """
        self._received += data
        return self._read_on()

    def end(self) -> Response | None:
        """The response, if it is the end of the connection that makes it whole.

        Raises:
            ConnectionResetError: the other side had closed the connection.
            HttpError: the response breaks off.
        """
        if not self._received:
            raise ConnectionResetError("the connection was closed before an answer")
        self._has_ended = True
        return self._read_on()

    def _read_on(self) -> Response | None:
        try:
            next(self._reading)
        except StopIteration as whole:
            response: Response = whole.value
            return response
        return None

    def _response(self) -> Reading[Response]:
        status, is_1_1, headers = yield from self._head()
        while 100 <= status < 200:
            status, is_1_1, headers = yield from self._head()
        body, is_delimited = yield from self._body(status, headers)
        # What follows an answer was asked for by nobody: the next one could not be told from it.
        is_alone = not self._received
        closes = "close" in headers.get("connection", "")
        return Response(status, body, is_1_1 and is_delimited and is_alone and not closes)

    def _head(self) -> Reading[tuple[int, bool, dict[str, str]]]:
        """The status, whether it is HTTP/1.1, and the headers."""
        end = yield from self._find(b"\r\n", MAX_HEAD_BYTES)
        match self._received[:end].split(None, 2):
            case [b"HTTP/1.1" | b"HTTP/1.0" as version, status, *_] if status.isdigit():
                pass
            case _:
                raise HttpError("the answer does not begin with a status of HTTP/1.1")
        end = yield from self._find(b"\r\n\r\n", MAX_HEAD_BYTES)
        _, *lines = self._take(end + 4)[:-4].decode("latin-1").lower().split("\r\n")
        if len(lines) > MAX_HEADERS:
            raise HttpError(f"the answer has more than {MAX_HEADERS} headers")
        parts = [line.partition(":") for line in lines]
        headers = {name: value.strip() for name, _, value in parts}
        return int(status), version == b"HTTP/1.1", headers

    def _body(self, status: int, headers: Mapping[str, str]) -> Reading[tuple[bytes, bool]]:
        """The body, and whether its end was told rather than marked by closing the connection."""
        if status in (204, 304):
            return b"", True
        if headers.get("transfer-encoding") == "chunked":
            return (yield from self._chunks()), True
        if (length := headers.get("content-length")) is not None:
            return (yield from self._exactly(self._bounded(_size(length, 10)))), True
        while not self._has_ended:
            self._bounded(len(self._received))
            yield
        return self._take(self._bounded(len(self._received))), False

    def _chunks(self) -> Reading[bytes]:
        body = bytearray()
        while length := _chunk_size((yield from self._line())):
            self._bounded(len(body) + length)
            body += yield from self._exactly(length)
            yield from self._line()  # the end of the chunk's line
        for _ in range(MAX_HEADERS):
            if not (yield from self._line()):
                return bytes(body)
        raise HttpError(f"the answer has more than {MAX_HEADERS} headers")

    def _line(self) -> Reading[bytes]:
        end = yield from self._find(b"\r\n", MAX_LINE_BYTES)
        return self._take(end + 2)[:-2]

    def _find(self, mark: bytes, limit: int) -> Reading[int]:
        while (at := self._received.find(mark)) < 0:
            if self._has_ended or len(self._received) > limit:
                raise HttpError("the head of the answer breaks off, or it is too long")
            yield
        return at

    def _exactly(self, length: int) -> Reading[bytes]:
        while len(self._received) < length:
            if self._has_ended:
                received = len(self._received)
                raise HttpError(f"the answer breaks off after {received} of {length} bytes")
            yield
        return self._take(length)

    def _take(self, length: int) -> bytes:
        taken = bytes(self._received[:length])
        del self._received[:length]
        return taken

    def _bounded(self, size: int) -> int:
        if size > self._limit:
            raise HttpError(f"the answer is over {self._limit} bytes")
        return size


def _chunk_size(line: bytes) -> int:
    size, _, _ = line.decode("latin-1").partition(";")
    return _size(size.strip(), 16)


def _size(text: str, base: int) -> int:
    try:
        if text.isalnum():
            return int(text, base)
    except ValueError:
        pass  # as if it were not alphanumeric
    raise HttpError(f"the answer states its length as {text!r}")

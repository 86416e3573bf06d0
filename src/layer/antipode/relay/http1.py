"""As much of HTTP/1.1 as a POST over a kept-alive connection takes: bytes out, a response in.

http.client needs twice the CPU time a request: it reads headers as those of an e-mail and sends
head and body apart. bench/relay.py measures it. https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from antipode.relay.errors import HttpError

# Security limits: a line of a head, and the lines of one.
MAX_LINE_BYTES = 16_384
MAX_HEADERS = 100


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


def read_response(stream: BinaryIO, *, limit: int) -> Response:
    """Reads one response whose body is at most `limit` bytes.

    Raises:
        ConnectionResetError: the other side had closed the connection.
        HttpError: what came is no such response; the connection is of no more use.
    """
    status, is_1_1 = _read_status(stream)
    headers = _read_headers(stream)
    while 100 <= status < 200:
        status, is_1_1 = _read_status(stream)
        headers = _read_headers(stream)
    body, is_delimited = _read_body(stream, status, headers, limit)
    keep_alive = is_1_1 and is_delimited and "close" not in headers.get("connection", "")
    return Response(status, body, keep_alive)


def _read_status(stream: BinaryIO) -> tuple[int, bool]:
    line = stream.readline(MAX_LINE_BYTES)
    if not line:
        raise ConnectionResetError("the connection was closed before an answer")
    match line.split(None, 2):
        case [b"HTTP/1.1" | b"HTTP/1.0" as version, status, *_] if status.isdigit():
            return int(status), version == b"HTTP/1.1"
        case _:
            raise HttpError("the answer does not begin with a status of HTTP/1.1")


def _read_headers(stream: BinaryIO) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(MAX_HEADERS):
        line = stream.readline(MAX_LINE_BYTES)
        if line in (b"\r\n", b"\n"):
            return headers
        if not line.endswith(b"\n"):
            raise HttpError("the head of the answer breaks off, or a line is too long")
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip().lower()
    raise HttpError(f"the answer has more than {MAX_HEADERS} headers")


def _read_body(
    stream: BinaryIO, status: int, headers: Mapping[str, str], limit: int
) -> tuple[bytes, bool]:
    """The body, and whether its end was told rather than marked by closing the connection."""
    if status in (204, 304):
        return b"", True
    if headers.get("transfer-encoding") == "chunked":
        return _read_chunks(stream, limit), True
    if (length := headers.get("content-length")) is not None:
        return _read_exactly(stream, _bounded(_size(length, 10), limit)), True
    body = stream.read(limit + 1)
    _bounded(len(body), limit)
    return body, False


def _read_chunks(stream: BinaryIO, limit: int) -> bytes:
    chunks, size = [], 0
    while length := _chunk_size(stream.readline(MAX_LINE_BYTES)):
        size = _bounded(size + length, limit)
        chunks.append(_read_exactly(stream, length))
        stream.readline(MAX_LINE_BYTES)  # the end of the chunk's line
    _read_headers(stream)
    return b"".join(chunks)


def _read_exactly(stream: BinaryIO, length: int) -> bytes:
    body = stream.read(length)
    if len(body) < length:
        raise HttpError(f"the answer breaks off after {len(body)} of {length} bytes")
    return body


def _bounded(size: int, limit: int) -> int:
    if size > limit:
        raise HttpError(f"the answer is over {limit} bytes")
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

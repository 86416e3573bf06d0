"""HTTP/1.1, from and to bytes."""

from __future__ import annotations

import pytest
from antipode.relay.errors import HttpError
from antipode.relay.http1 import Response, ResponseReader, post
from hypothesis import given
from hypothesis import strategies as st

LIMIT = 1_000


def read(received: bytes, *, pieces: int = 1) -> Response:
    """The response in what came before the connection was closed, in pieces of about one size."""
    reader = ResponseReader(LIMIT)
    size = max(1, len(received) // pieces)
    for start in range(0, len(received), size):
        if (response := reader.feed(received[start : start + size])) is not None:
            return response
    response = reader.end()
    assert response is not None
    return response


def test_a_request_is_one_piece() -> None:
    assert post("/graphql", {"host": "example.com", "x-amz-date": "d"}, b"{}") == (
        b"POST /graphql HTTP/1.1\r\nhost: example.com\r\nx-amz-date: d\r\n"
        b"content-length: 2\r\n\r\n{}"
    )


def test_a_body_of_a_stated_length_is_read() -> None:
    received = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    assert read(received) == Response(200, b"hello", keep_alive=True)


def test_an_answer_that_more_follows_than_was_asked_for_ends_the_connection() -> None:
    received = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhellomore"
    assert read(received) == Response(200, b"hello", keep_alive=False)


def test_an_answer_is_whole_with_its_last_byte() -> None:
    reader = ResponseReader(LIMIT)
    assert reader.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell") is None
    assert reader.feed(b"o") == Response(200, b"hello", keep_alive=True)


def test_a_chunked_body_is_read_to_its_end() -> None:
    received = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
        b"5;name=value\r\nhello\r\nA\r\n, world!!!\r\n0\r\nTrailer: x\r\n\r\n"
    )
    assert read(received) == Response(200, b"hello, world!!!", keep_alive=True)


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    assert read(b"HTTP/1.1 200 OK\r\n\r\nhello") == Response(200, b"hello", keep_alive=False)


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_that_has_no_body_is_whole_without_one(status: int) -> None:
    assert read(b"HTTP/1.1 %d X\r\n\r\n" % status) == Response(status, b"", keep_alive=True)


@pytest.mark.parametrize("length", [b"Content-Length: 1000\r\n", b""])
def test_a_body_of_exactly_the_limit_is_read(length: bytes) -> None:
    assert read(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n" + b"x" * LIMIT).body == b"x" * LIMIT


def test_what_comes_before_the_answer_is_skipped() -> None:
    received = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    assert read(received) == Response(200, b"", keep_alive=True)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_a_connection_that_the_other_side_closes_is_not_kept(head: bytes) -> None:
    assert read(head) == Response(200, b"", keep_alive=False)


def test_a_redirect_is_an_answer_like_any_other() -> None:
    received = b"HTTP/1.1 307 X\r\nLocation: https://elsewhere/\r\nContent-Length: 0\r\n\r\n"
    assert read(received) == Response(307, b"", keep_alive=True)


def test_a_connection_closed_before_an_answer_is_told_apart() -> None:
    with pytest.raises(ConnectionResetError, match="the connection was closed before an answer"):
        read(b"")


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("received", "problem"),
    [
        (b"220 smtp.example.com\r\n", "the answer does not begin with a status of HTTP/1.1"),
        (b"HTTP/1.1 abc\r\n\r\n", "the answer does not begin with a status of HTTP/1.1"),
        (b"HTTP/2 200\r\n\r\n", "the answer does not begin with a status of HTTP/1.1"),
        (HEAD + b"Content-Le", "the head of the answer breaks off, or it is too long"),
        (HEAD + b"X: " + b"x" * 70_000, "the head of the answer breaks off, or it is too long"),
        (HEAD + b"X: x\r\n" * 101 + b"\r\n", "the answer has more than 100 headers"),
        (
            HEAD + b"Content-Length: 10\r\n\r\nhello",
            "the answer breaks off after 5 of 10 bytes",
        ),
        (HEAD + b"Content-Length: many\r\n\r\n", "the answer states its length as 'many'"),
        (HEAD + b"Content-Length: -1\r\n\r\n", "the answer states its length as '-1'"),
        (HEAD + b"Content-Length: 10485760\r\n\r\n", "the answer is over 1000 bytes"),
        (HEAD + b"\r\n" + b"x" * 1_001, "the answer is over 1000 bytes"),
        (
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + (b"64\r\n" + b"x" * 100 + b"\r\n") * 11,
            "the answer is over 1000 bytes",
        ),
        (
            HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
            "the answer states its length as 'xyz'",
        ),
        (
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
            "the answer breaks off after 3 of 5 bytes",
        ),
        (
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: x\r\n" * 100 + b"\r\n",
            "the answer has more than 100 headers",
        ),
        (
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n5" + b";" * 20_000,
            "the head of the answer breaks off, or it is too long",
        ),
    ],
)
def test_what_is_no_answer_is_refused(received: bytes, problem: str) -> None:
    with pytest.raises(HttpError) as raised:
        read(received)
    assert str(raised.value) == problem


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=10), st.integers(1, 500))
def test_a_body_is_the_same_however_it_was_cut(chunks: list[bytes], pieces: int) -> None:
    cut = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    in_chunks = HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + cut + b"0\r\n\r\n"
    chunked = read(in_chunks, pieces=pieces)
    body = b"".join(chunks)
    whole = read(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body, pieces=pieces)
    assert chunked == whole == Response(200, body, keep_alive=True)


@given(st.binary() | st.binary().map(lambda rest: HEAD + rest), st.integers(1, 50))
def test_any_bytes_are_an_answer_or_an_error(received: bytes, pieces: int) -> None:
    try:
        response = read(received, pieces=pieces)
    except (HttpError, ConnectionResetError):
        return
    assert len(response.body) <= LIMIT

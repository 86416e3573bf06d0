"""A connection, over a transport in memory."""

from __future__ import annotations

import asyncio

import pytest
from antipode.relay.connection import Connection
from antipode.relay.errors import HttpError
from antipode.relay.http1 import Response

from tests.fakes.virtual_time import run

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Transport(asyncio.Transport):
    """Takes what is written, and does what a test plans when something is."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.pieces: list[bytes] = []
        self.ends_with: list[Exception | None] = []
        self.is_aborted = False
        self._connection = connection
        connection.connection_made(self)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))
        for piece in self.pieces:
            self._connection.data_received(piece)
        for error in self.ends_with:
            self._connection.connection_lost(error)

    def is_closing(self) -> bool:
        return self.is_aborted

    def abort(self) -> None:
        self.is_aborted = True


@pytest.fixture
def connection() -> Connection:
    return Connection()


@pytest.fixture
def transport(connection: Connection) -> Transport:
    return Transport(connection)


def exchange(connection: Connection) -> Response:
    return run(connection.exchange(b"POST"))


def test_an_answer_may_come_in_pieces(connection: Connection, transport: Transport) -> None:
    transport.pieces = [WHOLE[:5], WHOLE[5:-1], WHOLE[-1:]]
    assert exchange(connection) == Response(200, b"{}", keep_alive=True)
    assert exchange(connection) == Response(200, b"{}", keep_alive=True)
    assert transport.written == [b"POST", b"POST"]
    assert not transport.is_aborted


def test_an_answer_may_end_with_the_connection(
    connection: Connection, transport: Transport
) -> None:
    transport.pieces, transport.ends_with = [b"HTTP/1.1 200 OK\r\n\r\nhello"], [None]
    assert exchange(connection) == Response(200, b"hello", keep_alive=False)


def test_what_is_no_answer_ends_the_connection(
    connection: Connection, transport: Transport
) -> None:
    transport.pieces = [b"220 smtp\r\n", b"more of it"]
    with pytest.raises(HttpError, match="does not begin with a status"):
        exchange(connection)
    assert transport.is_aborted


def test_what_nobody_asked_for_ends_the_connection(
    connection: Connection, transport: Transport
) -> None:
    connection.data_received(WHOLE)
    assert transport.is_aborted
    with pytest.raises(ConnectionResetError):
        exchange(connection)
    assert transport.written == []


@pytest.mark.parametrize(
    ("pieces", "error", "raised", "words"),
    [
        ([], None, ConnectionResetError, "the connection was closed before an answer"),
        ([WHOLE[:-1]], None, HttpError, "the answer breaks off after 1 of 2 bytes"),
        ([], BrokenPipeError("gone"), BrokenPipeError, "gone"),
        ([WHOLE[:-1]], OSError("no route to host"), OSError, "no route to host"),
    ],
)
def test_a_connection_that_is_lost_says_why(
    connection: Connection,
    transport: Transport,
    pieces: list[bytes],
    error: Exception | None,
    raised: type[Exception],
    words: str,
) -> None:
    transport.pieces, transport.ends_with = pieces, [error]
    with pytest.raises(raised, match=words):
        exchange(connection)


def test_a_connection_may_be_lost_while_nobody_waits(
    connection: Connection, transport: Transport
) -> None:
    connection.connection_lost(None)
    assert not transport.is_aborted


def test_an_answer_that_was_given_up_is_nobodys(
    connection: Connection, transport: Transport
) -> None:
    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await connection.exchange(b"POST")
        connection.data_received(WHOLE)
        connection.connection_lost(None)

    run(give_up())


def test_a_connection_that_was_given_up_may_break(
    connection: Connection, transport: Transport
) -> None:
    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await connection.exchange(b"POST")
        connection.connection_lost(ConnectionResetError("reset"))

    run(give_up())

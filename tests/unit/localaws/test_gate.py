"""What a lost Region looks like to its clients, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from localaws.asgi import Message, Receive, Send
from localaws.gate import Gate
from localaws.serving import serving
from localaws.sockets import HOST, listen, number

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
# Long enough for an answer, if there were one.
SILENCE_S = 0.2


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Greets over HTTP; over a WebSocket it answers each message."""
    if scope["type"] == "http":
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"hi"})
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


@asynccontextmanager
async def gated() -> AsyncIterator[tuple[Gate, int]]:
    """A server behind a gate; yields both, the server as its port."""
    gate, listener = Gate(), listen(0)
    async with serving(application, listener, gate=gate):
        yield gate, number(listener)
    listener.close()


async def greeted(port: int) -> bool:
    """Whether a new connection is served; raises ConnectionError, or TimeoutError for silence."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(GET)
        async with asyncio.timeout(SILENCE_S):
            head = await reader.readuntil(b"\r\n\r\n")
        return b" 200 " in head
    except asyncio.IncompleteReadError as error:
        raise ConnectionResetError from error
    finally:
        writer.close()


async def test_a_closed_gate_refuses_whoever_comes_until_it_is_open() -> None:
    async with gated() as (gate, port):
        async with asyncio.timeout(10):
            while True:  # until the server has begun
                try:
                    assert await greeted(port)
                    break
                except (ConnectionError, TimeoutError):
                    continue
        gate.close(silently=False)
        with pytest.raises(ConnectionError):
            await greeted(port)
        gate.open()
        assert await greeted(port)


async def test_a_gate_that_is_closed_silently_takes_connections_and_never_answers() -> None:
    async with gated() as (gate, port):
        gate.close(silently=True)
        with pytest.raises(TimeoutError):
            await greeted(port)
        gate.open()
        assert await greeted(port)


async def test_sockets_end_when_the_gate_closes() -> None:
    async with gated() as (gate, port), connect(f"ws://{HOST}:{port}") as socket:
        await socket.send("a")
        assert await socket.recv() == "a"
        gate.close(silently=False)
        with pytest.raises(ConnectionClosed):
            await socket.recv()


async def test_sockets_hear_no_more_when_it_closes_silently_and_end_when_it_opens() -> None:
    async with gated() as (gate, port), connect(f"ws://{HOST}:{port}") as socket:
        await socket.send("a")
        assert await socket.recv() == "a"
        gate.close(silently=True)
        await socket.send("b")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(SILENCE_S):
                await socket.recv()
        gate.open()
        with pytest.raises(ConnectionClosed):
            await socket.recv()


async def test_whoever_waits_for_a_gate_is_let_through_when_it_opens() -> None:
    gate = Gate()
    await gate.opened()
    gate.close(silently=False)
    waiting = asyncio.create_task(gate.opened())
    await asyncio.sleep(0)
    assert not waiting.done()
    gate.open()
    await waiting

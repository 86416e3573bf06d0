"""Applications served on a port."""

from __future__ import annotations

import asyncio
from typing import Any

from localaws.serving import serving
from localaws.sockets import HOST, listen, number
from tests.fakes.http_client import http_client

# Far beyond what an answer takes: the test fails where none comes.
PATIENCE_S = 20.0


async def hello(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


async def test_an_application_is_served_for_the_length_of_a_block() -> None:
    listener = listen(0)
    port = number(listener)
    async with serving(hello, listener) as task, http_client() as client:
        assert (await client.get(f"http://127.0.0.1:{port}")).text == "hello"
        assert not task.done()
    assert task.done()
    with listen(port):
        pass


async def test_an_upgrade_that_is_too_long_is_answered() -> None:
    listener = listen(0)
    async with serving(hello, listener):
        reader, writer = await asyncio.open_connection(HOST, number(listener))
        writer.write(
            b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"X-Long: " + b"x" * 9_000 + b"\r\n\r\n"
        )
        async with asyncio.timeout(PATIENCE_S):
            assert (await reader.readline()).startswith(b"HTTP/1.1 4")
        writer.close()
        await writer.wait_closed()

from __future__ import annotations

import asyncio
import socket

import pytest

from localaws.sockets import HOST, PortInUse, free_port, listen, number


def test_port_0_is_any_port_of_this_machine_alone() -> None:
    with listen(0) as listener:
        assert listener.getsockname() == (HOST, number(listener))


def test_a_port_in_use_is_refused_by_its_number() -> None:
    with listen(0) as listener:
        port = number(listener)
        with pytest.raises(PortInUse) as refused:
            listen(port)
        assert str(refused.value) == f"port {port} of 127.0.0.1 is in use by another program"
        assert refused.value.port == port


def test_a_free_port_can_be_taken_after_it_was_found() -> None:
    port = free_port()
    assert free_port(port) == port
    with listen(port) as listener:
        assert number(listener) == port


async def test_what_is_served_is_sent_at_once_and_not_held_back_for_more() -> None:
    at_once: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served: socket.socket = writer.get_extra_info("socket")
        at_once.set_result(served.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(connected, sock=listen(0)) as server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await at_once
        writer.close()

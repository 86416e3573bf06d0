from __future__ import annotations

from typing import Any

import httpx

from antipode_tools.world.serving.servers import Address, serving
from localaws.sockets import listen, number


def test_an_address_has_every_url_and_name_by_which_clients_come() -> None:
    address = Address(4001)
    assert address.hosts == {"127.0.0.1", "localhost", "127.0.0.1:4001", "localhost:4001"}
    assert address.attributes == {
        "GraphQLUrl": "http://127.0.0.1:4001/graphql",
        "RealtimeUrl": "ws://127.0.0.1:4001/graphql/realtime",
        "GraphQLDns": "127.0.0.1:4001",
        "RealtimeDns": "127.0.0.1:4001",
    }


async def hello(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


async def test_an_application_is_served_for_the_length_of_a_block() -> None:
    listener = listen(0)
    port = number(listener)
    async with serving(hello, listener) as task, httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"http://127.0.0.1:{port}")).text == "hello"
        assert not task.done()
    assert task.done()
    with listen(port):
        pass

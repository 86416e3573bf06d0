"""The real-time endpoint over real sockets, with an API in memory behind it."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from localaws.appsync.ports import Invalidation
from localaws.appsync.realtime.limits import Limits
from tests.unit.localaws.appsync.realtime.fakes import API_KEY, published
from tests.unit.localaws.appsync.realtime.serving import (
    Client,
    Served,
    asleep,
    connected,
    header_subprotocol,
    serving,
    until,
)

GRAPHQL_WS = Subprotocol("graphql-ws")
ON_CREATE = "subscription { onCreate { id } }"


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as running:
        yield running


# -- Connecting -----------------------------------------------------------------------------


def query_string(host: str, key: str = API_KEY) -> str:
    header = base64.b64encode(json.dumps({"host": host, "x-api-key": key}).encode()).decode()
    return f"?header={header}&payload=e30="


@pytest.mark.parametrize("path", ["/graphql/realtime", "/graphql"])
@pytest.mark.parametrize("way", ["query", "subprotocol", "headers"])
async def test_each_way_to_pass_credentials_opens_the_socket(
    served: Served, path: str, way: str
) -> None:
    url, subprotocols, headers = f"ws://{served.host}{path}", [GRAPHQL_WS], {}
    match way:
        case "query":
            url += query_string(served.host)
        case "subprotocol":
            subprotocols.append(header_subprotocol(served.host))
        case "headers":
            headers = {"X-Api-Key": API_KEY}
    options: dict[str, Any] = {"additional_headers": headers, "origin": "http://any.example"}
    async with connect(url, subprotocols=subprotocols, **options) as socket:
        assert socket.subprotocol == "graphql-ws"
        client = Client(socket)
        assert await client.receive() == {"type": "ka"}
        await client.send("connection_init")
        payload = {"connectionTimeoutMs": 300_000}
        assert await client.receive() == {"type": "connection_ack", "payload": payload}
        assert await client.receive() == {"type": "ka"}
        await client.subscribe("1", ON_CREATE)
    (connecting, starting) = served.endpoint.authenticated
    assert (connecting.path, connecting.body) == ("/graphql/connect", b"{}")
    assert starting.path == "/graphql"


@pytest.mark.parametrize(
    ("subprotocols", "query", "error"),
    [
        (None, "", {"message": "NoProtocolError", "errorCode": 400}),
        (["other"], "", {"message": "SubProtocolNotSupportedError", "errorCode": 400}),
        (["graphql-ws"], "", {"message": "Required headers are missing.", "errorCode": 400}),
        (["graphql-ws"], "?header=x&payload=e30=", {"errorType": "BadRequest", "errorCode": 400}),
    ],
)
async def test_a_bad_upgrade_hears_why_and_is_closed(
    served: Served, subprotocols: list[Subprotocol] | None, query: str, error: dict[str, Any]
) -> None:
    async with connect(served.url + query, subprotocols=subprotocols) as socket:
        client = Client(socket)
        frame = await client.receive()
        assert frame == {"type": "connection_error", "payload": {"errors": [error]}}
        await client.send("connection_init")
        assert await client.rest() == []
        assert await client.closed() == (1000, "")


async def test_a_wrong_key_is_a_connection_error(served: Served) -> None:
    async with connect(
        served.url + query_string(served.host, "da2-wrong"), subprotocols=[GRAPHQL_WS]
    ) as socket:
        client = Client(socket)
        assert await client.receive() == {
            "type": "connection_error",
            "payload": {
                "errors": [
                    {
                        "errorType": "UnauthorizedException",
                        "message": "You are not authorized to make this call.",
                        "errorCode": 401,
                    }
                ]
            },
        }
        await client.send("connection_init")
        assert await client.rest() == []
        assert await client.closed() == (1000, "")


async def test_a_refused_client_that_says_nothing_is_closed_all_the_same() -> None:
    async with (
        serving(Limits(refusal_s=0.01)) as served,
        connect(served.url, subprotocols=[GRAPHQL_WS]) as socket,
    ):
        client = Client(socket)
        assert [frame["type"] for frame in await client.rest()] == ["connection_error"]
        assert await client.closed() == (1000, "")


async def test_a_refused_client_may_close_first(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    async with connect(served.url, subprotocols=[GRAPHQL_WS]) as socket:
        await socket.recv()
    assert socket.close_code == 1000
    assert "Exception" not in caplog.text


async def test_the_header_of_another_api_is_refused(served: Served) -> None:
    url = served.url + query_string("elsewhere.example")
    async with connect(url, subprotocols=[GRAPHQL_WS]) as socket:
        client = Client(socket)
        (error,) = (await client.receive())["payload"]["errors"]
        assert error["errorType"] == "com.amazon.coral.service.http#HttpNotFoundException"
    assert served.endpoint.authenticated == []


async def test_an_unknown_path_is_not_found(served: Served) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://{served.host}/other", subprotocols=[GRAPHQL_WS])
    assert refused.value.response.status_code == 404


async def test_without_an_api_nothing_is_found(served: Served) -> None:
    served.api = None
    with pytest.raises(InvalidStatus) as refused:
        await connect(served.url, subprotocols=[GRAPHQL_WS])
    assert refused.value.response.status_code == 404


async def test_no_credential_and_no_payload_is_logged(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        query = query_string(served.host)
        async with connect(served.url + query, subprotocols=[GRAPHQL_WS]) as socket:
            client = Client(socket)
            await client.receive()
            await client.start("1", "subscription { onBroken(secret: 1) { id } }")
            await client.receive()
        served.api = None
        with pytest.raises(InvalidStatus):
            await connect(served.url + query, subprotocols=[GRAPHQL_WS])
    assert "[accepted]" in caplog.text
    assert '" 404' in caplog.text
    assert "a start failed: KeyError at " in caplog.text
    for secret in (query, query[8:40], API_KEY, "secret"):
        assert secret not in caplog.text


# -- Subscribing ----------------------------------------------------------------------------


async def test_a_subscriber_hears_events_until_it_stops(served: Served) -> None:
    async with connected(served) as client:
        await client.subscribe("1", ON_CREATE)
        served.sockets.announce(published({"id": "a"}))
        payload = {"data": {"onCreate": {"id": "a"}}}
        assert await client.receive() == {"type": "data", "id": "1", "payload": payload}
        await client.send("stop", id="1")
        assert await client.receive() == {"type": "complete", "id": "1"}
        served.sockets.announce(published({"id": "b"}))
        await client.subscribe("1", ON_CREATE)
        served.sockets.announce(published({"id": "c"}))
        assert await client.receive_data() == {"id": "c"}


async def test_arguments_decide_who_hears_an_event(served: Served) -> None:
    async with connected(served) as client:
        await client.subscribe("a", ON_CREATE, id="a")
        await client.subscribe("b", ON_CREATE, id="b")
        served.sockets.announce(published({"id": "b"}))
        frame = await client.receive()
        assert (frame["type"], frame["id"]) == ("data", "b")


async def test_an_invalidated_subscription_is_completed_and_its_connection_closed(
    served: Served,
) -> None:
    async with connected(served) as ended, connected(served) as other:
        await ended.subscribe("1", ON_CREATE, id="a")
        await other.subscribe("1", ON_CREATE, id="b")
        served.sockets.invalidate(Invalidation("onCreate", {"id": "a"}))
        assert await ended.receive() == {"type": "complete", "id": "1"}
        assert await ended.closed() == (1000, "Subscription complete.")
        served.sockets.announce(published({"id": "b"}))
        assert await other.receive_data() == {"id": "b"}


async def test_a_refused_start_leaves_the_connection_and_its_id(served: Served) -> None:
    async with connected(served) as client:
        await client.start("1", "subscription { onDenied { id } }")
        assert await client.receive() == {
            "type": "error",
            "id": "1",
            "payload": {
                "errors": [
                    {
                        "errorType": "Unauthorized",
                        "message": "Not Authorized to access onDenied on type Subscription",
                    }
                ]
            },
        }
        await client.start("1", ON_CREATE, key="da2-wrong")
        (error,) = (await client.receive())["payload"]["errors"]
        assert error == {
            "errorType": "UnauthorizedException",
            "message": "Valid authorization header not provided.",
        }
        assert served.sockets.subscriptions == 0
        await client.subscribe("1", ON_CREATE)
        assert served.sockets.subscriptions == 1


async def test_a_start_that_breaks_the_api_is_answered_too(served: Served) -> None:
    async with connected(served) as client:
        await client.start("1", "subscription { onBroken { id } }")
        assert await client.receive() == {
            "type": "error",
            "id": "1",
            "payload": {
                "errors": [
                    {"errorType": "InternalFailure", "message": "An internal failure occurred."}
                ]
            },
        }
        await client.subscribe("1", ON_CREATE)


async def test_a_slow_start_holds_up_nothing_else(served: Served) -> None:
    async with connected(served) as client:
        await client.start("slow", "subscription { onSlow { id } }")
        await served.endpoint.waiting.wait()
        await client.subscribe("1", ON_CREATE)
        await client.start("slow", ON_CREATE)
        (error,) = (await client.receive())["payload"]["errors"]
        assert error["errorType"] == "DuplicatedOperationError"
        served.endpoint.released.set()
        assert await client.receive() == {"type": "start_ack", "id": "slow"}


async def test_stopping_a_slow_start_ends_its_work(served: Served) -> None:
    async with connected(served) as client:
        await client.start("slow", "subscription { onSlow { id } }")
        await served.endpoint.waiting.wait()
        await client.send("stop", id="slow")
        assert await client.receive() == {"type": "complete", "id": "slow"}
        await served.endpoint.abandoned.wait()
        assert served.sockets.subscriptions == 0


async def test_an_api_that_is_gone_closes_the_socket_at_the_next_start(served: Served) -> None:
    async with connected(served) as client:
        served.api = None
        await client.start("1", ON_CREATE)
        assert await client.closed() == (1001, "the API was deleted")


async def test_a_hundred_subscribers_hear_everything_in_order(served: Served) -> None:
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connected(served)) for _ in range(100)]
        for client in clients:
            await client.subscribe("1", ON_CREATE)
        for number in range(20):
            served.sockets.announce(published(number))
        for client in clients:
            assert [await client.receive_data() for _ in range(20)] == list(range(20))
        made = [value for each in served.endpoint.subscriptions for value in each.made]
        assert made == list(range(20))


# -- Bad input ------------------------------------------------------------------------------


async def test_a_frame_of_a_megabyte_closes_its_socket_and_no_other(served: Served) -> None:
    async with connected(served) as other, connected(served) as client:
        await other.subscribe("1", ON_CREATE)
        await client.subscribe("1", ON_CREATE)
        await client.socket.send("x" * 1_000_000)
        reason = "message is 1000000 bytes, limit is 245760"
        assert await client.closed() == (1009, reason)
        assert served.sockets.subscriptions == 1
        served.sockets.announce(published("still here"))
        assert await other.receive_data() == "still here"


@pytest.mark.parametrize("message", ["meow", b"\x00\xff", "[]", '{"type":"subscribe"}', ""])
async def test_an_unusable_message_leaves_the_connection(
    served: Served, message: str | bytes
) -> None:
    async with connected(served) as client:
        await client.subscribe("1", ON_CREATE)
        await client.socket.send(message)
        frame = await client.receive()
        assert frame["payload"]["errors"][0]["errorType"] == "UnsupportedOperation"
        assert "id" not in frame
        served.sockets.announce(published(1))
        assert await client.receive_data() == 1


async def test_a_dropped_socket_frees_everything(served: Served) -> None:
    async with connected(served) as client:
        await client.subscribe("1", ON_CREATE)
        await client.start("slow", "subscription { onSlow { id } }")
        await served.endpoint.waiting.wait()
        client.socket.transport.abort()
        await served.endpoint.abandoned.wait()
        await until(lambda: served.sockets.subscriptions == 0)
    async with connected(served) as client:
        await client.subscribe("1", ON_CREATE)


async def test_a_client_that_closes_is_freed(served: Served) -> None:
    async with connected(served) as client:
        await client.subscribe("1", ON_CREATE)
    await until(lambda: served.sockets.connections == 0)
    assert served.sockets.subscriptions == 0


# -- Clients that do not read ---------------------------------------------------------------

BIG = "x" * 100_000


async def test_a_client_that_does_not_read_is_cut_off_and_holds_up_nobody() -> None:
    async with (
        serving(Limits(waiting_characters=1_000_000)) as served,
        connected(served, compression=None) as reader,
        asleep(served) as sleeper,
    ):
        await sleeper.subscribe("1", ON_CREATE)
        await reader.subscribe("1", ON_CREATE)
        sent = 0
        while served.sockets.subscriptions == 2:
            served.sockets.announce(published([sent, BIG]))
            assert (await reader.receive_data())[0] == sent
            sent += 1
        served.sockets.announce(published("after"))
        assert await reader.receive_data() == "after"
        # Awake again, it finds what was under way, not what waited, and why there is no more.
        numbers = [frame["payload"]["data"]["onCreate"][0] for frame in await sleeper.rest()]
        assert numbers == list(range(len(numbers)))
        assert len(numbers) < sent - 5
        assert await sleeper.closed() == (1008, "over 1000000 characters are waiting to be read")


async def test_a_client_that_takes_nothing_at_all_is_given_up() -> None:
    async with (
        serving(Limits(send_timeout_s=0.1)) as served,
        asleep(served) as sleeper,
    ):
        await sleeper.subscribe("1", ON_CREATE)
        for _ in range(60):
            served.sockets.announce(published(BIG))
        await until(lambda: served.sockets.subscriptions == 0)


# -- Time, and the end ----------------------------------------------------------------------


async def test_a_ka_comes_again_and_again() -> None:
    async with serving(Limits(keep_alive_s=0.01)) as served, connected(served) as client:
        assert [await client.receive() for _ in range(3)] == [{"type": "ka"}] * 3


async def test_a_connection_ends_with_its_life() -> None:
    async with serving(Limits(life_s=0.05)) as served, connected(served) as client:
        assert await client.closed() == (1001, "connected for 0.05 seconds")


async def test_closing_sends_what_waits_and_frees_everything(served: Served) -> None:
    async with connected(served) as one, connected(served) as other:
        await one.subscribe("1", ON_CREATE)
        await other.subscribe("1", ON_CREATE)
        served.sockets.announce(published("last"))
        await served.sockets.close()
        assert (served.sockets.connections, served.sockets.subscriptions) == (0, 0)
        for client in (one, other):
            assert await client.receive_data() == "last"
            assert await client.closed() == (1001, "the server is going away")


async def test_a_closed_endpoint_may_be_connected_to_again(served: Served) -> None:
    await served.sockets.close()
    async with connected(served) as client:
        await client.subscribe("1", ON_CREATE)


async def test_closing_waits_no_longer_than_a_send_may_take() -> None:
    async with (
        serving(Limits(send_timeout_s=0.1)) as served,
        asleep(served) as sleeper,
    ):
        await sleeper.subscribe("1", ON_CREATE)
        for _ in range(60):
            served.sockets.announce(published(BIG))
        await asyncio.wait_for(served.sockets.close(), 20)


async def test_only_websockets_are_served(served: Served) -> None:
    with pytest.raises(ValueError, match="http is not a websocket scope"):
        await served.sockets({"type": "http"}, nothing, nothing)


async def nothing(*_: Any) -> Any:
    raise AssertionError("nothing is read or sent")

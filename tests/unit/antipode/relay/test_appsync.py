"""The AppSync endpoint, spoken to over real sockets."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, aclosing, closing
from pathlib import Path
from typing import Any, Protocol

import pytest
from antipode.relay.answers import PUBLISHED, Answer, AnswerKind
from antipode.relay.appsync import AppSync, Sign
from antipode.relay.connecting import Connector, Resolve
from antipode.relay.connection import MAX_ANSWER_BYTES
from antipode.relay.errors import CredentialsError

from tests.fakes.appsync import Request, StandIn, http, published, stand_in
from tests.fakes.certificate import make_certificate
from tests.fakes.clock import Clock

FIELD = "publishCreateItemsModel"
QUERY = f"mutation Publish($change: AWSJSON!) {{ {FIELD}(change: $change) {{ id }} }}"
BODY = json.dumps({"query": QUERY, "variables": {"change": '{"id":"Item001"}'}}).encode()
TIMEOUT = 10.0


def sign(body: bytes) -> dict[str, str]:
    return {"host": "example.com", "x-amz-date": "20261122T204701Z"}


class Endpoint(Protocol):
    """Makes an AppSync endpoint of a server, whose connections the test need not close."""

    def __call__(
        self,
        server: StandIn,
        sign: Sign = ...,
        *,
        scheme: str = ...,
        tls: Callable[[], ssl.SSLContext] = ...,
        now: Callable[[], float] = ...,
    ) -> AppSync: ...


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    async with AsyncExitStack() as stack:

        def make(
            server: StandIn,
            sign: Sign = sign,
            *,
            scheme: str = "http",
            tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
            now: Callable[[], float] = time.time,
        ) -> AppSync:
            url = f"{scheme}://localhost:{server.port}/graphql"
            appsync = AppSync(url, sign, Connector(url, tls), now=now)
            stack.push_async_callback(appsync.aclose)
            return appsync

        yield make


def resolving(resolve: Resolve) -> AppSync:
    """An endpoint whose name has the addresses that a test says."""
    url = "http://example.com/graphql"
    return AppSync(url, sign, Connector(url, resolve=resolve))


async def publish(appsync: AppSync, timeout: float = TIMEOUT) -> Answer:
    return await appsync.publish(FIELD, BODY, timeout=timeout)


async def test_a_mutation_is_posted_with_its_signature(endpoint: Endpoint) -> None:
    with stand_in() as server:
        assert await publish(endpoint(server)) == PUBLISHED
        [request] = server.requests
    assert request.line == "POST /graphql HTTP/1.1"
    assert request.headers == {
        "host": "example.com",
        "x-amz-date": "20261122T204701Z",
        "user-agent": "antipode-relay",
        "content-length": str(len(BODY)),
    }
    assert request.body == BODY


async def test_a_connection_is_kept_for_the_next(endpoint: Endpoint) -> None:
    with stand_in() as server:
        appsync = endpoint(server)
        assert [await publish(appsync), await publish(appsync)] == [PUBLISHED, PUBLISHED]
        assert len(server.connections) == 1


@pytest.mark.parametrize(
    ("idled", "connections"), [(0.0, [0, 0]), (30.0, [0, 0]), (30.5, [0, 1]), (-1.0, [0, 1])]
)
async def test_a_connection_that_idled_for_over_half_a_minute_is_not_used(
    endpoint: Endpoint, idled: float, connections: list[int]
) -> None:
    clock = Clock(1_000)
    with stand_in() as server:
        appsync = endpoint(server, now=clock)
        await publish(appsync)
        clock.now += idled
        assert await publish(appsync) == PUBLISHED
        assert [request.connection for request in server.requests] == connections


async def test_a_connection_in_use_is_never_too_old(endpoint: Endpoint) -> None:
    clock = Clock(1_000)
    with stand_in() as server:
        appsync = endpoint(server, now=clock)
        for _ in range(5):
            assert await publish(appsync) == PUBLISHED
            clock.now += 20
        assert len(server.connections) == 1


async def publish_together(appsync: AppSync, count: int) -> list[Answer]:
    return await asyncio.gather(*(publish(appsync) for _ in range(count)))


async def test_every_connection_that_idled_too_long_is_closed(endpoint: Endpoint) -> None:
    clock = Clock(1_000)
    with stand_in(seconds=0.05) as server:
        appsync = endpoint(server, now=clock)
        assert await publish_together(appsync, 3) == [PUBLISHED] * 3
        clock.now += 60
        assert await publish_together(appsync, 3) == [PUBLISHED] * 3
        assert {request.connection for request in server.requests[3:]} == {3, 4, 5}


async def test_what_is_published_at_once_has_connections_of_its_own(endpoint: Endpoint) -> None:
    with stand_in(seconds=0.01) as server:
        appsync = endpoint(server)
        for _ in range(3):
            assert await publish_together(appsync, 4) == [PUBLISHED] * 4
        assert len(server.connections) == 4


async def test_the_name_is_asked_for_once_by_all_that_connect_at_once() -> None:
    asked: list[str] = []

    with stand_in(seconds=0.01) as server:

        async def resolve(host: str, port: int) -> list[Any]:
            asked.append(host)
            await asyncio.sleep(0)
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", server.port))]

        async with aclosing(resolving(resolve)) as appsync:
            assert await publish_together(appsync, 4) == [PUBLISHED] * 4
            server.hang_up()
            assert await publish_together(appsync, 4) == [PUBLISHED] * 4
    assert asked == ["example.com"] * 2


async def test_a_connection_that_was_closed_while_idle_costs_a_silent_reconnect(
    endpoint: Endpoint,
) -> None:
    with stand_in() as server:
        appsync = endpoint(server)
        await publish(appsync)
        server.hang_up()
        assert await publish(appsync) == PUBLISHED
        assert [request.connection for request in server.requests] == [0, 1]


async def test_a_connection_that_closes_without_an_answer_is_opened_anew_once(
    endpoint: Endpoint,
) -> None:
    def second_hangs_up(request: Request) -> bytes | None:
        return published(request) if request.connection == 0 and len(server.requests) == 1 else None

    with stand_in(second_hangs_up) as server:
        appsync = endpoint(server)
        await publish(appsync)
        assert await publish(appsync) == Answer(
            AnswerKind.RETRY,
            "ConnectionResetError: the connection was closed before an answer",
        )
        assert [request.connection for request in server.requests] == [0, 0, 1]


async def test_a_connection_that_the_server_does_not_keep_is_not_kept(endpoint: Endpoint) -> None:
    def and_close(request: Request) -> bytes:
        return published(request).replace(b"\r\n", b"\r\nConnection: close\r\n", 1)

    with stand_in(and_close) as server:
        appsync = endpoint(server)
        assert [await publish(appsync), await publish(appsync)] == [PUBLISHED, PUBLISHED]
        assert len(server.connections) == 2


async def test_nobody_listening_may_pass() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host, port = free.getsockname()
        url = f"http://{host}:{port}/graphql"
        assert await publish(AppSync(url, sign, Connector(url))) == Answer(
            AnswerKind.RETRY,
            f"ConnectionRefusedError: [Errno 111] Connect call failed ('{host}', {port})",
        )


async def test_a_name_without_an_address_may_pass() -> None:
    async def resolve(host: str, port: int) -> list[Any]:
        return []

    assert await publish(resolving(resolve)) == Answer(
        AnswerKind.RETRY, "OSError: example.com has no address"
    )


@pytest.fixture
def nowhere() -> Iterator[list[tuple[str, int]]]:
    """Addresses at which nobody ever answers: the queue of each is full."""
    with ExitStack() as stack:
        found: list[tuple[str, int]] = []
        for _ in range(4):
            server = socket.create_server(("127.0.0.1", 0), backlog=0)
            listening = stack.enter_context(closing(server))
            found.append(listening.getsockname())
            for _ in range(3):
                waiting = stack.enter_context(closing(socket.socket()))
                waiting.setblocking(False)
                waiting.connect_ex(found[-1])
        yield found


async def test_a_name_of_many_addresses_takes_no_more_time_than_one(
    nowhere: list[tuple[str, int]],
) -> None:
    async def resolve(host: str, port: int) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", address) for address in nowhere]

    began = time.monotonic()
    answer = await publish(resolving(resolve), timeout=0.4)
    assert answer == Answer(AnswerKind.RETRY, "TimeoutError: no answer within 0.4 s")
    assert time.monotonic() - began < 0.8


async def test_an_address_that_answers_is_found_behind_one_that_does_not(
    nowhere: list[tuple[str, int]],
) -> None:
    with stand_in() as server:
        addresses = [nowhere[0], ("127.0.0.1", server.port)]

        async def resolve(host: str, port: int) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", each) for each in addresses]

        async with aclosing(resolving(resolve)) as appsync:
            assert await publish(appsync, timeout=1.0) == PUBLISHED


async def test_silence_may_pass(endpoint: Endpoint) -> None:
    with stand_in(seconds=60) as server:
        answer = await publish(endpoint(server), timeout=0.05)
    assert answer == Answer(AnswerKind.RETRY, "TimeoutError: no answer within 0.05 s")


async def test_a_kept_connection_waits_no_longer_than_it_is_told(endpoint: Endpoint) -> None:
    with stand_in(seconds=0.2) as server:
        appsync = endpoint(server)
        assert await publish(appsync) == PUBLISHED
        assert await publish(appsync, timeout=0.02) == Answer(
            AnswerKind.RETRY, "TimeoutError: no answer within 0.02 s"
        )


async def test_after_a_time_out_the_late_answer_is_nobodys(endpoint: Endpoint) -> None:
    late = BODY + b" "

    def null_to_the_late(request: Request) -> bytes:
        data = {"data": {FIELD: None if request.body == late else {"id": "a"}}}
        return http(200, json.dumps(data).encode())

    with stand_in(null_to_the_late, seconds=0.1) as server:
        appsync = endpoint(server)
        assert (await appsync.publish(FIELD, late, timeout=0.01)).kind is AnswerKind.RETRY
        assert await publish(appsync) == PUBLISHED


async def test_an_answer_of_10_mb_is_not_read(endpoint: Endpoint) -> None:
    with stand_in(lambda request: http(200, b"x" * 10_485_760)) as server:
        answer = await publish(endpoint(server))
    assert answer == Answer(
        AnswerKind.RETRY, f"HttpError: the answer is over {MAX_ANSWER_BYTES} bytes"
    )


async def test_an_error_page_may_pass(endpoint: Endpoint) -> None:
    page = b"<html><body>502 Bad Gateway</body></html>"
    with stand_in(lambda request: http(502, page)) as server:
        answer = await publish(endpoint(server))
    assert answer == Answer(AnswerKind.RETRY, "status 502, and the body is no answer of AppSync")


async def test_a_redirect_is_not_followed(endpoint: Endpoint) -> None:
    location = "Location: http://127.0.0.1:1/graphql\r\n"
    with stand_in(lambda request: http(307, b"", location)) as server:
        answer = await publish(endpoint(server))
        assert len(server.requests) == 1
    assert answer == Answer(AnswerKind.RETRY, "status 307, and the body is no answer of AppSync")


async def test_what_speaks_no_http_may_pass(endpoint: Endpoint) -> None:
    with stand_in(lambda request: b"220 smtp.example.com\r\n") as server:
        answer = await publish(endpoint(server))
    assert answer == Answer(
        AnswerKind.RETRY, "HttpError: the answer does not begin with a status of HTTP/1.1"
    )


async def test_without_credentials_nothing_is_sent(endpoint: Endpoint) -> None:
    def unsigned(body: bytes) -> dict[str, str]:
        raise CredentialsError("the endpoint is busy")

    with stand_in() as server:
        appsync = endpoint(server, unsigned)
        assert await publish(appsync) == Answer(
            AnswerKind.RETRY, "CredentialsError: the endpoint is busy"
        )
        assert server.requests == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, signed by itself, with its key."""
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(make_certificate("localhost"))
    return path


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_https_is_spoken_over_one_context(endpoint: Endpoint, certificate: Path) -> None:
    made: list[ssl.SSLContext] = []

    def tls() -> ssl.SSLContext:
        made.append(ssl.create_default_context(cafile=str(certificate)))
        return made[-1]

    with stand_in(tls=server_side(certificate)) as server:
        appsync = endpoint(server, scheme="https", tls=tls)
        assert made == []
        assert await publish(appsync) == PUBLISHED
        server.hang_up()
        assert await publish(appsync) == PUBLISHED
        assert len(server.connections) == 2
    assert len(made) == 1


async def test_a_certificate_of_no_known_authority_may_pass(
    endpoint: Endpoint, certificate: Path
) -> None:
    with stand_in(tls=server_side(certificate)) as server:
        answer = await publish(endpoint(server, scheme="https"))
        assert server.requests == []
    assert answer.kind is AnswerKind.RETRY
    assert answer.detail.startswith("SSLCertVerificationError: ")

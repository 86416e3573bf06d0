"""Connections that idled, and a network that drops them without telling anybody."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from threading import Event
from typing import TYPE_CHECKING

import boto3
import pytest
from antipode.idle import MAX_IDLE_S, idled_too_long, never_stale
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

from tests.fakes.servers import OneAnswer, served

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SIX_MINUTES = 360.0


@pytest.mark.parametrize(
    ("idle", "too_long"),
    [(0.0, False), (MAX_IDLE_S, False), (MAX_IDLE_S + 1, True), (SIX_MINUTES, True), (-1.0, True)],
)
def test_a_connection_is_used_again_for_a_while(
    idle: float, too_long: bool
) -> None:  # a case of the table
    assert idled_too_long(1_000.0, 1_000.0 + idle) is too_long


class Clock:
    """The time of day, as a test sets it."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def network() -> Iterator[tuple[str, type[OneAnswer]]]:
    """Where a service answers behind such a network, and what it counted."""

    class Counting(OneAnswer):
        over = Event()

    with served(ThreadingHTTPServer(("127.0.0.1", 0), Counting)) as server:
        yield f"http://127.0.0.1:{server.server_port}", Counting
        Counting.over.set()


def client(url: str, *, read_timeout: float) -> DynamoDBClient:
    return boto3.client(
        "dynamodb",
        region_name="eu-west-1",
        endpoint_url=url,
        aws_access_key_id="x",
        aws_secret_access_key="y",
        config=Config(read_timeout=read_timeout, retries={"total_max_attempts": 1}),
    )


@pytest.mark.enable_socket
def test_a_request_after_six_idle_minutes_is_answered_on_a_new_connection(
    network: tuple[str, type[OneAnswer]],
) -> None:
    (url, service), clock = network, Clock()
    asked = never_stale(client(url, read_timeout=10), clock)

    asked.describe_endpoints()
    clock.at += SIX_MINUTES
    asked.describe_endpoints()

    assert service.connections == 2


@pytest.mark.enable_socket
def test_a_client_that_keeps_stale_connections_would_wait_in_vain(
    network: tuple[str, type[OneAnswer]],
) -> None:
    url, _ = network
    asked = client(url, read_timeout=0.1)

    asked.describe_endpoints()
    with pytest.raises(ReadTimeoutError):
        asked.describe_endpoints()


@pytest.mark.enable_socket
def test_requests_that_follow_one_another_share_a_connection() -> None:
    class Keeping(OneAnswer):
        over = Event()

        def do_POST(self) -> None:
            self.answered = False
            super().do_POST()

    clock = Clock()
    with served(ThreadingHTTPServer(("127.0.0.1", 0), Keeping)) as server:
        asked = never_stale(
            client(f"http://127.0.0.1:{server.server_port}", read_timeout=10), clock
        )
        for _ in range(3):
            asked.describe_endpoints()
            clock.at += MAX_IDLE_S
        asked.close()
    assert Keeping.connections == 1

"""The queue on SQS."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from threading import Event

import boto3
import pytest
from antipode.relay.errors import QueueRefusedError
from antipode.relay.sqs import SqsQueue
from moto import mock_aws

from tests.fakes.servers import OneAnswer, served


@pytest.fixture
def queue_url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty queue."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("sqs", region_name="eu-west-1")
        yield client.create_queue(QueueName="undelivered")["QueueUrl"]


def received(url: str) -> list[str]:
    client = boto3.client("sqs", region_name="eu-west-1")
    messages = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [message["Body"] for message in messages]


async def test_a_message_is_stored(queue_url: str) -> None:
    await SqsQueue(queue_url, "eu-west-1").send('{"version":1}')
    assert received(queue_url) == ['{"version":1}']


async def test_messages_may_be_sent_at_the_same_time(queue_url: str) -> None:
    queue = SqsQueue(queue_url, "eu-west-1")
    await asyncio.gather(*(queue.send(str(number)) for number in range(8)))
    assert sorted(received(queue_url)) == [str(number) for number in range(8)]


async def test_a_queue_that_does_not_exist_refuses(queue_url: str) -> None:
    with pytest.raises(QueueRefusedError, match="NonExistentQueue"):
        await SqsQueue(queue_url + "-gone", "eu-west-1").send("x")


async def test_a_message_over_the_limit_is_refused(queue_url: str) -> None:
    with pytest.raises(QueueRefusedError, match=f"{queue_url} refused a message: "):
        await SqsQueue(queue_url, "eu-west-1").send("x" * (1_048_576 + 1))


@pytest.mark.enable_socket
async def test_a_message_after_six_idle_minutes_goes_out_on_a_new_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Service(OneAnswer):
        over = Event()

    moments = iter([0.0, 1.0, 361.0])
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with served(ThreadingHTTPServer(("127.0.0.1", 0), Service)) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        queue = SqsQueue(f"{url}/0/undelivered", "eu-west-1", lambda: next(moments))
        await queue.send("1")
        await queue.send("2")
        Service.over.set()
    # A second attempt would have made a third moment of it.
    assert (Service.connections, list(moments)) == (2, [])

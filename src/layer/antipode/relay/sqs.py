"""The queue of undelivered changes, on SQS."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from antipode.idle import never_stale
from antipode.relay.errors import QueueRefusedError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# Short, so that a message sent at the last moment ends before the invocation does.
CONNECT_TIMEOUT_S = 1
READ_TIMEOUT_S = 2
ATTEMPTS = 2


class SqsQueue:
    """Stores undelivered changes. Each message waits in a thread, since boto3 blocks."""

    def __init__(self, url: str, region: str, now: Callable[[], float] = time.time) -> None:
        self._url, self._region, self._now = url, region, now
        self._lock = threading.Lock()
        self._made: SQSClient | None = None

    async def send(self, body: str) -> None:
        """Stores one message.

        Raises:
            QueueRefusedError: it was not stored; one over SQS's limit of 1 MiB never is.
        """
        await asyncio.to_thread(self._send, body)

    def _send(self, body: str) -> None:
        # Imported only when a change could not be published: boto3 doubles a cold start.
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client().send_message(QueueUrl=self._url, MessageBody=body)
        except (BotoCoreError, ClientError) as error:
            raise QueueRefusedError(f"{self._url} refused a message: {error}") from error

    def _client(self) -> SQSClient:
        import boto3
        from botocore.config import Config

        with self._lock:
            if self._made is None:
                config = Config(
                    tcp_keepalive=True,
                    connect_timeout=CONNECT_TIMEOUT_S,
                    read_timeout=READ_TIMEOUT_S,
                    retries={"total_max_attempts": ATTEMPTS},
                )
                made = boto3.client("sqs", region_name=self._region, config=config)
                self._made = never_stale(made, self._now)
            return self._made

"""The queue of undelivered changes, on SQS."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from antipode.errors import QueueRefusedError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class SqsQueue:
    """Stores undelivered changes. Safe to use from lanes."""

    def __init__(self, url: str, region: str) -> None:
        self._url, self._region = url, region
        self._lock = threading.Lock()
        self._made: SQSClient | None = None

    def send(self, body: str) -> None:
        """Stores one message.

        Raises:
            QueueRefusedError: it was not stored; one over SQS's limit of 1 MiB never is.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client().send_message(QueueUrl=self._url, MessageBody=body)
        except (BotoCoreError, ClientError) as error:
            raise QueueRefusedError(f"{self._url} refused a message: {error}") from error

    def _client(self) -> SQSClient:
        # Imported only when something must be set aside: boto3 is most of a cold start.
        with self._lock:
            if self._made is None:
                import boto3
                from botocore.config import Config

                config = Config(
                    connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 3}
                )
                self._made = boto3.client("sqs", region_name=self._region, config=config)
            return self._made

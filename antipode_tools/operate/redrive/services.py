"""What of a stack a redrive speaks to: the queue, the bucket and the relay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.config import Config

from antipode_tools.operate.redrive.queue import LONGEST_INVOCATION_S
from antipode_tools.operate.stacks.target import Target

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

# An invocation is sent once, and waited for as long as it may take: a second one at the same time
# would publish the same records beside the first.
_INVOKING = Config(
    read_timeout=LONGEST_INVOCATION_S, tcp_keepalive=True, retries={"total_max_attempts": 1}
)

QUEUE_URL, BUCKET, RELAY = "UndeliveredQueueUrl", "OnFailureBucketName", "RelayFunctionName"


def sqs(target: Target) -> SQSClient:
    """For the undelivered queue."""
    return target.session.client("sqs", **target.arguments)


def s3(target: Target) -> S3Client:
    """For the on-failure bucket."""
    return target.session.client("s3", **target.arguments)


def functions(target: Target) -> LambdaClient:
    """For the relay: each invocation is waited for to its end, and never sent twice."""
    configured = target.arguments.get("config", Config()).merge(_INVOKING)
    return target.session.client("lambda", **{**target.arguments, "config": configured})

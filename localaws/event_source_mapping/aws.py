"""The services of a Region through boto3, whose blocking calls run in threads."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from localaws.event_source_mapping.destinations import Source, metadata, object_key, with_payload
from localaws.event_source_mapping.discovery import Discovery
from localaws.event_source_mapping.messages import (
    Discard,
    FunctionFailed,
    NotInvoked,
    Outcome,
    Returned,
)
from localaws.event_source_mapping.ports import (
    After,
    DeployedMapping,
    IteratorLost,
    Page,
    Position,
    ServiceUnavailable,
)
from localaws.event_source_mapping.record import compact, event_form
from localaws.event_source_mapping.settings import StartingPosition
from localaws.json_value import Json

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import InvocationResponseTypeDef
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

log = logging.getLogger(__name__)

Result = TypeVar("Result")

# A function runs for 15 minutes at most:
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_LONGEST_INVOCATION_S = 900

# How many threads wait for answers in each Region; they are started when needed.
_CALLS = 4
_INVOCATIONS = 64

# How much of a failed function's answer is logged.
_LOGGED_BYTES = 500

_LOST = frozenset({"ExpiredIteratorException", "TrimmedDataAccessException"})


@dataclass(frozen=True)
class Clients:
    """The boto3 clients of one Region."""

    functions: LambdaClient
    streams: DynamoDBStreamsClient
    stacks: CloudFormationClient
    queues: SQSClient
    buckets: S3Client


class AwsRegion:
    """A Region's Lambda, DynamoDB Streams, CloudFormation, SQS and S3.

    Invocations have their own threads, so that functions that hang do not delay polling.
    """

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._discovery = Discovery(clients.functions, clients.stacks)
        self._calls = ThreadPoolExecutor(_CALLS)
        self._invocations = ThreadPoolExecutor(_INVOCATIONS)

    @classmethod
    def connect(cls, session: Session, region: str, endpoint_url: str) -> Self:
        """A Region whose services are all at one address, on this machine."""
        here = Config(connect_timeout=5, proxies={})
        calls = here.merge(
            Config(
                read_timeout=30,
                retries={"total_max_attempts": 2},
                max_pool_connections=_CALLS,
            )
        )
        # botocore must not repeat an invocation: the core decides about retries.
        invocations = here.merge(
            Config(
                read_timeout=_LONGEST_INVOCATION_S + 5,
                retries={"total_max_attempts": 1},
                max_pool_connections=_INVOCATIONS,
            )
        )
        return cls(
            Clients(
                session.client("lambda", region, endpoint_url=endpoint_url, config=invocations),
                session.client("dynamodbstreams", region, endpoint_url=endpoint_url, config=calls),
                session.client("cloudformation", region, endpoint_url=endpoint_url, config=calls),
                session.client("sqs", region, endpoint_url=endpoint_url, config=calls),
                session.client("s3", region, endpoint_url=endpoint_url, config=calls),
            )
        )

    def close(self) -> None:
        """Release the threads. One that waits for a function ends with it, or with the engine."""
        for pool in self._calls, self._invocations:
            pool.shutdown(wait=False, cancel_futures=True)

    async def mappings(self) -> list[DeployedMapping]:
        return await self._call(self._discovery.mappings)

    async def shards(self, stream_arn: str) -> list[str]:
        described = await self._call(
            lambda: self._clients.streams.describe_stream(StreamArn=stream_arn)
        )
        return [shard["ShardId"] for shard in described["StreamDescription"]["Shards"]]

    async def iterator(self, stream_arn: str, shard_id: str, position: Position) -> str:
        return await self._call(lambda: self._iterator(stream_arn, shard_id, position))

    async def page(self, stream_arn: str, iterator: str, limit: int) -> Page:
        return await self._call(lambda: self._page(stream_arn, iterator, limit))

    async def invoke(self, function_arn: str, event: str) -> Outcome:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._invocations, self._invoke, function_arn, event)

    async def discard(self, destination: str, discard: Discard, source: Source) -> None:
        await self._call(lambda: self._tell(destination, discard, source))

    async def _call(self, call: Callable[[], Result]) -> Result:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._calls, _translated, call)

    def _iterator(self, stream_arn: str, shard_id: str, position: Position) -> str:
        ask = partial(
            self._clients.streams.get_shard_iterator, StreamArn=stream_arn, ShardId=shard_id
        )
        match position:
            case After(number):
                found = ask(ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber=number)
            case StartingPosition():
                found = ask(ShardIteratorType=position.value)
        return found["ShardIterator"]

    def _page(self, stream_arn: str, iterator: str, limit: int) -> Page:
        found = self._clients.streams.get_records(ShardIterator=iterator, Limit=limit)
        events = [event_form(dict(record), stream_arn) for record in found["Records"]]
        return Page(events, found.get("NextShardIterator"))

    def _invoke(self, function_arn: str, event: str) -> Outcome:
        try:
            answer = self._clients.functions.invoke(FunctionName=function_arn, Payload=event)
            payload = answer["Payload"].read()
        except (BotoCoreError, ClientError) as error:
            log.warning("%s was not invoked: %s", function_arn, error)
            return NotInvoked()
        outcome = _outcome(answer, payload)
        if isinstance(outcome, FunctionFailed):
            log.warning(
                "%s failed: %s", function_arn, payload[:_LOGGED_BYTES].decode(errors="replace")
            )
        return outcome

    def _tell(self, destination: str, discard: Discard, source: Source) -> None:
        at = time.time()
        message = metadata(discard, source, request_id=str(uuid.uuid4()), at=at)
        match destination.split(":", 5):
            case [_, _, "sqs", _, _, name]:
                url = self._clients.queues.get_queue_url(QueueName=name)["QueueUrl"]
                self._clients.queues.send_message(QueueUrl=url, MessageBody=compact(message))
            case [_, _, "s3", _, _, bucket]:
                key = object_key(source, object_id=str(uuid.uuid4()), at=at)
                body = compact(with_payload(message, discard)).encode()
                self._clients.buckets.put_object(Bucket=bucket, Key=key, Body=body)
            case _:
                raise ServiceUnavailable("only queues and buckets can be notified here")


def _translated(call: Callable[[], Result]) -> Result:
    """Make a call, and raise the errors of `ports`."""
    try:
        return call()
    except ClientError as error:
        if error.response["Error"]["Code"] in _LOST:
            raise IteratorLost from error
        raise ServiceUnavailable(str(error)) from error
    except BotoCoreError as error:
        raise ServiceUnavailable(str(error)) from error


def _outcome(answer: InvocationResponseTypeDef, payload: bytes) -> Outcome:
    version = answer.get("ExecutedVersion", "$LATEST")
    error = answer.get("FunctionError")
    if error:
        return FunctionFailed(error, version)
    return Returned(_json(payload), version)


def _json(payload: bytes) -> Json:
    """What a function returned: JSON, unless a custom runtime says otherwise."""
    try:
        return json.loads(payload)
    except ValueError:
        return payload.decode(errors="replace")

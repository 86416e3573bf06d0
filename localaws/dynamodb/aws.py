"""A Region's tables on an engine, through boto3, whose blocking calls run in threads."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from localaws.dynamodb.ports import NoSuchTable, Unreachable
from localaws.dynamodb.replica import Apply, Image, Record

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

Result = TypeVar("Result")

# How many threads wait for answers in each Region; they are started when needed.
_CALLS = 8

# A condition may have 300 operators and 4 KB. What it leaves out and is changed in the moment
# between the stream's reading and the write is overwritten first, and put right by replication.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
_MOST_COMPARED = 120


class AwsTables:
    """The tables of one Region."""

    def __init__(self, tables: DynamoDBClient, streams: DynamoDBStreamsClient) -> None:
        self._tables = tables
        self._streams = streams
        self._threads = ThreadPoolExecutor(_CALLS)

    @classmethod
    def connect(cls, session: Session, region: str, endpoint_url: str) -> Self:
        """A Region whose services are all at one address, on this machine."""
        here = Config(
            connect_timeout=5,
            read_timeout=30,
            retries={"total_max_attempts": 1},
            max_pool_connections=_CALLS,
            proxies={},
        )
        return cls(
            session.client("dynamodb", region, endpoint_url=endpoint_url, config=here),
            session.client("dynamodbstreams", region, endpoint_url=endpoint_url, config=here),
        )

    def close(self) -> None:
        """Release the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def reader(self, table: str) -> AwsStreamReader:
        def latest() -> str:
            stream = self._tables.describe_table(TableName=table)["Table"].get("LatestStreamArn")
            if not stream:
                raise NoSuchTable(f"{table} has no stream")
            shards = self._streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
            [shard] = shards  # the engine's streams have one
            return self._streams.get_shard_iterator(
                StreamArn=stream, ShardId=shard["ShardId"], ShardIteratorType="LATEST"
            )["ShardIterator"]

        return AwsStreamReader(self, await self.call(latest))

    async def items(self, table: str) -> Sequence[Record]:
        def scanned() -> list[Record]:
            schema = self._tables.describe_table(TableName=table)["Table"]["KeySchema"]
            names = [part["AttributeName"] for part in schema]
            pages = self._tables.get_paginator("scan").paginate(
                TableName=table, ConsistentRead=True
            )
            return [
                _record({name: item[name] for name in names}, 0, None, item)
                for page in pages
                for item in page["Items"]
            ]

        return await self.call(scanned)

    async def apply(self, table: str, write: Apply) -> bool:
        def written() -> bool:
            arguments: dict[str, Any] = {"TableName": table, **still(write)}
            try:
                if write.image is None:
                    self._tables.delete_item(Key=write.keys, **arguments)
                else:
                    self._tables.put_item(Item=write.image, **arguments)
            except self._tables.exceptions.ConditionalCheckFailedException:
                return False
            return True

        return await self.call(written)

    async def page(self, iterator: str) -> tuple[list[Record], str | None]:
        """The records from an iterator on, and the next iterator."""

        def read() -> tuple[list[Record], str | None]:
            page = self._streams.get_records(ShardIterator=iterator)
            changes = [cast("Any", each["dynamodb"]) for each in page["Records"]]
            return [_change(each) for each in changes], page.get("NextShardIterator")

        return await self.call(read)

    async def call(self, work: Callable[[], Result]) -> Result:
        """Make a call in a thread, and raise the errors of `ports`."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, work)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                raise NoSuchTable(str(error)) from error
            raise Unreachable(str(error)) from error
        except BotoCoreError as error:
            raise Unreachable(str(error)) from error


@dataclass
class AwsStreamReader:
    """A place in a table's stream."""

    _tables: AwsTables
    _iterator: str

    async def read(self) -> Sequence[Record]:
        records, after = await self._tables.page(self._iterator)
        if after is None:
            raise NoSuchTable("the stream has ended")
        self._iterator = after
        return records


def still(write: Apply) -> dict[str, Any]:
    """The arguments of a write that make it depend on the item's being the expected one."""
    if write.expected is None:
        name = next(iter(write.keys))
        return {
            "ConditionExpression": "attribute_not_exists(#k)",
            "ExpressionAttributeNames": {"#k": name},
        }
    compared = sorted(write.expected)[:_MOST_COMPARED]
    return {
        "ConditionExpression": " AND ".join(f"#{n} = :{n}" for n in range(len(compared))),
        "ExpressionAttributeNames": {f"#{n}": name for n, name in enumerate(compared)},
        "ExpressionAttributeValues": {
            f":{n}": write.expected[name] for n, name in enumerate(compared)
        },
    }


def _change(change: Mapping[str, Any]) -> Record:
    """What a record of a stream with both images tells.

    The engine has one counter for the sequence numbers of all its streams, whose beginning is the
    time in milliseconds: it says in which order the writes of all Regions were made.
    """
    time = int(change["SequenceNumber"])
    return _record(change["Keys"], time, change.get("OldImage"), change.get("NewImage"))


def _record(keys: Mapping[str, Any], time: int, old: Image, new: Image) -> Record:
    return Record(json.dumps(keys, sort_keys=True, default=bytes.hex), keys, time, old, new)

"""What a drill reads of a Region beside its API: table, stream, queue, relay's processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.drills.observed import Items, Record
from antipode_tools.world.engine.aws import Aws

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import WriteRequestTypeDef
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_sqs import SQSClient

MODEL = "ItemsModel"

# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
_MOST_AT_ONCE = 25


@dataclass
class Tables:
    """A Region's table, from when this was made, as far as it concerns some items.

    Args:
        prefix: with which the ids of the drill's items begin.
    """

    region: WorldRegion
    prefix: str
    dynamodb: DynamoDBClient
    streams: DynamoDBStreamsClient
    queues: SQSClient
    iterator: str
    already_undelivered: int = 0
    records: list[Record] = field(default_factory=list)

    @classmethod
    def of(cls, world: WorldFile, region: WorldRegion, prefix: str) -> Tables:
        """Begins with the next record of the stream."""
        aws = Aws(world.engine_url)
        at = aws.at(region.code)
        streams = aws.session.client("dynamodbstreams", **at)
        stream = region.outputs[f"{MODEL}StreamArn"]
        [shard] = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
        iterator = streams.get_shard_iterator(
            StreamArn=stream, ShardId=shard["ShardId"], ShardIteratorType="LATEST"
        )["ShardIterator"]
        there = cls(
            region,
            prefix,
            aws.session.client("dynamodb", **at),
            streams,
            aws.session.client("sqs", **at),
            iterator,
        )
        there.already_undelivered = there.undelivered()
        return there

    def items(self) -> Items:
        """The texts of the drill's items."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.region.tables[MODEL])
        return {
            item["id"]["S"]: item.get("item", {}).get("S", "")
            for page in pages
            for item in page["Items"]
            if item["id"]["S"].startswith(self.prefix)
        }

    def read(self) -> Sequence[Record]:
        """The drill's records of the stream, up to now."""
        while True:
            page = self.streams.get_records(ShardIterator=self.iterator)
            self.iterator = page["NextShardIterator"]
            for record in page["Records"]:
                item = record["dynamodb"]["Keys"]["id"]["S"]
                if item.startswith(self.prefix):
                    number = int(record["dynamodb"]["SequenceNumber"])
                    name = self.region.name
                    self.records.append(Record(name, record["eventID"], item, number))
            if not page["Records"]:
                return self.records

    def undelivered(self) -> int:
        """How many changes the relay has set aside since this was made."""
        told = self.queues.get_queue_attributes(
            QueueUrl=self.region.outputs["UndeliveredQueueUrl"],
            AttributeNames=["ApproximateNumberOfMessages"],
        )
        return int(told["Attributes"]["ApproximateNumberOfMessages"]) - self.already_undelivered

    def write(self, texts: Items) -> None:
        """Write items by hand."""
        requests: list[WriteRequestTypeDef] = [
            {"PutRequest": {"Item": {"id": {"S": item}, "item": {"S": text}}}}
            for item, text in texts.items()
        ]
        table = self.region.tables[MODEL]
        for first in range(0, len(requests), _MOST_AT_ONCE):
            self.dynamodb.batch_write_item(
                RequestItems={table: requests[first : first + _MOST_AT_ONCE]}
            )

    def poison(self, item: str) -> None:
        """Write an item whose time of creation is none, which the API refuses to announce."""
        attributes = {"id": item, "item": "poison", "createdAt": "never"}
        self.dynamodb.put_item(
            TableName=self.region.tables[MODEL],
            Item={name: {"S": value} for name, value in attributes.items()},
        )


def kill_relays(world: WorldFile) -> int:
    """Kill every process of a relay, as if its execution environment died; returns how many."""
    functions = [r.outputs["RelayFunctionName"] for r in world.regions.values()]
    wanted = {f"AWS_LAMBDA_FUNCTION_NAME={function}".encode() for function in functions}
    killed = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            pid = int(folder.name)
            if os.getpgid(pid) != world.pids.engine:
                continue
            if wanted & {*folder.joinpath("environ").read_bytes().split(b"\0")}:
                os.kill(pid, signal.SIGKILL)
                killed += 1
    return killed

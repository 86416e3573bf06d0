"""Many writes from both Regions, through relays whose AppSync fails and is cut off for a while."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from antipode.relay.change import ChangeKind
from gql.client import AsyncClientSession

from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import client
from antipode_tools.world.engine.aws import Aws
from tests.e2e.by_hand import live
from tests.e2e.clients import ALL, HEARD_WITHIN_S, execute, table
from tests.e2e.faults import HOST, Fault, FaultyProxy, fates
from tests.unit.localaws.appsync.realtime.serving import Client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# world.json, a Region's part of it, an announcement, a stream record: JSON.
Json = Any

REGIONS = ("eu-west-1", "ap-southeast-2")
ITEMS = [f"Item{number:02}" for number in range(50)]
WRITES_TO_AN_ITEM = 40
SEED = "antipode"

# In a thousand publishes. One that is never answered holds up its batch until the relay gives up.
FAULTS = {
    Fault.UNAVAILABLE: 30,
    Fault.THROTTLED: 30,
    Fault.DROPPED: 20,
    Fault.ANSWER_LOST: 19,
    Fault.SILENT: 1,
}

# The relay keeps five seconds of these back, which leaves three for a batch.
RELAY_TIMEOUT_S = 8

# While AppSync is cut off, each relay must at least have run into it so often.
REFUSALS = 50

# The engine has 16 threads, which the relays need too.
WRITERS = 8

# For two thousand announcements in each Region, on a machine that is busy with other things.
ALL_HEARD_WITHIN_S = 120.0

KINDS = ("Create", "Update", "Delete")
MUTATIONS = {
    ChangeKind[kind.upper()]: f"""
    mutation ($input: {kind}ItemsModelInput!) {{ {kind.lower()}ItemsModel(input: $input) {{ id }} }}
    """
    for kind in KINDS
}


@dataclass(frozen=True)
class Write:
    """One write in one Region: through its API, or by hand in its table."""

    region: str
    by_hand: bool
    kind: ChangeKind
    values: dict[str, str]


def writes_to(item_id: str) -> list[Write]:
    """What is done to one item, now in one Region and now in the other."""
    chance = random.Random(SEED + item_id)
    writes: list[Write] = []
    exists = False
    for number in range(WRITES_TO_AN_ITEM):
        kind = ChangeKind.CREATE
        if exists:
            kind = ChangeKind.DELETE if chance.random() < 0.15 else ChangeKind.UPDATE
        exists = kind is not ChangeKind.DELETE
        values = {"id": item_id} | ({"item": f"{item_id}, write {number}"} if exists else {})
        writes.append(Write(chance.choice(REGIONS), chance.random() < 0.5, kind, values))
    return writes


class Listener:
    """All that one subscriber hears of a Region's changes, in the order it comes."""

    def __init__(self, client: Client) -> None:
        self.heard: list[Json] = []
        self._change_ids: set[str] = set()
        self._client = client
        self._news = asyncio.Event()

    async def listen(self) -> None:
        """Until cancelled."""
        async for text in self._client.socket:
            frame = json.loads(text)
            if frame["type"] == "ka":
                continue
            [change] = frame["payload"]["data"].values()
            self.heard.append(change)
            self._change_ids.add(change["_change"]["id"])
            self._news.set()

    async def hear_of(self, change_ids: Collection[str]) -> None:
        """Wait for these changes. What is late is missing in `heard`, for a test to find."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ALL_HEARD_WITHIN_S):
                while not self._change_ids.issuperset(change_ids):
                    self._news.clear()
                    await self._news.wait()


@dataclass(frozen=True)
class Place:
    """One Region while it is written to."""

    table: str
    session: AsyncClientSession
    dynamodb: DynamoDBClient
    listener: Listener
    proxy: FaultyProxy

    async def write(self, write: Write) -> None:
        if write.by_hand:
            await asyncio.to_thread(self._write_by_hand, write)
        else:
            await execute(self.session, MUTATIONS[write.kind], input=write.values)

    def held(self, item_ids: Iterable[str]) -> dict[str, Json]:
        """Those of these items that are in the table, by their ids."""
        keys: Json = [{"id": {"S": item_id}} for item_id in item_ids]
        found = self.dynamodb.batch_get_item(RequestItems={self.table: {"Keys": keys}})
        return {item["id"]["S"]: item for item in found["Responses"][self.table]}

    def _write_by_hand(self, write: Write) -> None:
        key = {"id": {"S": write.values["id"]}}
        match write.kind:
            case ChangeKind.CREATE:
                item = {name: {"S": value} for name, value in write.values.items()}
                self.dynamodb.put_item(TableName=self.table, Item=item)
            case ChangeKind.UPDATE:
                self.dynamodb.update_item(
                    TableName=self.table,
                    Key=key,
                    UpdateExpression="SET #item = :item",
                    ExpressionAttributeNames={"#item": "item"},
                    ExpressionAttributeValues={":item": {"S": write.values["item"]}},
                )
            case ChangeKind.DELETE:
                self.dynamodb.delete_item(TableName=self.table, Key=key)


class Replication:
    """Tells when items are the same in both Regions, by one look at all that are waited for."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = [*places]
        self._awaited: dict[str, asyncio.Future[None]] = {}
        self._any = asyncio.Event()

    async def of(self, item_id: str) -> None:
        """Wait for an item, so that what is written to it next is not merged with what was."""
        future = self._awaited[item_id] = asyncio.get_running_loop().create_future()
        self._any.set()
        async with asyncio.timeout(HEARD_WITHIN_S):
            await future

    async def watch(self) -> None:
        """Look as long as any item is waited for, until cancelled."""
        while True:
            await self._any.wait()
            self._any.clear()
            awaited = [*self._awaited]
            here, there = await asyncio.gather(
                *(asyncio.to_thread(each.held, awaited) for each in self._places)
            )
            for item_id in awaited:
                if here.get(item_id) == there.get(item_id):
                    self._awaited.pop(item_id).set_result(None)
            if self._awaited:
                self._any.set()
            await asyncio.sleep(0.01)


@dataclass(frozen=True)
class Aftermath:
    """What there is in one Region when all is over."""

    stream: list[Json]
    heard: list[Json]
    rows: list[Json]
    undelivered: list[Json]
    proxy: FaultyProxy


async def ride_out(world: WorldFile) -> dict[str, Aftermath]:
    """Write everything, and tell what it came to in each Region."""
    plan = [writes_to(item_id) for item_id in ITEMS]
    third = WRITES_TO_AN_ITEM // 3
    async with AsyncExitStack() as exits:
        places = {code: await exits.enter_async_context(_place(world, code)) for code in REGIONS}
        proxies = [place.proxy for place in places.values()]
        await _write(places, [writes[:third] for writes in plan])
        for proxy in proxies:
            proxy.cut()
        await _write(places, [writes[third : 2 * third] for writes in plan])
        for proxy in proxies:
            async with asyncio.timeout(HEARD_WITHIN_S):
                await proxy.refused(REFUSALS)
            proxy.mend()
        await _write(places, [writes[2 * third :] for writes in plan])
        return {code: await _aftermath(world, code, place) for code, place in places.items()}


async def _write(places: dict[str, Place], plan: list[list[Write]]) -> None:
    """Each item's writes one after the other, and those of several items at once."""
    writers = asyncio.Semaphore(WRITERS)
    replication = Replication(places.values())

    async def write(writes: list[Write]) -> None:
        for each in writes:
            async with writers:
                await places[each.region].write(each)
                await replication.of(each.values["id"])

    async with asyncio.TaskGroup() as both:
        watching = both.create_task(replication.watch())
        async with asyncio.TaskGroup() as tasks:
            for writes in plan:
                tasks.create_task(write(writes))
        watching.cancel()


@asynccontextmanager
async def _place(world: WorldFile, code: str) -> AsyncIterator[Place]:
    region, aws = world.regions[code], Aws(world.engine_url)
    plane = urlsplit(region.graphql_url).port
    assert plane is not None
    async with (
        FaultyProxy(plane, fates(FAULTS, of=1_000, seed=SEED + code)) as proxy,
        client(region) as session,
        live(region) as subscriber,
    ):
        for kind in KINDS:
            document = f"subscription {{ on{kind}ItemsModel {{ {ALL} }} }}"
            await subscriber.subscribe(kind, document, key=region.api_key)
        listener = Listener(subscriber)
        listening = asyncio.create_task(listener.listen())
        await asyncio.to_thread(_redirect, aws, code, region, f"http://{HOST}:{proxy.port}/graphql")
        dynamodb = aws.session.client("dynamodb", **aws.at(code))
        yield Place(region.tables["ItemsModel"], session, dynamodb, listener, proxy)
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


def _redirect(aws: Aws, code: str, region: WorldRegion, url: str) -> None:
    """Have the relay publish to another endpoint, and give each batch less time."""
    functions = aws.session.client("lambda", **aws.at(code))
    name = region.outputs["RelayFunctionName"]
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=name,
        Timeout=RELAY_TIMEOUT_S,
        Environment={"Variables": {**variables, "GRAPHQL_URL": url}},
    )
    functions.get_waiter("function_updated_v2").wait(FunctionName=name)
    functions.invoke(FunctionName=name, Payload='{"Records": []}')  # a cold start takes its time


async def _aftermath(world: WorldFile, code: str, place: Place) -> Aftermath:
    region, aws = world.regions[code], Aws(world.engine_url)
    stream = await asyncio.to_thread(_stream, aws, code, region)
    await place.listener.hear_of({record["eventID"] for record in stream})
    return Aftermath(
        stream,
        place.listener.heard,
        table(world, code).scan()["Items"],
        await asyncio.to_thread(_undelivered, aws, code, region),
        place.proxy,
    )


def _stream(aws: Aws, code: str, region: WorldRegion) -> list[Json]:
    """Every record of the Region's stream."""
    streams = aws.session.client("dynamodbstreams", **aws.at(code))
    arn = region.outputs["ItemsModelStreamArn"]
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records: list[Json] = []
    while page := streams.get_records(ShardIterator=iterator):
        if not page["Records"]:
            break
        records += page["Records"]
        iterator = page["NextShardIterator"]
    return records


def _undelivered(aws: Aws, code: str, region: WorldRegion) -> list[Json]:
    """What the relay kept undelivered, and what was given up on."""
    outputs = region.outputs
    queue = aws.session.client("sqs", **aws.at(code))
    bucket = aws.session.client("s3", **aws.at(code))
    messages = queue.receive_message(QueueUrl=outputs["UndeliveredQueueUrl"]).get("Messages", [])
    objects = bucket.list_objects_v2(Bucket=outputs["OnFailureBucketName"]).get("Contents", [])
    return [*messages, *objects]

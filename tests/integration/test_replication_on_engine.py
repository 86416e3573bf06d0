"""Replication between two Regions of the real engine, and what its front says of it."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from botocore.exceptions import ClientError

from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.engine.engine import Engine, EngineInstallation
from antipode_tools.world.engine.environment import isolated
from localaws.dynamodb import AwsTables, ControlPlane, GlobalTables, complete
from localaws.front import Front
from localaws.serving import serving
from localaws.sockets import HOST, listen, number

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).parents[2]
IRELAND, SYDNEY = REGIONS = ("eu-west-1", "ap-southeast-2")
TABLE = "items"
PATIENCE_S = 30.0

# An item as DynamoDB writes it.
Item = Mapping[str, Any]

EVERY_TYPE = {
    "s": {"S": ""},
    "n": {"N": "1.50"},
    "b": {"B": b"\x00\xff"},
    "ss": {"SS": ["z", "a"]},
    "ns": {"NS": ["3", "1.0"]},
    "bs": {"BS": [b"b", b"a"]},
    "l": {"L": [{"M": {}}, {"N": "1e3"}, {"NULL": True}]},
    "m": {"M": {"empty": {"L": []}, "bytes": {"B": b"q"}}},
    "bool": {"BOOL": False},
    "null": {"NULL": True},
}
WIDE = {f"attribute{n}": {"S": "x"} for n in range(300)}


@dataclass
class There:
    """Two Regions with a global table, by the engine itself and by its front."""

    front: Aws
    tables: GlobalTables
    dynamodb: dict[str, DynamoDBClient]
    cut: set[tuple[str, str]] = field(default_factory=set)

    async def put(self, region: str, key: str, attributes: Item) -> None:
        item = {"id": {"S": key}, **attributes}
        await asyncio.to_thread(self.dynamodb[region].put_item, TableName=TABLE, Item=item)
        self.tables.wake(region, frozenset({TABLE}))

    def held(self, region: str) -> dict[str, Item]:
        """Every item, by its id."""
        pages = self.dynamodb[region].get_paginator("scan").paginate(TableName=TABLE)
        return {item["id"]["S"]: item for page in pages for item in page["Items"]}

    async def equal(self) -> dict[str, Item]:
        """What both hold, once it is the same."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                one, other = [await asyncio.to_thread(self.held, region) for region in REGIONS]
                if one == other:
                    return one
                await asyncio.sleep(0.01)

    def heal(self) -> None:
        self.cut.clear()
        self.tables.network_changed()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[There]:
    run = tmp_path_factory.mktemp("engine")
    (run / "tmp").mkdir()
    installation = EngineInstallation(ROOT, ROOT / ".local")
    environment = isolated(os.environ, run=run, region=IRELAND)
    await installation.install(environment=environment, log=run / "install.log")
    engine = await Engine.start(
        installation, port=0, run=run, region=IRELAND, log=run / "engine.log"
    )
    async with AsyncExitStack() as exits:
        exits.push_async_callback(engine.stop)
        yield await _there(engine, exits)


async def _there(engine: Engine, exits: AsyncExitStack) -> There:
    direct = Aws(engine.url)
    services = {code: AwsTables.connect(direct.session, code, direct.endpoint) for code in REGIONS}
    cut = set[tuple[str, str]]()
    tables = GlobalTables(services, lambda *link: None if link in cut else 0.01)
    port = urlsplit(engine.url).port
    assert port
    front = Front(HOST, port, ControlPlane(tables, tables.wake))
    listener = listen(0)
    exits.callback(listener.close)
    await exits.enter_async_context(serving(front, listener))
    clients = {code: direct.session.client("dynamodb", **direct.at(code)) for code in REGIONS}
    clients[IRELAND].create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    there = There(Aws(f"http://{HOST}:{number(listener)}"), tables, clients, cut)
    await there.put(IRELAND, "older than the replica", EVERY_TYPE)
    await complete(clients[IRELAND], TABLE, REGIONS, clients.__getitem__)
    tables.follow({TABLE: REGIONS})
    running = asyncio.create_task(tables.run())
    exits.callback(running.cancel)
    return there


async def test_a_new_replica_gets_what_was_there_before(there: There) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not there.held(SYDNEY):
            await asyncio.sleep(0.01)
    assert there.held(SYDNEY) == there.held(IRELAND)


@pytest.mark.parametrize("attributes", [EVERY_TYPE, WIDE], ids=["every type", "300 attributes"])
@pytest.mark.parametrize("region", REGIONS)
async def test_an_item_is_written_over_and_deleted_everywhere(
    there: There, region: str, attributes: Item
) -> None:
    for number_ in ("1", "2"):
        await there.put(region, "a", {**attributes, "number": {"N": number_}})
        assert (await there.equal())["a"]["number"] == {"N": number_}
    there.dynamodb[region].delete_item(TableName=TABLE, Key={"id": {"S": "a"}})
    there.tables.wake(region, frozenset({TABLE}))
    assert "a" not in await there.equal()


async def test_both_sides_of_a_cut_write_the_same_items_and_the_last_writers_win(
    there: There,
) -> None:
    there.cut |= {REGIONS, (SYDNEY, IRELAND)}
    chance, last = random.Random("cut"), dict[str, Item]()
    for number_ in range(200):
        region, key = chance.choice(REGIONS), f"item{chance.randrange(20)}"
        written = {"id": {"S": key}, "number": {"N": str(number_)}}
        await there.put(region, key, written)
        last[key] = written
    assert there.held(IRELAND) != there.held(SYDNEY)
    there.heal()
    held = await there.equal()
    assert {key: item for key, item in held.items() if key in last} == last


async def test_the_tables_tell_of_each_other_and_keep_the_engines_copying_away(
    there: There,
) -> None:
    clients = {
        code: there.front.session.client("dynamodb", **there.front.at(code)) for code in REGIONS
    }
    for region, other in zip(REGIONS, reversed(REGIONS), strict=True):
        told = await asyncio.to_thread(clients[region].describe_table, TableName=TABLE)
        assert told["Table"]["GlobalTableVersion"] == "2019.11.21"
        assert told["Table"]["Replicas"] == [{"RegionName": other, "ReplicaStatus": "ACTIVE"}]
    with pytest.raises(ClientError, match="those that its stack declares"):
        await asyncio.to_thread(
            clients[IRELAND].update_table,
            TableName=TABLE,
            ReplicaUpdates=[{"Create": {"RegionName": "us-east-1"}}],
        )


async def test_other_services_are_reached_through_the_front_as_they_are(there: There) -> None:
    buckets = there.front.session.client("s3", **there.front.at(SYDNEY))
    where = {"LocationConstraint": SYDNEY}

    def used() -> bytes:
        buckets.create_bucket(Bucket="bucket", CreateBucketConfiguration=where)  # type: ignore[arg-type]
        buckets.put_object(Bucket="bucket", Key="a folder/key", Body=b"\x00" * 300_000)
        assert buckets.head_object(Bucket="bucket", Key="a folder/key")["ContentLength"] == 300_000
        return buckets.get_object(Bucket="bucket", Key="a folder/key")["Body"].read()

    assert await asyncio.to_thread(used) == b"\x00" * 300_000

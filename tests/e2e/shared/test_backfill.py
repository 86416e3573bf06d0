"""A table that is no model's, copied into the model's table of a running world."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import boto3

from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import subscriber
from antipode_tools.world.engine.aws import Aws
from tests.e2e.clients import ask, heard, new_id, replicated
from tests.e2e.shell import Shell


async def test_a_table_of_another_region_is_copied_announced_and_holds_the_same(
    running: Shell, world: WorldFile, ireland: WorldRegion, sydney: WorldRegion, tmp_path: Path
) -> None:
    # A Region that the world does not have.
    engine = boto3.Session("test", "test").client(
        "dynamodb", **Aws(world.engine_url).at("us-east-1")
    )
    name = f"old-{new_id()}"
    engine.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    ids = [new_id() for _ in range(5)]
    for number, id_ in enumerate(ids):
        item = {"id": id_, "item": f"i{number}", "updatedAt": "2026-01-01T00:00:00Z"}
        engine.put_item(TableName=name, Item={each: {"S": value} for each, value in item.items()})
    # A client has it already, of now.
    create = f'mutation {{ createItemsModel(input: {{id: "{ids[0]}", item: "newer"}}) {{ id }} }}'
    await ask(ireland, create)

    arguments = [
        "backfill",
        name,
        "--model",
        "ItemsModel",
        "--to",
        "ireland",
        "--from",
        "us-east-1",
    ]
    arguments += ["--folder", str(tmp_path), "--json"]
    async with subscriber(sydney) as there:
        await there.subscribe(f'subscription {{ onCreateItemsModel(id: "{ids[1]}") {{ item }} }}')
        status, out, err = await asyncio.to_thread(running.run, *arguments, "--dry-run")
        plan = json.loads(out)
        assert (status, err, plan["items"]) == (0, "", 5)
        assert plan["announced_in"] == plan["regions"] == ["eu-west-1", "ap-southeast-2"]
        status, out, err = await asyncio.to_thread(running.run, *arguments, "--yes")
        assert status == 0, err
        told = json.loads(out)
        assert (told["done"], told["read"], told["written"], told["newer"]) == (True, 5, 4, 1)
        assert await heard(there) == {"onCreateItemsModel": {"item": "i1"}}
    await replicated(world)
    got = await ask(sydney, f'{{ getItemsModel(id: "{ids[4]}") {{ item updatedAt version }} }}')
    assert got == {
        "getItemsModel": {"item": "i4", "updatedAt": "2026-01-01T00:00:00Z", "version": None}
    }
    assert await ask(ireland, f'{{ getItemsModel(id: "{ids[0]}") {{ item }} }}') == {
        "getItemsModel": {"item": "newer"}
    }
    status, out, _ = await asyncio.to_thread(running.run, *arguments, "--verify")
    verdict = json.loads(out)
    assert (status, verdict["holds"], verdict["missing"], verdict["newer"]) == (0, True, 0, 1)

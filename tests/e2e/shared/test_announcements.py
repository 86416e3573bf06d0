"""What subscribers hear, whoever wrote it and in whatever Region."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

import pytest

from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import Subscriber, subscriber
from tests.e2e.clients import ALL, ask, heard, new_id, replicated, table

REGIONS = ("eu-west-1", "ap-southeast-2")
FIELDS = ("onCreateItemsModel", "onUpdateItemsModel", "onDeleteItemsModel")


async def listening(exits: AsyncExitStack, region: WorldRegion, item_id: str) -> Subscriber:
    """A subscriber to everything about one item."""
    there = await exits.enter_async_context(subscriber(region))
    for field in FIELDS:
        document = f"subscription ($id: ID) {{ {field}(id: $id) {{ {ALL} }} }}"
        await there.subscribe(document, id=item_id)
    return there


async def test_each_change_is_announced_in_every_region_whole_and_in_order(
    world: WorldFile,
) -> None:
    item_id = new_id()
    input_ = f'input: {{id: "{item_id}"'
    async with AsyncExitStack() as exits:
        there = {code: await listening(exits, world.regions[code], item_id) for code in REGIONS}
        sydney = world.regions["ap-southeast-2"]
        created = await ask(
            sydney, f'mutation {{ createItemsModel({input_}, item: "a"}}) {{ {ALL} }} }}'
        )
        await replicated(world)
        updated = await ask(
            sydney, f'mutation {{ updateItemsModel({input_}, item: "b"}}) {{ {ALL} }} }}'
        )
        await replicated(world)
        await ask(sydney, f"mutation {{ deleteItemsModel({input_}}}) {{ id }} }}")
        for code in REGIONS:
            changes = [await heard(there[code]) for _ in FIELDS]
            assert [list(change) for change in changes] == [[field] for field in FIELDS]
            items = [change[field] for change, field in zip(changes, FIELDS, strict=True)]
            told = [item.pop("_change") for item in items]
            assert items == [
                without_change(created["createItemsModel"]),
                without_change(updated["updateItemsModel"]),
                without_change(updated["updateItemsModel"]),
            ]
            assert [(each["kind"], each["region"]) for each in told] == [
                ("CREATE", code),
                ("UPDATE", code),
                ("DELETE", code),
            ]
            sequences = [int(each["sequence"]) for each in told]
            assert sequences == sorted(set(sequences))
            assert len({each["id"] for each in told}) == 3


def without_change(item: Any) -> Any:
    return {name: value for name, value in item.items() if name != "_change"}


@pytest.mark.parametrize("code", REGIONS)
async def test_what_is_written_straight_to_the_table_is_announced(
    world: WorldFile, code: str
) -> None:
    item_id = new_id()
    items = table(world, code)
    async with AsyncExitStack() as exits:
        there = [await listening(exits, world.regions[each], item_id) for each in REGIONS]
        items.put_item(Item={"id": item_id, "item": "by hand"})
        await replicated(world)
        items.update_item(
            Key={"id": item_id},
            UpdateExpression="SET #item = :item",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues={":item": "by another hand"},
        )
        await replicated(world)
        items.delete_item(Key={"id": item_id})
        for each in there:
            changes = [await heard(each) for _ in FIELDS]
            assert [(*change, *texts(change)) for change in changes] == [
                ("onCreateItemsModel", item_id, "by hand", None),
                ("onUpdateItemsModel", item_id, "by another hand", None),
                ("onDeleteItemsModel", item_id, "by another hand", None),
            ]


def texts(change: Any) -> tuple[str, str, int | None]:
    [item] = change.values()
    return item["id"], item["item"], item["version"]


async def test_a_subscription_hears_only_what_its_arguments_ask_for(world: WorldFile) -> None:
    ireland, sydney = (world.regions[code] for code in REGIONS)
    word = new_id()
    document = """
      subscription ($item: String, $updatedIn: String) {
        onCreateItemsModel(item: $item, updatedIn: $updatedIn) { item updatedIn }
      }
    """
    create = "mutation ($item: String) { createItemsModel(input: {item: $item}) { id } }"
    async with subscriber(ireland) as there:
        await there.subscribe(document, item=word, updatedIn="ap-southeast-2")
        await ask(sydney, create, item="another")
        await ask(ireland, create, item=word)
        await ask(sydney, create, item=word)
        assert await heard(there) == {
            "onCreateItemsModel": {"item": word, "updatedIn": "ap-southeast-2"}
        }
        assert there.heard.empty()


async def test_whoever_chose_an_item_by_what_it_was_hears_it_leave_in_every_region(
    world: WorldFile,
) -> None:
    sydney = world.regions["ap-southeast-2"]
    item_id, old, new = new_id(), new_id(), new_id()
    document = """
      subscription ($item: String) {
        onUpdateItemsModel(item: $item) { id item _was { item } }
      }
    """
    write = "mutation ($id: ID!, $item: String) {"
    moved = "updateItemsModel(input: {id: $id, item: $item}) { id _was { item } } }"
    async with AsyncExitStack() as exits:
        there = []
        for code in REGIONS:
            of_old = await exits.enter_async_context(subscriber(world.regions[code]))
            await of_old.subscribe(document, item=old)
            there.append(of_old)
        created = f"{write} createItemsModel(input: {{id: $id, item: $item}}) {{ id }} }}"
        await ask(sydney, created, id=item_id, item=old)
        await replicated(world)
        answer = await ask(sydney, f"{write} {moved}", id=item_id, item=new)
        await replicated(world)
        # What it is now concerns nobody here, until it comes back.
        await ask(sydney, f"{write} {moved}", id=item_id, item="elsewhere")
        await replicated(world)
        await ask(sydney, f"{write} {moved}", id=item_id, item=old)

        assert answer == {"updateItemsModel": {"id": item_id, "_was": None}}
        for of_old in there:
            assert await heard(of_old) == {
                "onUpdateItemsModel": {"id": item_id, "item": new, "_was": {"item": old}}
            }
            assert await heard(of_old) == {
                "onUpdateItemsModel": {"id": item_id, "item": old, "_was": {"item": "elsewhere"}}
            }
            assert of_old.heard.empty()

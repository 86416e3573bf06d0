"""Every query and mutation of the API, on the deployed resolvers and a real table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from gql.transport.exceptions import TransportQueryError

from antipode_tools.project.world_file import WorldFile, WorldRegion
from tests.e2e.clients import ask, new_id, replicated

FIELDS = "id item createdAt updatedAt version updatedIn _change { id }"
CREATE = f"""
mutation ($input: CreateItemsModelInput!) {{ createItemsModel(input: $input) {{ {FIELDS} }} }}
"""
UPDATE = f"""
mutation ($input: UpdateItemsModelInput!) {{ updateItemsModel(input: $input) {{ {FIELDS} }} }}
"""
DELETE = f"""
mutation ($input: DeleteItemsModelInput!) {{ deleteItemsModel(input: $input) {{ {FIELDS} }} }}
"""
GET = f"query ($id: ID!) {{ getItemsModel(id: $id) {{ {FIELDS} }} }}"
LIST = """
query ($filter: ModelItemsModelFilterInput, $limit: Int, $nextToken: String) {
  listItemsModel(filter: $filter, limit: $limit, nextToken: $nextToken) { items { id } nextToken }
}
"""


async def create(region: WorldRegion, **values: object) -> Any:
    return (await ask(region, CREATE, input=values))["createItemsModel"]


async def test_a_created_item_is_stamped_and_can_be_read_in_every_region(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    created = await create(sydney, id=new_id(), item="one")
    assert created == {
        "id": created["id"],
        "item": "one",
        "createdAt": created["createdAt"],
        "updatedAt": created["createdAt"],
        "version": 1,
        "updatedIn": "ap-southeast-2",
        "_change": None,
    }
    assert datetime.fromisoformat(created["createdAt"]).tzinfo is not None
    await replicated(world)
    for region in (ireland, sydney):
        assert await ask(region, GET, id=created["id"]) == {"getItemsModel": created}


async def test_an_item_without_an_id_gets_one(ireland: WorldRegion) -> None:
    created = await create(ireland, item="nameless")
    assert len(created["id"]) == 36
    assert await ask(ireland, GET, id=created["id"]) == {"getItemsModel": created}


async def test_an_item_that_does_not_exist_is_null(ireland: WorldRegion) -> None:
    assert await ask(ireland, GET, id=new_id()) == {"getItemsModel": None}


async def test_an_id_that_exists_is_refused_and_the_first_item_stays(ireland: WorldRegion) -> None:
    first = await create(ireland, id=new_id(), item="first")
    with pytest.raises(TransportQueryError) as refused:
        await create(ireland, id=first["id"], item="second")
    assert errors(refused) == [
        (
            "DynamoDB:ConditionalCheckFailedException",
            f"an item with id {first['id']} exists already",
        )
    ]
    assert await ask(ireland, GET, id=first["id"]) == {"getItemsModel": first}


async def test_an_update_in_the_other_region_counts_on(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    created = await create(sydney, id=new_id(), item="one")
    await replicated(world)
    updated = (await ask(ireland, UPDATE, input={"id": created["id"], "item": "two"}))[
        "updateItemsModel"
    ]
    assert updated == created | {
        "item": "two",
        "version": 2,
        "updatedIn": "eu-west-1",
        "updatedAt": updated["updatedAt"],
    }
    assert updated["updatedAt"] > created["updatedAt"]


async def test_null_in_an_update_removes_the_attribute(ireland: WorldRegion) -> None:
    created = await create(ireland, id=new_id(), item="one")
    updated = await ask(ireland, UPDATE, input={"id": created["id"], "item": None})
    assert updated["updateItemsModel"]["item"] is None
    without = {"and": [{"id": {"eq": created["id"]}}, {"item": {"attributeExists": False}}]}
    listed = await everything(ireland, filter=without)
    assert listed == [created["id"]]


@pytest.mark.parametrize(("document", "values"), [(UPDATE, {"item": "x"}), (DELETE, {})])
async def test_what_does_not_exist_can_be_neither_updated_nor_deleted(
    ireland: WorldRegion, document: str, values: dict[str, str]
) -> None:
    missing = new_id()
    with pytest.raises(TransportQueryError) as refused:
        await ask(ireland, document, input={"id": missing, **values})
    assert errors(refused) == [
        ("DynamoDB:ConditionalCheckFailedException", f"there is no item with id {missing}")
    ]
    assert await ask(ireland, GET, id=missing) == {"getItemsModel": None}


async def test_a_deleted_item_is_returned_and_gone_everywhere(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    created = await create(sydney, id=new_id(), item="one")
    await replicated(world)
    assert await ask(sydney, DELETE, input={"id": created["id"]}) == {"deleteItemsModel": created}
    await replicated(world)
    assert await ask(ireland, GET, id=created["id"]) == {"getItemsModel": None}


async def test_a_list_is_filtered_and_read_page_by_page(ireland: WorldRegion) -> None:
    word = new_id()
    wanted = {(await create(ireland, item=f"{word} {number}"))["id"] for number in range(5)}
    listed = await everything(ireland, filter={"item": {"beginsWith": word}}, limit=2)
    assert sorted(listed) == sorted(wanted)


async def everything(region: WorldRegion, *, limit: int = 100, **arguments: object) -> list[str]:
    """The ids of every page."""
    ids: list[str] = []
    token = None
    while True:
        page = (await ask(region, LIST, **arguments, limit=limit, nextToken=token))[
            "listItemsModel"
        ]
        assert len(page["items"]) <= limit
        ids += [item["id"] for item in page["items"]]
        if (token := page["nextToken"]) is None:
            return ids


def errors(refused: pytest.ExceptionInfo[TransportQueryError]) -> list[tuple[str, str]]:
    return [(error["errorType"], error["message"]) for error in refused.value.errors or []]

"""Items that no resolver of ours has written: without stamps, and with what others left in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from localaws.appsync.ports import Json

from .served import Refused, Resolver, Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# As Amplify leaves one, before its own `createdAt`.
ITEM: Json = {"id": {"S": "a"}, "item": {"S": "old"}, "__typename": {"S": "ItemsModel"}}
READ: Json = {"id": "a", "item": "old", "__typename": "ItemsModel"}
STAMPS: Json = {
    "updatedAt": "2026-01-02T03:04:05.678Z",
    "updatedIn": "eu-west-1",
    "version": 1,
}


@pytest.fixture
def table(dynamodb: DynamoDBClient, resolver: Resolver) -> Iterator[Table]:
    made = Table(dynamodb, resolver, ["id"])
    dynamodb.put_item(TableName="table", Item=ITEM)
    yield made
    made.drop()


def listed(table: Table, **filter: Json) -> list[Json]:
    found: list[Json] = table.serve("list", "listItemsModel", {"filter": filter})["items"]
    return found


def update(table: Table, **arguments: Json) -> Json:
    return table.serve("update", "updateItemsModel", arguments, "Mutation")


def test_it_is_read_as_it_is(table: Table) -> None:
    assert table.serve("get", "getItemsModel", {"id": "a"}) == READ
    assert listed(table) == [READ]


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ({"item": {"eq": "old"}}, True),
        ({"version": {"attributeExists": False}}, True),
        ({"version": {"ge": 1}}, False),
        ({"createdAt": {"gt": "2020-01-01T00:00:00.000Z"}}, False),
    ],
)
def test_a_filter_finds_it_by_what_it_has(table: Table, filter: Json, found: bool) -> None:
    assert listed(table, **filter) == ([READ] if found else [])


def test_its_first_update_here_stamps_it_and_keeps_the_rest(table: Table) -> None:
    updated = update(table, input={"id": "a", "item": "new"})
    assert updated == {**READ, "item": "new", **STAMPS}
    assert update(table, input={"id": "a", "item": "newer"}) == {
        **READ,
        "item": "newer",
        **STAMPS,
        "version": 2,
    }


def test_a_condition_on_a_stamp_that_is_not_there_is_not_met(table: Table) -> None:
    with pytest.raises(Refused) as refused:
        update(table, input={"id": "a", "item": "new"}, condition={"version": {"eq": 1}})
    assert refused.value.error.type == "DynamoDB:ConditionalCheckFailedException"
    assert update(
        table, input={"id": "a", "item": "new"}, condition={"version": {"attributeExists": False}}
    )


def test_it_is_deleted_and_shown_as_it_was(table: Table) -> None:
    assert table.serve("delete", "deleteItemsModel", {"input": {"id": "a"}}, "Mutation") == READ
    assert listed(table) == []


def test_nothing_is_created_in_its_place(table: Table) -> None:
    with pytest.raises(Refused):
        table.serve("create", "createItemsModel", {"input": {"id": "a", "item": "x"}}, "Mutation")
    assert listed(table) == [READ]


def test_a_version_that_is_no_number_is_not_counted_up(
    table: Table, dynamodb: DynamoDBClient
) -> None:
    dynamodb.put_item(TableName="table", Item={**ITEM, "version": {"S": "v1"}})
    with pytest.raises(Refused):
        update(table, input={"id": "a", "item": "new"})

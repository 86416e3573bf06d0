from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from localaws.dynamodb.expiry import ExpiringTable, delete_due, expire
from localaws.dynamodb.writes import Tables

Item = dict[str, dict[str, str]]

NOW = 1_800_000_000
TABLE = ExpiringTable("antipode-Order", "expiresAt", ("customer", "number"))
DUE = {
    "TableName": "antipode-Order",
    "ExpressionAttributeNames": {"#time": "expiresAt"},
    "ExpressionAttributeValues": {":oldest": {"N": "1642320000"}, ":now": {"N": "1800000000"}},
}
CONDITION = "#time BETWEEN :oldest AND :now"


class UnmetError(Exception):
    """ConditionalCheckFailedException."""


class FakeDynamoDB:
    """Answers every scan with some pages, and refuses to delete what was put off."""

    exceptions = SimpleNamespace(ConditionalCheckFailedException=UnmetError)

    def __init__(self, *pages: list[Item], put_off: tuple[Item, ...] = ()) -> None:
        self._pages = pages
        self._put_off = put_off
        self.scans: list[dict[str, Any]] = []
        self.deletions: list[dict[str, Any]] = []

    def get_paginator(self, operation: str) -> FakeDynamoDB:
        assert operation == "scan"
        return self

    def paginate(self, **arguments: Any) -> Iterator[dict[str, list[Item]]]:
        self.scans.append(arguments)
        return ({"Items": page} for page in self._pages)

    def delete_item(self, **arguments: Any) -> None:
        if arguments["Key"] in self._put_off:
            raise UnmetError
        self.deletions.append(arguments)


def key(number: int) -> Item:
    return {"customer": {"S": "c"}, "number": {"N": str(number)}}


def item(number: int) -> Item:
    return {**key(number), "note": {"S": "n"}, "expiresAt": {"N": "1"}}


def test_what_is_due_on_any_page_is_deleted_by_its_key_if_it_still_is() -> None:
    home = FakeDynamoDB([item(1), item(2)], [item(3)], put_off=(key(2),))

    assert delete_due(cast("Any", home), [TABLE], NOW) == {TABLE.name}

    assert home.scans == [{**DUE, "FilterExpression": CONDITION}]
    assert home.deletions == [
        {**DUE, "Key": key(number), "ConditionExpression": CONDITION} for number in (1, 3)
    ]


def test_where_nothing_is_due_nothing_is_deleted() -> None:
    home = FakeDynamoDB([])

    assert delete_due(cast("Any", home), [TABLE], NOW) == set()

    assert home.deletions == []


async def test_whoever_follows_a_table_is_told_that_something_expired_in_it() -> None:
    home, told = FakeDynamoDB([item(1)]), asyncio.Queue[Tables]()
    expiring = asyncio.create_task(expire(cast("Any", home), lambda: [TABLE], told.put_nowait))
    assert await told.get() == frozenset({TABLE.name})
    expiring.cancel()
    await asyncio.gather(expiring, return_exceptions=True)


async def test_a_table_that_comes_while_the_world_runs_is_looked_through_until_it_goes() -> None:
    home, told = FakeDynamoDB([]), asyncio.Event()
    waiting = [[], [TABLE], [TABLE, replace(TABLE, name="antipode-Todo")], []]

    def tables() -> list[ExpiringTable]:
        if len(waiting) == 1:
            told.set()
        return waiting.pop(0) if waiting[1:] else waiting[0]

    expiring = asyncio.create_task(expire(cast("Any", home), tables, lambda _: None, pause_s=0))
    await told.wait()
    expiring.cancel()
    await asyncio.gather(expiring, return_exceptions=True)
    scanned = [scan["TableName"] for scan in home.scans]
    assert scanned == ["antipode-Order", "antipode-Order", "antipode-Todo"]

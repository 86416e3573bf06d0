from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from localaws.dynamodb import replicas

ABSENT = "ABSENT"
KEY = [{"AttributeName": "id", "KeyType": "HASH"}]
DEFINITIONS = [{"AttributeName": "id", "AttributeType": "S"}]


class MissingError(Exception):
    """ResourceNotFoundException."""


class FakeDynamoDB:
    """A table that goes through some states, one at each look and the last one for good."""

    meta = SimpleNamespace(region_name="eu-west-1")
    exceptions = SimpleNamespace(ResourceNotFoundException=MissingError)

    def __init__(self, *states: str, **table: Any) -> None:
        self._states = list(states)
        self._table = {
            "TableName": "t",
            "KeySchema": KEY,
            "AttributeDefinitions": DEFINITIONS,
            **table,
        }
        self.updates: list[dict[str, Any]] = []
        self.created: list[dict[str, Any]] = []

    def describe_table(self, **_: str) -> dict[str, Any]:
        state = self._states.pop(0) if self._states[1:] else self._states[0]
        if state == ABSENT:
            raise MissingError
        return {"Table": {"TableStatus": state, **self._table}}

    def create_table(self, **arguments: Any) -> None:
        self.created.append(arguments)

    def update_table(self, **arguments: Any) -> None:
        self.updates.append(arguments)


async def completed(home: FakeDynamoDB, **others: FakeDynamoDB) -> None:
    """With `sydney` and the like for the Regions beside the home Region."""
    regions = ["eu-west-1", *others]
    await replicas.complete(cast(Any, home), "t", regions, cast(Any, others).__getitem__)


def index(name: str, field: str = "status", **others: Any) -> dict[str, Any]:
    """As DynamoDB describes one."""
    key = [{"AttributeName": field, "KeyType": "HASH"}]
    return {
        "IndexName": name,
        "KeySchema": key,
        "Projection": {"ProjectionType": "ALL"},
        "IndexStatus": "ACTIVE",
        **others,
    }


def created(name: str, field: str = "status") -> dict[str, Any]:
    told = index(name, field)
    del told["IndexStatus"]
    return {"Create": told}


NEW = {
    "TableName": "t",
    "KeySchema": KEY,
    "AttributeDefinitions": DEFINITIONS,
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}


async def test_a_replica_is_a_table_of_its_own_made_once_the_owners_table_is_there() -> None:
    home = FakeDynamoDB(ABSENT, "CREATING", "ACTIVE")
    virginia, sydney = FakeDynamoDB(ABSENT), FakeDynamoDB(ABSENT)
    await completed(home, virginia=virginia, sydney=sydney)
    assert (virginia.created, sydney.created) == ([NEW], [NEW])
    assert home.updates == home.created == []


async def test_a_replica_has_the_indexes_of_its_table() -> None:
    home = FakeDynamoDB("ACTIVE", GlobalSecondaryIndexes=[index("byStatus", IndexArn="home")])
    sydney = FakeDynamoDB(ABSENT)
    await completed(home, sydney=sydney)
    assert sydney.created == [{**NEW, "GlobalSecondaryIndexes": [created("byStatus")["Create"]]}]


async def test_a_table_in_its_home_region_alone_needs_none() -> None:
    home = FakeDynamoDB("ACTIVE")
    await completed(home)
    assert home.updates == home.created == []


async def test_a_replica_that_is_there_follows_the_indexes_of_its_table() -> None:
    home = FakeDynamoDB("ACTIVE", GlobalSecondaryIndexes=[index("byStatus", IndexArn="home")])
    sydney = FakeDynamoDB("ACTIVE", GlobalSecondaryIndexes=[index("old")])
    await completed(home, sydney=sydney)
    assert sydney.created == []
    assert sydney.updates == [
        {
            "TableName": "t",
            "AttributeDefinitions": DEFINITIONS,
            "GlobalSecondaryIndexUpdates": [update],
        }
        for update in ({"Delete": {"IndexName": "old"}}, created("byStatus"))
    ]


@pytest.mark.parametrize(
    ("home", "replica", "updates"),
    [
        ([], [], []),
        ([index("a", IndexArn="home")], [index("a", IndexArn="replica")], []),
        ([index("a"), index("b")], [index("a")], [created("b")]),
        ([], [index("a")], [{"Delete": {"IndexName": "a"}}]),
        (
            [index("a", "owner")],
            [index("a")],
            [{"Delete": {"IndexName": "a"}}, created("a", "owner")],
        ),
    ],
)
def test_an_index_that_came_changed_or_went_does_so_in_the_replica(
    home: list[Any], replica: list[Any], updates: list[Any]
) -> None:
    tables = ({"GlobalSecondaryIndexes": home}, {"GlobalSecondaryIndexes": replica})
    assert list(replicas.index_updates(*tables)) == updates

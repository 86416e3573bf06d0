from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from localaws.dynamodb import replicas

ABSENT = "ABSENT"


class MissingError(Exception):
    """ResourceNotFoundException."""


class FakeDynamoDB:
    """A table that goes through some states, one at each look, and is updated once ACTIVE."""

    meta = SimpleNamespace(region_name="eu-west-1")
    exceptions = SimpleNamespace(ResourceNotFoundException=MissingError)

    def __init__(self, *states: str, **table: Any) -> None:
        self._states = list(states)
        self._table = table
        self.updates: list[dict[str, Any]] = []

    def describe_table(self, **_: str) -> dict[str, Any]:
        state = self._states.pop(0)
        if state == ABSENT:
            raise MissingError
        return {"Table": {"TableStatus": state, **self._table}}

    def update_table(self, **arguments: Any) -> None:
        assert not self._states
        self.updates.append(arguments)


def added(region: str) -> dict[str, Any]:
    return {"TableName": "t", "ReplicaUpdates": [{"Create": {"RegionName": region}}]}


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


def no_other(region: str) -> Any:
    raise AssertionError(f"{region} is asked for nothing")


async def test_replicas_are_made_once_the_table_is_there_one_at_a_time() -> None:
    client = FakeDynamoDB(ABSENT, "CREATING", "ACTIVE")
    regions = ["eu-west-1", "us-east-1", "ap-southeast-2"]
    await replicas.complete(cast(Any, client), "t", regions, no_other)
    assert client.updates == [added("us-east-1"), added("ap-southeast-2")]


async def test_a_table_in_its_home_region_alone_needs_none() -> None:
    client = FakeDynamoDB("ACTIVE")
    await replicas.complete(cast(Any, client), "t", ["eu-west-1"], no_other)
    assert client.updates == []


async def test_a_replica_that_is_there_follows_the_indexes_of_its_table() -> None:
    definitions = [{"AttributeName": "status", "AttributeType": "S"}]
    home = FakeDynamoDB(
        "ACTIVE",
        Replicas=[{"RegionName": "ap-southeast-2"}],
        GlobalSecondaryIndexes=[index("byStatus", IndexArn="home")],
        AttributeDefinitions=definitions,
    )
    sydney = FakeDynamoDB("ACTIVE", GlobalSecondaryIndexes=[index("old")])
    regions = ["eu-west-1", "ap-southeast-2", "us-east-1"]
    others: dict[str, Any] = {"ap-southeast-2": sydney}
    await replicas.complete(cast(Any, home), "t", regions, others.__getitem__)
    assert home.updates == [added("us-east-1")]
    assert sydney.updates == [
        {
            "TableName": "t",
            "AttributeDefinitions": definitions,
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

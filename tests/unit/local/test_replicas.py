from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from local import replicas

ABSENT = "ABSENT"


class MissingError(Exception):
    """ResourceNotFoundException."""


class FakeDynamoDB:
    """A table that goes through some states, one at each look, and takes replicas once ACTIVE."""

    meta = SimpleNamespace(region_name="eu-west-1")
    exceptions = SimpleNamespace(ResourceNotFoundException=MissingError)

    def __init__(self, *states: str) -> None:
        self._states = list(states)
        self.updates: list[dict[str, Any]] = []

    def describe_table(self, **_: str) -> dict[str, Any]:
        state = self._states.pop(0)
        if state == ABSENT:
            raise MissingError
        return {"Table": {"TableStatus": state}}

    def update_table(self, **arguments: Any) -> None:
        assert not self._states
        self.updates.append(arguments)


def added(region: str) -> dict[str, Any]:
    return {"TableName": "t", "ReplicaUpdates": [{"Create": {"RegionName": region}}]}


async def test_replicas_are_made_once_the_table_is_there_one_at_a_time() -> None:
    client = FakeDynamoDB(ABSENT, "CREATING", "ACTIVE")
    regions = ["eu-west-1", "us-east-1", "ap-southeast-2"]
    await replicas.create(cast(Any, client), "t", regions)
    assert client.updates == [added("us-east-1"), added("ap-southeast-2")]


async def test_a_table_in_its_home_region_alone_needs_none() -> None:
    client = FakeDynamoDB("ACTIVE")
    await replicas.create(cast(Any, client), "t", ["eu-west-1"])
    assert client.updates == []

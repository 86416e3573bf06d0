"""The replicas of a global table, which the engine does not make for CloudFormation.

An index that is added later stays in the owner's Region there, too. Replicas are made as soon as
the owner's table exists: stacks of other Regions that are deployed at the same time wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from localaws.json_value import Json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import GlobalSecondaryIndexUpdateTypeDef

_POLL_S = 0.1

# The parts of an index's description that a new index is created from.
_OF_AN_INDEX = ("IndexName", "KeySchema", "Projection")

# A table as DynamoDB describes it, and UpdateTable's arguments.


async def complete(
    home: DynamoDBClient,
    table: str,
    regions: Sequence[str],
    client: Callable[[str], DynamoDBClient],
) -> None:
    """Wait until the table is ACTIVE, and have a replica like it in each of the other Regions.

    Args:
        home: a client of the owner's Region.
        regions: every Region that is to have a replica, the owner's included.
        client: one of another Region.
    """
    while (described := await asyncio.to_thread(_described, home, table)) is None:
        await asyncio.sleep(_POLL_S)
    there = {replica["RegionName"] for replica in described.get("Replicas", [])}
    for region in regions:
        if region in there:
            await asyncio.to_thread(_follow_indexes, client(region), table, described)
        elif region != home.meta.region_name:
            await asyncio.to_thread(
                home.update_table,
                TableName=table,
                ReplicaUpdates=[{"Create": {"RegionName": region}}],
            )


def _described(client: DynamoDBClient, table: str) -> Json | None:
    """The table, once it is ACTIVE."""
    try:
        described = client.describe_table(TableName=table)["Table"]
    except client.exceptions.ResourceNotFoundException:
        return None
    return dict(described) if described["TableStatus"] == "ACTIVE" else None


def _follow_indexes(client: DynamoDBClient, table: str, home: Json) -> None:
    replica = dict(client.describe_table(TableName=table)["Table"])
    for update in index_updates(home, replica):
        client.update_table(
            TableName=table,
            AttributeDefinitions=home["AttributeDefinitions"],
            GlobalSecondaryIndexUpdates=[update],
        )


def index_updates(home: Json, replica: Json) -> Iterator[GlobalSecondaryIndexUpdateTypeDef]:
    """The updates that give a replica its table's indexes, one at a time, as DynamoDB requires."""
    wanted, there = _indexes(home), _indexes(replica)
    for name in there:
        if wanted.get(name) != there[name]:
            yield {"Delete": {"IndexName": name}}
    for name, index in wanted.items():
        if there.get(name) != index:
            yield {"Create": index}


def _indexes(table: Json) -> dict[str, Any]:
    """Indexes by name, without what differs between Regions."""
    indexes = table.get("GlobalSecondaryIndexes", [])
    return {each["IndexName"]: {name: each[name] for name in _OF_AN_INDEX} for each in indexes}

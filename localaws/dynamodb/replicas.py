"""The replicas of a global table, which the engine does not make for CloudFormation.

Each is a table of its own to the engine, since it would copy what is written to replicas that it
knows of inside the writing request. An index that is added later stays in the owner's Region there,
too. Replicas are made as soon as the owner's table exists: stacks of other Regions that are
deployed at the same time wait for them.
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
    for region in regions:
        if region == home.meta.region_name:
            continue
        replica = await asyncio.to_thread(_described, client(region), table)
        if replica is None:
            await asyncio.to_thread(client(region).create_table, **replica_of(described))
        else:
            await asyncio.to_thread(_follow_indexes, client(region), described, replica)


def replica_of(home: Json) -> Any:
    """The arguments that create a table like the one described, with a stream of both images."""
    indexes = [*_indexes(home).values()]
    return {
        "TableName": home["TableName"],
        "KeySchema": home["KeySchema"],
        "AttributeDefinitions": home["AttributeDefinitions"],
        "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
    }


def _described(client: DynamoDBClient, table: str) -> Json | None:
    """The table, once it is ACTIVE."""
    try:
        described = client.describe_table(TableName=table)["Table"]
    except client.exceptions.ResourceNotFoundException:
        return None
    return dict(described) if described["TableStatus"] == "ACTIVE" else None


def _follow_indexes(client: DynamoDBClient, home: Json, replica: Json) -> None:
    for update in index_updates(home, replica):
        client.update_table(
            TableName=home["TableName"],
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

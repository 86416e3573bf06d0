"""The replicas of a global table, which the engine leaves out when CloudFormation asks for them.

They are made as soon as the owner's table is there: until then the other Regions' stacks, deployed
at the same time, wait for theirs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_POLL_S = 0.1


async def create(home: DynamoDBClient, table: str, regions: Sequence[str]) -> None:
    """Wait until the table is ACTIVE, and give it a replica in each of the other Regions.

    Args:
        home: a client of the owner's Region.
        regions: every Region that is to have a replica, the owner's included.
    """
    while not await asyncio.to_thread(_is_active, home, table):
        await asyncio.sleep(_POLL_S)
    for region in regions:
        if region != home.meta.region_name:
            await asyncio.to_thread(
                home.update_table,
                TableName=table,
                ReplicaUpdates=[{"Create": {"RegionName": region}}],
            )


def _is_active(client: DynamoDBClient, table: str) -> bool:
    try:
        status = client.describe_table(TableName=table)["Table"]["TableStatus"]
    except client.exceptions.ResourceNotFoundException:
        return False
    return status == "ACTIVE"

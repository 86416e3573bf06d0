"""Time to live: items whose time has come are deleted, and every stream has the deletion.

The engine is not told of it, since what its own reaper removes is in no stream. A deletion of these
is in each, but its record does not say, as AWS's does, that it was the service's.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# AWS takes up to days; here somebody waits for it.
_PAUSE_S = 2.0
# What is older is left alone.
_FIVE_YEARS_S = 5 * 365 * 24 * 3600

# Only a Number is a time: any other type fails the comparison with numbers.
_DUE = "#time BETWEEN :oldest AND :now"


@dataclass(frozen=True)
class ExpiringTable:
    """A table with a time to live.

    Args:
        attribute: holds the time, in seconds since 1970.
        key: the names of the key's attributes.
    """

    name: str
    attribute: str
    key: tuple[str, ...]


async def expire(
    home: DynamoDBClient,
    tables: Callable[[], Sequence[ExpiringTable]],
    *,
    pause_s: float = _PAUSE_S,
) -> None:
    """Delete what is due, again and again, until cancelled.

    Args:
        home: a client of one Region that has a replica of each table: the engine tells the others.
        tables: those that there are now.
    """
    while True:
        if there := tables():
            await asyncio.to_thread(delete_due, home, there, int(time.time()))
        await asyncio.sleep(pause_s)


def delete_due(home: DynamoDBClient, tables: Iterable[ExpiringTable], now: int) -> None:
    """Delete the items whose time has come, `now` being in seconds since 1970."""
    for table in tables:
        due: dict[str, Any] = {
            "TableName": table.name,
            "ExpressionAttributeNames": {"#time": table.attribute},
            "ExpressionAttributeValues": {
                ":oldest": {"N": str(now - _FIVE_YEARS_S)},
                ":now": {"N": str(now)},
            },
        }
        for item in _scanned(home, due):
            _delete(home, {name: item[name] for name in table.key}, due)


def _scanned(home: DynamoDBClient, due: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for page in home.get_paginator("scan").paginate(**due, FilterExpression=_DUE):
        yield from page["Items"]


def _delete(home: DynamoDBClient, key: Mapping[str, Any], due: Mapping[str, Any]) -> None:
    try:
        home.delete_item(**due, Key=key, ConditionExpression=_DUE)
    except home.exceptions.ConditionalCheckFailedException:
        return  # its time was put off in between

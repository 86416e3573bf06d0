"""Time to live: deletes items whose time has come, so that every stream has the deletion.

The engine's own time to live stays off, since its deletions appear in no stream. These appear in
every stream, but their records do not say, as AWS's do, that the service deleted the item.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localaws.dynamodb.writes import Tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# AWS takes up to some days; here somebody is waiting.
_PAUSE_S = 2.0
# DynamoDB ignores times that are further in the past.
_FIVE_YEARS_S = 5 * 365 * 24 * 3600

# Only a Number counts as a time: a value of any other type does not compare with numbers.
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
    written: Callable[[Tables], None],
    *,
    pause_s: float = _PAUSE_S,
) -> None:
    """Delete items that are due, until cancelled.

    Args:
        home: a client of one Region with a replica of each table: the engine updates the rest.
        tables: the current tables.
        written: called with those of which something was deleted.
    """
    while True:
        there, deleted = tables(), set[str]()
        if there:
            deleted = await asyncio.to_thread(delete_due, home, there, int(time.time()))
        if deleted:
            written(frozenset(deleted))
        await asyncio.sleep(pause_s)


def delete_due(home: DynamoDBClient, tables: Iterable[ExpiringTable], now: int) -> set[str]:
    """Delete the items whose time has come, `now` being in seconds since 1970.

    Returns the names of the tables that had any.
    """
    written = set[str]()
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
            written.add(table.name)
    return written


def _scanned(home: DynamoDBClient, due: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for page in home.get_paginator("scan").paginate(**due, FilterExpression=_DUE):
        yield from page["Items"]


def _delete(home: DynamoDBClient, key: Mapping[str, Any], due: Mapping[str, Any]) -> None:
    try:
        home.delete_item(**due, Key=key, ConditionExpression=_DUE)
    except home.exceptions.ConditionalCheckFailedException:
        return  # its time was extended in the meantime

"""A table of DynamoDB, as a backfill reads and writes it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import ClientError

from antipode_tools.operate.backfill.ports import (
    Expected,
    Item,
    Key,
    Outcome,
    Page,
    T,
    ThrottledError,
)
from antipode_tools.operate.stacks.errors import OperationError, UsageError
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# How many calls there are at once.
LANES = 32
# A throttled call is told of at once, so that the pace goes by it; others are made once more.
CLIENT = Config(retries={"mode": "standard", "total_max_attempts": 2}, max_pool_connections=LANES)

_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
}
# What DynamoDB gives at once.
_MOST_FOUND = 100
_PAUSE_S = 0.1


@dataclass(frozen=True)
class Facts:
    """What DynamoDB tells of a table.

    Args:
        id: the same for one table alone, also if another gets its name.
        key: the key's attributes and their types, the partition key first.
        items: as counted within the last six hours; size, in bytes, likewise.
        regions: those that have a replica, this one first.
    """

    id: str
    key: Mapping[str, str]
    items: int
    size: int
    regions: Sequence[str]


def look(client: DynamoDBClient, name: str, region: str) -> Facts:
    """What there is to know of a table.

    Raises:
        UsageError: there is none.
        OperationError: AWS does not tell.
    """
    with translated(f"cannot look at table {name} in {region}"):
        try:
            table = client.describe_table(TableName=name)["Table"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            raise UsageError(
                f"there is no table {name} in {region}: aws dynamodb list-tables --region {region}"
                " names those there are"
            ) from error
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    replicas = sorted({each["RegionName"] for each in table.get("Replicas", [])} - {region})
    return Facts(
        id=f"{table['TableArn']} {table.get('TableId', '')} {table.get('CreationDateTime', '')}",
        key={each["AttributeName"]: types[each["AttributeName"]] for each in table["KeySchema"]},
        items=table.get("ItemCount", 0),
        size=table.get("TableSizeBytes", 0),
        regions=[region, *replicas],
    )


@dataclass(frozen=True)
class DynamoDBTable:
    """A table in one Region.

    Args:
        key: the names of its key's attributes.
        sleep: between two questions for items that DynamoDB did not give at once.
    """

    client: DynamoDBClient
    name: str
    region: str
    key: Sequence[str]
    sleep: Callable[[float], None] = time.sleep

    def page(self, segment: int, of: int, after: Key | None, most: int) -> Page:
        """A page of a parallel scan, consistent: what was written before is in it."""
        asked: dict[str, Any] = {"ExclusiveStartKey": after} if after else {}
        with self._asking("read"):
            found = self.client.scan(
                TableName=self.name,
                Segment=segment,
                TotalSegments=of,
                Limit=most,
                ConsistentRead=True,
                **asked,
            )
        return Page(found["Items"], found.get("LastEvaluatedKey"))

    def find(self, keys: Sequence[Key]) -> Sequence[Item]:
        """The items of these keys, read consistently."""
        found: list[Item] = []
        for start in range(0, len(keys), _MOST_FOUND):
            waiting = list(keys[start : start + _MOST_FOUND])
            while waiting:
                asked: Any = {self.name: {"Keys": waiting, "ConsistentRead": True}}
                with self._asking("read"):
                    answer = self.client.batch_get_item(RequestItems=asked)
                found += answer["Responses"].get(self.name, [])
                left: Any = answer.get("UnprocessedKeys", {})
                waiting = left.get(self.name, {}).get("Keys", [])
                if waiting:
                    self.sleep(_PAUSE_S)
        return found

    def put(self, item: Item, expected: Expected) -> Outcome:
        """Writes the whole item."""
        return self._write(
            lambda asked: self.client.put_item(TableName=self.name, Item=dict(item), **asked),
            expected,
        )

    def remove(self, key: Key, expected: Expected) -> Outcome:
        """Deletes the item."""
        return self._write(
            lambda asked: self.client.delete_item(TableName=self.name, Key=dict(key), **asked),
            expected,
        )

    def _write(self, write: Callable[[Mapping[str, Any]], object], expected: Expected) -> Outcome:
        try:
            with self._asking("write to"):
                write(condition(self.key[0], expected))
        except _ConditionError:
            return Outcome.OTHERWISE
        except ThrottledError:
            return Outcome.THROTTLED
        return Outcome.DONE

    @contextmanager
    def _asking(self, doing: str) -> Iterator[None]:
        try:
            with translated(f"cannot {doing} table {self.name} in {self.region}"):
                yield
        except OperationError as error:
            cause = error.__cause__
            code = cause.response["Error"]["Code"] if isinstance(cause, ClientError) else ""
            if code == "ConditionalCheckFailedException":
                raise _ConditionError from error
            if code in _THROTTLED:
                raise ThrottledError(str(error)) from error
            raise


class _ConditionError(Exception):
    """The target holds something else than was expected."""


def condition(partition: str, expected: Expected) -> dict[str, Any]:
    """The arguments that make a write conditional."""
    if expected.attributes is None:
        return {
            "ConditionExpression": "attribute_not_exists(#k)",
            "ExpressionAttributeNames": {"#k": partition},
        }
    parts, names, values = ["attribute_exists(#k)"], {"#k": partition}, {}
    for number, (name, value) in enumerate(expected.attributes.items()):
        names[f"#a{number}"] = name
        if value is None:
            parts.append(f"attribute_not_exists(#a{number})")
        else:
            parts.append(f"#a{number} = :a{number}")
            values[f":a{number}"] = value
    arguments: dict[str, Any] = {
        "ConditionExpression": " AND ".join(parts),
        "ExpressionAttributeNames": names,
    }
    return arguments | ({"ExpressionAttributeValues": values} if values else {})


@dataclass(frozen=True)
class Lanes:
    """Calls at once, in threads. Clients of boto3 may be shared by threads."""

    pool: ThreadPoolExecutor

    def __call__(self, calls: Sequence[Callable[[], T]], /) -> Sequence[T]:
        """What each returned, once all have ended."""
        running = [self.pool.submit(call) for call in calls]
        return [each.result() for each in running]

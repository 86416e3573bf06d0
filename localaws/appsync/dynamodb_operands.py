"""The operands of an update's arithmetic, looked up in the stored item.

DynamoDB refuses operands that are not numbers, where an engine may keep a list as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from localaws.appsync.dynamodb_expressions import ExpressionRefused
from localaws.appsync.dynamodb_updates import Path, operands, path, without_parentheses
from localaws.json_value import Json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# The first of these that exists: paths of the item, and a value.
Operand = Sequence[Path | Mapping[str, Json]]


def check_operands(client: DynamoDBClient, arguments: Json) -> None:
    """Raises ExpressionRefused if an operand of the update's arithmetic is not a number."""
    counted = counted_with(arguments)
    if not any(isinstance(each, tuple) for operand in counted for each in operand):
        return
    item = client.get_item(
        TableName=arguments["TableName"], Key=arguments["Key"], ConsistentRead=True
    ).get("Item", {})
    for operand in counted:
        if any("N" not in value for value in _existing(operand, item)[:1]):
            raise ExpressionRefused(
                "An operand in the update expression has an incorrect data type"
            )


def counted_with(arguments: Mapping[str, Json]) -> list[Operand]:
    """Every operand of an update's sums and differences."""
    names = arguments.get("ExpressionAttributeNames") or {}
    values = arguments.get("ExpressionAttributeValues") or {}
    sides = operands(arguments.get("UpdateExpression") or "")
    return [list(_alternatives(side, names, values)) for _, side in sides]


def _alternatives(
    side: Sequence[str], names: Mapping[str, str], values: Mapping[str, Json]
) -> Iterator[Path | Mapping[str, Json]]:
    side = without_parentheses(side)
    if side and side[0].lower() == "if_not_exists" and "," in side:
        comma = side.index(",")
        yield path(side[2:comma], names)
        yield from _alternatives(side[comma + 1 : -1], names, values)
    elif side and side[0][0] == ":":
        yield values.get(side[0], {"N": "0"})
    elif side and "(" not in side:
        yield path(side, names)


def _existing(operand: Operand, item: Mapping[str, Json]) -> list[Json]:
    found = (_at({"M": item}, each) if isinstance(each, tuple) else each for each in operand)
    return [value for value in found if value is not None]


def _at(value: Json, steps: Path) -> Json:
    for step in steps:
        if isinstance(step, int):
            members = value.get("L", [])
            value = members[step] if step < len(members) else None
        else:
            value = value.get("M", {}).get(step)
        if value is None:
            return None
    return value

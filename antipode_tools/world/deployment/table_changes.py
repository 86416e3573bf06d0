"""Refuses the changes that an update of a running world must not make to tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# A table's properties in a template, or as DynamoDB describes it.
Table = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """A table that exists.

    Args:
        owned: whether it belongs to the stack, and does not just exist in the engine.
    """

    table: Table
    owned: bool


def find(home: DynamoDBClient, names: Sequence[str], owned: Sequence[str]) -> dict[str, Found]:
    """The named tables that exist, by name."""
    found: dict[str, Found] = {}
    for name in names:
        try:
            table = home.describe_table(TableName=name)["Table"]
        except home.exceptions.ResourceNotFoundException:
            continue
        found[name] = Found(dict(table), name in owned)
    return found


def refusals(wanted: Mapping[str, Table], found: Mapping[str, Found]) -> list[str]:
    """Why AWS would refuse to change the existing tables to what is wanted.

    The engine would not refuse: it replaces an existing table with an empty one, and leaves the
    type of a key as it was.
    """
    return [
        reason for name, there in found.items() if (reason := _refusal(name, wanted[name], there))
    ]


def renamed(before: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """Why tables cannot be called otherwise than they are. CloudFormation would make others, and
    let go of these with their items.

    Args:
        before: by logical id, as is `wanted`.
    """
    return [
        f"the table {name} would be {wanted[id_]}, which is another one: its items stay where they "
        "are"
        for id_, name in before.items()
        if wanted.get(id_, name) != name
    ]


def _refusal(name: str, wanted: Table, found: Found) -> str | None:
    if not found.owned:
        return (
            f"the table {name} still exists from when its model was removed: a stack keeps such "
            "a table but cannot take it back"
        )
    before, after = (", ".join(key(table)) for table in (found.table, wanted))
    if before != after:
        return f"the table {name} has the key {before}, and a table's key cannot become {after}"
    return None


def key(table: Table) -> Iterator[str]:
    """Each part of a key with its type: `customer (S)`."""
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    for part in table["KeySchema"]:
        yield f"{part['AttributeName']} ({types[part['AttributeName']]})"

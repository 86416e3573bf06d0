"""The tables of a running world: what an update may not do to them, and what it did."""

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
    """A table that is there.

    Args:
        owned: whether the stack has it, and not only the engine.
    """

    table: Table
    owned: bool


def find(home: DynamoDBClient, names: Sequence[str], owned: Sequence[str]) -> dict[str, Found]:
    """Those of some tables that are there, by name."""
    found: dict[str, Found] = {}
    for name in names:
        try:
            table = home.describe_table(TableName=name)["Table"]
        except home.exceptions.ResourceNotFoundException:
            continue
        found[name] = Found(dict(table), name in owned)
    return found


def refusals(wanted: Mapping[str, Table], found: Mapping[str, Found]) -> list[str]:
    """Why AWS would not bring the tables that are there to what is wanted.

    The engine would: it puts an empty table in the place of one that is there, and leaves the type
    of a key as it was.
    """
    return [
        reason for name, there in found.items() if (reason := _refusal(name, wanted[name], there))
    ]


def _refusal(name: str, wanted: Table, found: Found) -> str | None:
    if not found.owned:
        return (
            f"the table {name} is there still, from when its model was last taken out: a stack "
            "keeps such a table and cannot take it back"
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

"""Which tables a call to DynamoDB writes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

# The names of some tables; None for any of a Region's, where a call does not say which.
Tables: TypeAlias = frozenset[str] | None

_OF_ONE = frozenset({"DeleteItem", "DeleteTable", "PutItem", "UpdateItem"})
_OF_STATEMENTS = frozenset({"BatchExecuteStatement", "ExecuteStatement", "ExecuteTransaction"})


def tables_written(operation: str, asked: Mapping[str, Any]) -> Tables:
    """The tables that an operation writes to, if it does what it is asked; none if it reads.

    Args:
        asked: its arguments, as its API names them.
    """
    match operation, asked:
        case "BatchWriteItem", {"RequestItems": dict(requests)}:
            return frozenset(map(_name, requests))
        case "TransactWriteItems", {"TransactItems": list(parts)}:
            return frozenset(_name(each["TableName"]) for part in parts for each in part.values())
        case _, {"TableName": str(table)} if operation in _OF_ONE:
            return frozenset({_name(table)})
        case _ if operation in _OF_STATEMENTS:
            return None
    return frozenset()


def _name(table: str) -> str:
    """A table's name, where its ARN may stand for it."""
    return table.rpartition("/")[2]

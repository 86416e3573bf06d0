from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from antipode_tools.world.deployment.table_changes import Found, find, refusals, renamed


class MissingError(Exception):
    """ResourceNotFoundException."""


class FakeDynamoDB:
    """Has some tables, by name."""

    exceptions = SimpleNamespace(ResourceNotFoundException=MissingError)

    def __init__(self, tables: dict[str, Any]) -> None:
        self._tables = tables

    def describe_table(self, TableName: str) -> dict[str, Any]:
        if TableName not in self._tables:
            raise MissingError
        return {"Table": self._tables[TableName]}


def table(*key: str, indexed: str = "") -> dict[str, Any]:
    """One with this key: `table("customer S", "number N")`."""
    parts = [part.split() for part in key]
    others = [(indexed, "S")] if indexed else []
    return {
        "KeySchema": [{"AttributeName": name, "KeyType": "?"} for name, _ in parts],
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in [*others, *parts]
        ],
    }


def test_tables_are_found_with_whether_the_stack_has_them() -> None:
    todo, order = table("id S"), table("customer S")
    home = FakeDynamoDB({"Todo": todo, "Order": order, "Other": table("id S")})
    assert find(cast("Any", home), ["Todo", "Order", "New"], ["Todo", "role"]) == {
        "Todo": Found(todo, owned=True),
        "Order": Found(order, owned=False),
    }


def test_a_table_with_the_key_that_it_has_may_stay_whatever_else_it_gains() -> None:
    there = {"Todo": Found(table("id S"), owned=True)}
    assert refusals({"Todo": table("id S", indexed="status"), "New": table("id S")}, there) == []


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (table("id N"), "id (N)"),
        (table("name S"), "name (S)"),
        (table("id S", "at N"), "id (S), at (N)"),
    ],
)
def test_a_table_cannot_have_another_key(wanted: dict[str, Any], shown: str) -> None:
    assert refusals({"Todo": wanted}, {"Todo": Found(table("id S"), owned=True)}) == [
        f"the table Todo has the key id (S), and a table's key cannot become {shown}"
    ]


def test_a_table_that_its_stack_let_go_is_not_overwritten() -> None:
    assert refusals({"Todo": table("id S")}, {"Todo": Found(table("id S"), owned=False)}) == [
        "the table Todo still exists from when its model was removed: a stack keeps such "
        "a table but cannot take it back"
    ]


def test_a_table_that_is_called_otherwise_is_another_one() -> None:
    before = {"TodoTable": "antipode-Todo", "NoteTable": "notes", "GoneTable": "gone"}
    wanted = {"TodoTable": "Todo-abc123-prod", "NoteTable": "notes", "NewTable": "new"}
    assert renamed(before, wanted) == [
        "the table antipode-Todo would be Todo-abc123-prod, which is another one: its items stay "
        "where they are"
    ]
    assert renamed(before, before) == []

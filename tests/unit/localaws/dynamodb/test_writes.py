from __future__ import annotations

from typing import Any

import pytest

from localaws.dynamodb.writes import Tables, tables_written

ARN = "arn:aws:dynamodb:eu-west-1:000000000000:table/Items"
ITEMS = frozenset({"Items"})


@pytest.mark.parametrize(
    ("operation", "asked", "tables"),
    [
        ("PutItem", {"TableName": "Items", "Item": {}}, ITEMS),
        ("UpdateItem", {"TableName": ARN, "Key": {}}, ITEMS),
        ("DeleteItem", {"TableName": "Items", "Key": {}}, ITEMS),
        ("DeleteTable", {"TableName": "Items"}, ITEMS),
        ("BatchWriteItem", {"RequestItems": {"Items": [], "Orders": []}}, ITEMS | {"Orders"}),
        (
            "TransactWriteItems",
            {
                "TransactItems": [
                    {"Put": {"TableName": "Items"}},
                    {"ConditionCheck": {"TableName": "Orders"}},
                    {"Delete": {"TableName": ARN}},
                ]
            },
            ITEMS | {"Orders"},
        ),
        ("ExecuteStatement", {"Statement": "DELETE FROM Items WHERE id = '1'"}, None),
        ("BatchExecuteStatement", {"Statements": []}, None),
        ("ExecuteTransaction", {"TransactStatements": []}, None),
        ("GetItem", {"TableName": "Items", "Key": {}}, frozenset()),
        ("Query", {"TableName": "Items"}, frozenset()),
        ("BatchGetItem", {"RequestItems": {"Items": {}}}, frozenset()),
        ("PutItem", {}, frozenset()),
    ],
)
def test_a_call_that_writes_tells_where(
    operation: str, asked: dict[str, Any], tables: Tables
) -> None:
    assert tables_written(operation, asked) == tables

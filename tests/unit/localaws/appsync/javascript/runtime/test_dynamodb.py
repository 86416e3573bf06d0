"""Requests of @aws-appsync/utils/dynamodb, as EvaluateCode has been seen to render them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Json

Value = Callable[..., Json]

KEY = {"id": {"S": "test"}}
EXISTS = {"expression": "(attribute_exists(#id))", "expressionNames": {"#id": "id"}}


def request(operation: str, **rest: Json) -> Json:
    return {"operation": operation, **rest}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('get({ key: { id: "test" } })', request("GetItem", key=KEY)),
        (
            'get({ key: { id: "test" }, consistentRead: true, projection: ["a", "b.c", "a.c"] })',
            request(
                "GetItem",
                key=KEY,
                consistentRead=True,
                projection={
                    "expression": "#expName_1, #expName_2.#expName_3, #expName_1.#expName_3",
                    "expressionNames": {"#expName_1": "a", "#expName_2": "b", "#expName_3": "c"},
                },
            ),
        ),
        (
            'put({ key: { id: "test" }, item: { value: 10 } })',
            request("PutItem", key=KEY, attributeValues={"value": {"N": 10}}),
        ),
        (
            'put({ key: { id: "test" }, item: {}, condition: { id: { attributeExists: true } },'
            ' _version: 3, customPartitionKey: "pk", populateIndexFields: true })',
            request(
                "PutItem",
                key=KEY,
                attributeValues={},
                condition=EXISTS,
                _version=3,
                customPartitionKey="pk",
                populateIndexFields=True,
            ),
        ),
        ('remove({ key: { id: "test" } })', request("DeleteItem", key=KEY)),
        (
            'remove({ key: { id: "test" }, condition: { id: { attributeExists: true } } })',
            request("DeleteItem", key=KEY, condition=EXISTS),
        ),
        ('scan({ limit: 10, nextToken: "abc" })', request("Scan", limit=10, nextToken="abc")),
        ("scan({ limit: 10, nextToken: null, filter: null })", request("Scan", limit=10)),
        (
            "scan({ filter: { n: { gt: 1 } }, totalSegments: 2, segment: 0, index: 'i' })",
            request(
                "Scan",
                totalSegments=2,
                segment=0,
                index="i",
                filter={
                    "expression": "(#n > :n_gt)",
                    "expressionNames": {"#n": "n"},
                    "expressionValues": {":n_gt": {"N": 1}},
                },
            ),
        ),
        (
            "query({ query: { id: { eq: 'a' } }, scanIndexForward: false, projection: ['id'] })",
            request(
                "Query",
                query={
                    "expression": "(#id = :id_eq)",
                    "expressionNames": {"#id": "id"},
                    "expressionValues": {":id_eq": {"S": "a"}},
                },
                scanIndexForward=False,
                projection={"expression": "#expName_1", "expressionNames": {"#expName_1": "id"}},
            ),
        ),
        (
            "sync({ limit: 10, nextToken: 'abc', lastSync: 1 })",
            request("Sync", limit=10, nextToken="abc", lastSync=1),
        ),
        (
            "batchGet({ tables: { t: { keys: [{ id: 'test' }], consistentRead: true } } })",
            request("BatchGetItem", tables={"t": {"keys": [KEY], "consistentRead": True}}),
        ),
        (
            "batchPut({ tables: { t: [{ id: 'test' }] } })",
            request("BatchPutItem", tables={"t": [KEY]}),
        ),
        (
            "batchDelete({ tables: { t: [{ id: 'test' }] } })",
            request("BatchDeleteItem", tables={"t": [KEY]}),
        ),
        (
            "transactGet({ items: [{ table: 't', key: { id: 'test' } }] })",
            request("TransactGetItems", transactItems=[{"table": "t", "key": KEY}]),
        ),
        (
            "transactWrite({ items: ["
            "{ putItem: { table: 't', key: { id: 'test' }, item: { a: 1 } } },"
            "{ updateItem: { table: 't', key: { id: 'test' }, update: { a: 1 } } },"
            "{ deleteItem: { table: 't', key: { id: 'test' } } },"
            "{ conditionCheck: { table: 't', key: { id: 'test' },"
            " condition: { id: { attributeExists: true } } } }] })",
            request(
                "TransactWriteItems",
                transactItems=[
                    {
                        "table": "t",
                        "operation": "PutItem",
                        "key": KEY,
                        "attributeValues": {"a": {"N": 1}},
                    },
                    {
                        "table": "t",
                        "operation": "UpdateItem",
                        "key": KEY,
                        "update": {
                            "expression": "SET #expName_1 = :expValue_1",
                            "expressionNames": {"#expName_1": "a"},
                            "expressionValues": {":expValue_1": {"N": 1}},
                        },
                    },
                    {"table": "t", "operation": "DeleteItem", "key": KEY},
                    {"table": "t", "operation": "ConditionCheck", "key": KEY, "condition": EXISTS},
                ],
            ),
        ),
        ("toStringSet(['a'])", {"SS": ["a"]}),
        ("toNumberSet([1])", {"NS": [1]}),
        ("toBinarySet(['YQ=='])", {"BS": ["YQ=="]}),
    ],
)
def test_a_request_is_rendered(value: Value, call: str, expected: Json) -> None:
    assert value(f"ddb.{call}") == expected


@pytest.mark.parametrize(
    ("update", "expression", "names", "values"),
    [
        ("{ a: ddb.operations.add(10) }", "SET #1 = :1", "a", [{"N": 10}]),
        ("{ a: ddb.operations.replace({ b: 1 }) }", "SET #1 = :1", "a", [{"M": {"b": {"N": 1}}}]),
        ("{ a: ddb.operations.increment(10) }", "SET #1 = #1 + :1", "a", [{"N": 10}]),
        ("{ a: ddb.operations.increment() }", "SET #1 = #1 + :1", "a", [{"N": 1}]),
        ("{ a: ddb.operations.decrement(10) }", "SET #1 = #1 - :1", "a", [{"N": 10}]),
        (
            "{ a: ddb.operations.append([1]) }",
            "SET #1 = list_append(#1, :1)",
            "a",
            [{"L": [{"N": 1}]}],
        ),
        (
            "{ a: ddb.operations.prepend([1]) }",
            "SET #1 = list_append(:1, #1)",
            "a",
            [{"L": [{"N": 1}]}],
        ),
        (
            "{ a: [ddb.operations.updateListItem('x', 1), ddb.operations.updateListItem('y', 2)] }",
            "SET #1[1] = :1, #1[2] = :2",
            "a",
            [{"S": "x"}, {"S": "y"}],
        ),
        ("{ a: ddb.operations.remove() }", "REMOVE #1", "a", []),
        (
            "{ a: ddb.operations.remove(), b: 1, c: null }",
            "SET #1 = :1, #2 = :2 REMOVE #3",
            "b c a",
            [{"N": 1}, {"NULL": None}],
        ),
        ("{ a: [1, 2] }", "SET #1 = :1", "a", [{"L": [{"N": 1}, {"N": 2}]}]),
        (
            "{ a: { b: 1, c: { d: ddb.operations.remove() } } }",
            "SET #1.#2 = :1 REMOVE #1.#3.#4",
            "a b c d",
            [{"N": 1}],
        ),
        ("{ 'a.b': 1 }", "SET #1 = :1", "a.b", [{"N": 1}]),
    ],
)
def test_an_update_is_rendered(
    value: Value, update: str, expression: str, names: str, values: list[Json]
) -> None:
    rendered = value(f"ddb.update({{ key: {{ id: 'test' }}, update: {update} }})")

    assert rendered == request(
        "UpdateItem",
        key=KEY,
        update={
            "expression": expression.replace("#", "#expName_").replace(":", ":expValue_"),
            "expressionNames": {
                f"#expName_{number}": name for number, name in enumerate(names.split(), 1)
            },
            "expressionValues": {
                f":expValue_{number}": value for number, value in enumerate(values, 1)
            },
        },
    )


def test_operations_are_plain_objects(value: Value) -> None:
    assert value("[ddb.operations.add(10), ddb.operations.increment(10)]") == [
        {"type": "OPERATION_ADD", "value": 10},
        {"type": "OPERATION_INCREMENT", "by": 10},
    ]

"""Requests to DynamoDB: which members an operation has, and what is said of the others."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync.answers import InvalidRequest
from localaws.appsync.dynamodb_requests import OPERATIONS, check_request
from localaws.appsync.ports import Json

KEY = {"id": {"S": "1"}}
PROJECTION = {"expression": "#n", "expressionNames": {"#n": "n"}}
EXPRESSION = {**PROJECTION, "expressionValues": {":n": {"N": 1}}}
CONDITION = {**EXPRESSION, "equalsIgnore": ["n"], "consistentRead": True}
CHECK = {**EXPRESSION, "returnValuesOnConditionCheckFailure": False}
PAGE = {
    "index": "by",
    "limit": 1,
    "nextToken": "t",
    "consistentRead": False,
    "scanIndexForward": True,
    "select": "COUNT",
    "filter": EXPRESSION,
    "projection": PROJECTION,
}

# A request for each operation with all the members that it knows.
WHOLE: dict[str, Json] = {
    "GetItem": {"key": KEY, "consistentRead": True, "projection": PROJECTION},
    "PutItem": {"key": KEY, "attributeValues": {"n": {"N": 1}}, "condition": CONDITION},
    "UpdateItem": {"key": KEY, "update": EXPRESSION, "condition": CONDITION},
    "DeleteItem": {"key": KEY, "condition": CONDITION},
    "Query": {"query": EXPRESSION, **PAGE},
    "Scan": {**PAGE, "segment": 0, "totalSegments": 2},
    "BatchGetItem": {
        "tables": {"t": {"keys": [KEY], "consistentRead": True, "projection": PROJECTION}}
    },
    "BatchPutItem": {"tables": {"t": [KEY]}},
    "BatchDeleteItem": {"tables": {"t": [KEY]}},
    "TransactGetItems": {"transactItems": [{"table": "t", "key": KEY, "projection": PROJECTION}]},
    "TransactWriteItems": {
        "transactItems": [
            {"operation": "PutItem", "table": "t", "key": KEY, "attributeValues": KEY},
            {"operation": "UpdateItem", "table": "t", "key": KEY, "update": EXPRESSION},
            {"operation": "DeleteItem", "table": "t", "key": KEY, "condition": CHECK},
            {"operation": "ConditionCheck", "table": "t", "key": KEY, "condition": CHECK},
        ]
    },
}


def whole(operation: str) -> Json:
    return {"version": "2018-05-29", "operation": operation, **copy.deepcopy(WHOLE[operation])}


def refusal(request: Json) -> str:
    with pytest.raises(InvalidRequest) as refused:
        check_request(request)
    return str(refused.value)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_takes_its_members_and_no_others(operation: str) -> None:
    check_request(whole(operation))
    assert refusal({**whole(operation), "wrong": 1}) == "Unsupported element '$[wrong]'."


@pytest.mark.parametrize(
    ("operation", "member", "message"),
    [
        ("PutItem", "item", "Unsupported element '$[item]'."),
        ("UpdateItem", "returnValues", "Unsupported element '$[returnValues]'."),
        ("PutItem", "_version", "Unsupported element '$[_version]'."),
        ("PutItem", "customPartitionKey", "Unsupported element '$[customPartitionKey]'."),
        ("GetItem", "limit", "Unsupported element '$[limit]'."),
        ("Query", "segment", "Unsupported element '$[segment]'."),
    ],
)
def test_a_member_of_another_operation_is_refused(
    operation: str, member: str, message: str
) -> None:
    assert refusal({**whole(operation), member: 1}) == message


@pytest.mark.parametrize(
    ("operation", "changes", "message"),
    [
        ("UpdateItem", {"condition": CHECK},
         "Unsupported element '$[condition][returnValuesOnConditionCheckFailure]'."),
        ("GetItem", {"projection": EXPRESSION},
         "Unsupported element '$[projection][expressionValues]'."),
        ("BatchGetItem", {"tables": {"t": {"keys": [], "limit": 1}}},
         "Unsupported element '$[tables][t][limit]'."),
        ("TransactWriteItems",
         {"transactItems": [{"operation": "ConditionCheck", "table": "t", "key": KEY}]},
         "Value for field '$[transactItems][0][condition]' not found."),
        ("TransactWriteItems", {"transactItems": [{"operation": "Get"}]},
         "Unsupported operation 'Get'."),
        ("TransactWriteItems", {"transactItems": [{"table": "t"}]},
         "Value for field '$[transactItems][0][operation]' not found."),
        ("PutItem", {"key": None}, "Value for field '$[key]' not found."),
        ("PutItem", {"key": "1"}, "Value for field '$[key]' must be a map"),
        ("PutItem", {"key": {"id": "1"}},
         "Value for field '$[key][id]' must be a typed value such as {\"S\": \"text\"}"),
        ("PutItem", {"attributeValues": {"n": {"S": 1}}},
         "Value for field '$[attributeValues][n]' must be a value of type S"),
        ("Query", {"limit": "1"}, "Value for field '$[limit]' must be a number"),
        ("Query", {"consistentRead": 1}, "Value for field '$[consistentRead]' must be a boolean"),
        ("Query", {"query": {}}, "Value for field '$[query][expression]' not found."),
        ("BatchPutItem", {"tables": {"t": KEY}}, "Value for field '$[tables][t]' must be a list"),
    ],
)  # fmt: skip
def test_what_is_wrong_within_a_member_is_named_by_its_place(
    operation: str, changes: Json, message: str
) -> None:
    assert refusal({**whole(operation), **changes}) == message


@pytest.mark.parametrize("request_", [{}, {"payload": 1}, {"operation": None, "key": KEY}])
def test_a_request_without_an_operation_is_refused(request_: Json) -> None:
    assert refusal(request_) == "Value for field '$[operation]' not found."


def test_a_null_member_counts_as_left_out() -> None:
    check_request({**whole("Query"), "filter": None, "nextToken": None})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["S", "N", "M", "L", "expression", "x"]), inner, max_size=2
        )
    ),
    max_leaves=4,
)


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_whatever_stands_in_a_member_is_taken_or_refused(
    operation: str, data: st.DataObject
) -> None:
    member = data.draw(st.sampled_from(sorted(WHOLE[operation])))
    request = {**whole(operation), member: data.draw(ANYTHING)}
    said = ""
    try:
        check_request(request)
    except InvalidRequest as refused:
        said = str(refused)
    assert said == "" or said.startswith(("Unsupported ", "Value for field '$["))

"""A DynamoDB data source, on moto's tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config

from localaws.appsync.answers import Answer, InvalidRequest, SourceError
from localaws.appsync.dynamodb_source import call
from localaws.appsync.ports import Json
from tests.moto_dynamodb import dynamodb_client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLE, OTHER = "items", "others"


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[DynamoDBClient]:
    with dynamodb_client() as client:
        yield client


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Iterator[DynamoDBClient]:
    """With two tables that are empty."""
    for name in (TABLE, OTHER):
        dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    yield dynamodb
    for name in (TABLE, OTHER):
        dynamodb.delete_table(TableName=name)


def put(client: DynamoDBClient, *ids: str, table: str = TABLE) -> None:
    for each in ids:
        client.put_item(TableName=table, Item={"id": {"S": each}, "n": {"N": each}})


def key(id: str) -> Json:
    return {"id": {"S": id}}


def stored(client: DynamoDBClient, table: str = TABLE) -> list[str]:
    return sorted(item["id"]["S"] for item in client.scan(TableName=table)["Items"])


def failure(answer: Answer) -> tuple[str, str]:
    assert answer.error
    return answer.error.type, answer.error.message.partition(", Request ID")[0]


UNMET = (
    "DynamoDB:ConditionalCheckFailedException",
    "The conditional request failed (Service: DynamoDb, Status Code: 400",
)
EXISTS = {"expression": "attribute_exists(#id)", "expressionNames": {"#id": "id"}}
ABSENT = {"expression": "attribute_not_exists(#id)", "expressionNames": {"#id": "id"}}


# -- Single items -----------------------------------------------------------------------------


def test_get_answers_the_item_or_null(client: DynamoDBClient) -> None:
    put(client, "1")
    request = {"operation": "GetItem", "key": key("1"), "consistentRead": True}
    assert call(client, TABLE, request) == Answer({"id": "1", "n": 1})
    assert call(client, TABLE, {"operation": "GetItem", "key": key("2")}) == Answer(None)


def test_get_answers_what_the_projection_names(client: DynamoDBClient) -> None:
    put(client, "1")
    projection = {"expression": "#n", "expressionNames": {"#n": "n"}}
    request = {"operation": "GetItem", "key": key("1"), "projection": projection}
    assert call(client, TABLE, request) == Answer({"n": 1})


def test_put_stores_key_and_values_and_answers_them(client: DynamoDBClient) -> None:
    values = {"n": {"N": 1}, "yes": {"BOOL": True}, "tags": {"SS": ["a"]}, "no": {"NULL": True}}
    request = {"operation": "PutItem", "key": key("1"), "attributeValues": values}
    result = {"id": "1", "n": 1, "yes": True, "tags": ["a"], "no": None}
    assert call(client, TABLE, request) == Answer(result)
    assert client.get_item(TableName=TABLE, Key=key("1"))["Item"] == {
        "id": {"S": "1"},
        "n": {"N": "1"},
        "yes": {"BOOL": True},
        "tags": {"SS": ["a"]},
        "no": {"NULL": True},
    }


def test_update_answers_the_item_as_it_is_now(client: DynamoDBClient) -> None:
    put(client, "1")
    request = {
        "operation": "UpdateItem",
        "key": key("1"),
        "update": {
            "expression": "SET #a = :a ADD #n :one",
            "expressionNames": {"#a": "a", "#n": "n"},
            "expressionValues": {":a": {"S": "new"}, ":one": {"N": 1}},
        },
        "condition": EXISTS,
    }
    assert call(client, TABLE, request) == Answer({"id": "1", "n": 2, "a": "new"})


def test_delete_answers_the_item_as_it_was_or_null(client: DynamoDBClient) -> None:
    put(client, "1")
    request = {"operation": "DeleteItem", "key": key("1")}
    assert call(client, TABLE, request) == Answer({"id": "1", "n": 1})
    assert call(client, TABLE, request) == Answer(None)


# -- Conditions -------------------------------------------------------------------------------


def test_a_put_whose_condition_fails_changes_nothing(client: DynamoDBClient) -> None:
    put(client, "1")
    request = {
        "operation": "PutItem",
        "key": key("1"),
        "attributeValues": {"n": {"N": 2}},
        "condition": ABSENT,
    }
    answer = call(client, TABLE, request)
    assert failure(answer) == UNMET
    assert answer.result is None
    assert call(client, TABLE, {"operation": "GetItem", "key": key("1")}).result["n"] == 1


def test_a_put_of_what_is_there_already_succeeds_whatever_its_condition(
    client: DynamoDBClient,
) -> None:
    put(client, "1")
    request = {
        "operation": "PutItem",
        "key": key("1"),
        "attributeValues": {"n": {"N": 1}},
        "condition": ABSENT,
    }
    assert call(client, TABLE, request) == Answer({"id": "1", "n": 1})


def test_a_put_may_leave_attributes_out_of_that_comparison(client: DynamoDBClient) -> None:
    put(client, "1")
    request = {
        "operation": "PutItem",
        "key": key("1"),
        "attributeValues": {"n": {"N": 2}},
        "condition": {**ABSENT, "equalsIgnore": ["n"], "consistentRead": False},
    }
    assert call(client, TABLE, request) == Answer({"id": "1", "n": 1})


def test_a_delete_of_what_is_not_there_succeeds_whatever_its_condition(
    client: DynamoDBClient,
) -> None:
    request = {"operation": "DeleteItem", "key": key("1"), "condition": EXISTS}
    assert call(client, TABLE, request) == Answer(None)


def test_a_delete_whose_condition_fails_on_what_is_there_is_an_error(
    client: DynamoDBClient,
) -> None:
    put(client, "1")
    request = {"operation": "DeleteItem", "key": key("1"), "condition": ABSENT}
    assert failure(call(client, TABLE, request)) == UNMET
    assert stored(client) == ["1"]


def test_an_update_whose_condition_fails_is_an_error(client: DynamoDBClient) -> None:
    request = {
        "operation": "UpdateItem",
        "key": key("1"),
        "update": {"expression": "SET a = :a", "expressionValues": {":a": {"N": 1}}},
        "condition": EXISTS,
    }
    assert failure(call(client, TABLE, request)) == UNMET
    assert stored(client) == []


def test_a_custom_strategy_is_refused_before_anything_is_written(client: DynamoDBClient) -> None:
    handler = {"strategy": "Custom", "lambdaArn": "arn"}
    request = {
        "operation": "PutItem",
        "key": key("1"),
        "condition": {**ABSENT, "conditionalCheckFailedHandler": handler},
    }
    with pytest.raises(InvalidRequest, match="Custom is not available locally"):
        call(client, TABLE, request)
    assert stored(client) == []


# -- Pages ------------------------------------------------------------------------------------


def test_a_scan_goes_on_where_its_page_ended(client: DynamoDBClient) -> None:
    put(client, "1", "2", "3")
    seen: list[str] = []
    request: Json = {"operation": "Scan", "limit": 2, "consistentRead": True}
    token = None
    for scanned in (2, 1):
        result = call(client, TABLE, {**request, "nextToken": token}).result
        assert result["scannedCount"] == scanned
        seen += [item["id"] for item in result["items"]]
        token = result["nextToken"]
    assert sorted(seen) == ["1", "2", "3"]
    assert token is None


def test_a_scan_filters(client: DynamoDBClient) -> None:
    put(client, "1", "2", "3")
    condition = {
        "expression": "#n > :n",
        "expressionNames": {"#n": "n"},
        "expressionValues": {":n": {"N": 1}},
    }
    result = call(client, TABLE, {"operation": "Scan", "filter": condition}).result
    assert sorted(item["id"] for item in result["items"]) == ["2", "3"]


def test_a_query_finds_by_key(client: DynamoDBClient) -> None:
    put(client, "1", "2")
    request = {
        "operation": "Query",
        "query": {"expression": "id = :id", "expressionValues": {":id": {"S": "2"}}},
        "scanIndexForward": False,
        "limit": 10,
    }
    assert call(client, TABLE, request) == Answer(
        {"items": [{"id": "2", "n": 2}], "nextToken": None, "scannedCount": 1}
    )


def test_a_token_of_no_page_is_an_error_in_the_services_words(client: DynamoDBClient) -> None:
    assert call(client, TABLE, {"operation": "Scan", "nextToken": "123"}) == Answer(
        error=SourceError(
            "com.amazonaws.deepdish.common.pagination.InvalidPaginationTokenException: "
            "Invalid pagination token given.",
            "DynamoDB:UserIllegalArgumentException",
        )
    )


def test_a_key_in_a_querys_filter_is_an_error(client: DynamoDBClient) -> None:
    values = {":id": {"S": "1"}}
    request = {
        "operation": "Query",
        "query": {"expression": "id = :id", "expressionValues": values},
        "filter": {"expression": "id = :id", "expressionValues": values},
    }
    assert failure(call(client, TABLE, request)) == (
        "DynamoDB:DynamoDbException",
        "Filter Expression can only contain non-primary key attributes: "
        "Primary key attribute: id (Service: DynamoDb, Status Code: 400",
    )


@pytest.mark.parametrize("operand", ["l", "(l)", "if_not_exists(l, :one)", "if_not_exists(x, l)"])
def test_a_list_plus_a_number_is_an_error(client: DynamoDBClient, operand: str) -> None:
    client.put_item(TableName=TABLE, Item={"id": {"S": "1"}, "l": {"L": []}})
    request = {
        "operation": "UpdateItem",
        "key": key("1"),
        "update": {
            "expression": f"SET n = {operand} + :one",
            "expressionValues": {":one": {"N": 1}},
        },
    }
    assert failure(call(client, TABLE, request)) == (
        "DynamoDB:DynamoDbException",
        "An operand in the update expression has an incorrect data type "
        "(Service: DynamoDb, Status Code: 400",
    )


@pytest.mark.parametrize("operand", ["n", "if_not_exists(n, l)", "if_not_exists(x, :one)"])
def test_a_number_plus_a_number_is_counted(client: DynamoDBClient, operand: str) -> None:
    client.put_item(TableName=TABLE, Item={"id": {"S": "1"}, "l": {"L": []}, "n": {"N": "1"}})
    request = {
        "operation": "UpdateItem",
        "key": key("1"),
        "update": {
            "expression": f"SET n = {operand} + :one",
            "expressionValues": {":one": {"N": 1}},
        },
    }
    assert call(client, TABLE, request).result["n"] == 2


# -- Batches ----------------------------------------------------------------------------------


def test_a_batch_get_answers_in_the_order_of_its_keys(client: DynamoDBClient) -> None:
    put(client, "1", "2")
    put(client, "7", table=OTHER)
    tables = {
        TABLE: {"keys": [key("2"), key("absent"), key("1")], "consistentRead": True},
        OTHER: {"keys": [key("7")]},
    }
    assert call(client, TABLE, {"operation": "BatchGetItem", "tables": tables}) == Answer(
        {
            "data": {
                TABLE: [{"id": "2", "n": 2}, None, {"id": "1", "n": 1}],
                OTHER: [{"id": "7", "n": 7}],
            },
            "unprocessedKeys": {TABLE: [], OTHER: []},
        }
    )


def test_a_batch_put_answers_the_items_and_a_batch_delete_the_keys(client: DynamoDBClient) -> None:
    items = [{**key("1"), "n": {"N": 1}}, {**key("2"), "n": {"N": 2}}]
    assert call(client, TABLE, {"operation": "BatchPutItem", "tables": {TABLE: items}}) == Answer(
        {
            "data": {TABLE: [{"id": "1", "n": 1}, {"id": "2", "n": 2}]},
            "unprocessedItems": {TABLE: []},
        }
    )
    assert stored(client) == ["1", "2"]
    delete = {"operation": "BatchDeleteItem", "tables": {TABLE: [key("1")]}}
    assert call(client, TABLE, delete) == Answer(
        {"data": {TABLE: [{"id": "1"}]}, "unprocessedKeys": {TABLE: []}}
    )
    assert stored(client) == ["2"]


# -- Transactions -----------------------------------------------------------------------------


def transact(*items: Json) -> Json:
    return {"operation": "TransactWriteItems", "transactItems": list(items)}


def test_a_transaction_writes_all_and_answers_the_keys(client: DynamoDBClient) -> None:
    put(client, "1", "2", "3")
    update = {"expression": "SET n = :n", "expressionValues": {":n": {"N": 9}}}
    request = transact(
        {"operation": "PutItem", "table": TABLE, "key": key("4"), "attributeValues": {}},
        {"operation": "UpdateItem", "table": TABLE, "key": key("1"), "update": update},
        {"operation": "DeleteItem", "table": TABLE, "key": key("2")},
        {"operation": "ConditionCheck", "table": TABLE, "key": key("3"), "condition": EXISTS},
    )
    keys = [{"id": each} for each in ("4", "1", "2", "3")]
    assert call(client, TABLE, request) == Answer({"keys": keys, "cancellationReasons": None})
    assert stored(client) == ["1", "3", "4"]


def test_a_cancelled_transaction_tells_the_reason_for_each_item(client: DynamoDBClient) -> None:
    put(client, "1")
    answer = call(
        client,
        TABLE,
        transact(
            {"operation": "DeleteItem", "table": OTHER, "key": key("7")},
            {"operation": "PutItem", "table": TABLE, "key": key("1"), "condition": ABSENT},
        ),
    )
    assert failure(answer)[0] == "DynamoDB:TransactionCanceledException"
    assert answer.result["keys"] is None
    assert [reason["type"] for reason in answer.result["cancellationReasons"]] == [
        "None",
        "ConditionalCheckFailed",
    ]
    assert answer.result["cancellationReasons"][1]["item"] == {"id": "1", "n": 1}


def test_a_transaction_that_counts_with_a_list_is_cancelled(client: DynamoDBClient) -> None:
    client.put_item(TableName=TABLE, Item={"id": {"S": "1"}, "l": {"L": []}})
    update = {"expression": "SET l = l + :one", "expressionValues": {":one": {"N": 1}}}
    request = {
        "operation": "TransactWriteItems",
        "transactItems": [
            {"table": TABLE, "operation": "PutItem", "key": key("2")},
            {"table": TABLE, "operation": "UpdateItem", "key": key("1"), "update": update},
        ],
    }
    answer = call(client, TABLE, request)
    assert failure(answer) == (
        "DynamoDB:TransactionCanceledException",
        "Transaction cancelled, please refer cancellation reasons for specific reasons "
        "[None, ValidationError] (Service: DynamoDb, Status Code: 400",
    )
    assert answer.result["cancellationReasons"] == [
        {"type": "None", "message": "None", "item": None},
        {
            "type": "ValidationError",
            "message": "An operand in the update expression has an incorrect data type",
            "item": None,
        },
    ]
    assert stored(client) == ["1"]


def test_a_transaction_reads_in_the_order_of_its_items(client: DynamoDBClient) -> None:
    put(client, "1")
    request = {
        "operation": "TransactGetItems",
        "transactItems": [
            {"table": TABLE, "key": key("absent")},
            {"table": TABLE, "key": key("1")},
        ],
    }
    assert call(client, TABLE, request) == Answer(
        {"items": [None, {"id": "1", "n": 1}], "cancellationReasons": None}
    )


# -- Failures ---------------------------------------------------------------------------------


def test_an_error_that_dynamodb_models_keeps_its_name(client: DynamoDBClient) -> None:
    answer = call(client, "absent", {"operation": "GetItem", "key": key("1")})
    assert failure(answer) == (
        "DynamoDB:ResourceNotFoundException",
        "Requested resource not found (Service: DynamoDb, Status Code: 400",
    )


def test_any_other_error_is_the_sdks_general_one(client: DynamoDBClient) -> None:
    answer = call(client, TABLE, {"operation": "GetItem", "key": {"other": {"S": "1"}}})
    assert failure(answer)[0] == "DynamoDB:DynamoDbException"


def test_a_table_out_of_reach_is_an_error_of_the_sdk() -> None:
    unreachable = boto3.client(
        "dynamodb",
        region_name="eu-west-1",
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    answer = call(unreachable, TABLE, {"operation": "GetItem", "key": key("1")})
    assert answer.error == SourceError(
        "Unable to execute HTTP request.", "DynamoDB:SdkClientException"
    )


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"operation": "Sync"}, "Unsupported operation 'Sync'."),
        ({"operation": "GetItem"}, "Value for field '$[key]' not found."),
    ],
)
def test_what_is_no_request_is_refused(
    client: DynamoDBClient, request_: Json, message: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        call(client, TABLE, request_)
    assert str(refused.value) == message

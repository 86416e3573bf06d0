"""Expressions that the engine takes, or breaks on, and DynamoDB does not: what resolvers get."""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import boto3
import pytest
import pytest_asyncio
from hypothesis import given, settings

from antipode_tools.project.config import project_root
from antipode_tools.world.engine.engine import Engine, EngineInstallation
from localaws.appsync.dynamodb_source import call
from localaws.appsync.javascript.evaluator import CodeRunner
from localaws.appsync.ports import HandlerName, Json
from tests.examples import percent
from tests.unit.resolvers.any_filters import FILTERS, SIZED, attributes, holds
from tests.unit.resolvers.models import ENVIRONMENT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

REGION, TABLE = "eu-west-1", "things"
ITEMS: dict[str, Json] = {
    "text": {"S": "5a"},
    "number": {"N": "5"},
    "binary": {"B": b"5a"},
    "high": {"B": b"\xff\xff"},
    "list": {"L": []},
    "empty": {"S": ""},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def table(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DynamoDBClient]:
    folder = tmp_path_factory.mktemp("engine")
    (folder / "tmp").mkdir()
    log = folder / "engine.log"
    installation = EngineInstallation(project_root(), project_root() / ".local")
    await installation.install(environment=dict(os.environ), log=log)
    engine = await Engine.start(installation, port=0, run=folder, region=REGION, log=log)
    client = boto3.client(
        "dynamodb",
        region_name=REGION,
        endpoint_url=engine.url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.create_table(
        TableName=TABLE,
        KeySchema=[
            {"AttributeName": "owner", "KeyType": "HASH"},
            {"AttributeName": "id", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "owner", "AttributeType": "S"},
            {"AttributeName": "id", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for id, value in ITEMS.items():
        client.put_item(TableName=TABLE, Item={"owner": {"S": "me"}, "id": {"S": id}, "k": value})
    client.put_item(TableName=TABLE, Item={"owner": {"S": "me"}, "id": {"S": "none"}})
    yield client
    client.close()
    await engine.stop()


def scanned(client: DynamoDBClient, expression: str, value: Json) -> list[str]:
    filter = {"expression": expression, "expressionValues": {":v": value}}
    answer = call(client, TABLE, {"operation": "Scan", "filter": filter})
    assert answer.error is None
    return sorted(item["id"] for item in answer.result["items"])


def in_base64(content: bytes) -> Json:
    return {"B": base64.b64encode(content).decode()}


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ({"S": "5"}, ["text"]),
        ({"S": ""}, ["empty", "text"]),
        (in_base64(b"5"), ["binary"]),
        (in_base64(b"\xff"), ["high"]),
        (in_base64(b""), ["binary", "high"]),
    ],
)
async def test_only_what_has_the_prefixs_type_begins_with_it(
    table: DynamoDBClient, prefix: Json, found: list[str]
) -> None:
    assert scanned(table, "begins_with(k, :v)", prefix) == found
    assert scanned(table, "(begins_with(k, :v))", prefix) == found
    others = sorted({*ITEMS, "none"} - set(found))
    assert scanned(table, "NOT begins_with(k, :v)", prefix) == others


def refused(client: DynamoDBClient, request: Json) -> str:
    error = call(client, TABLE, request).error
    assert error is not None
    assert error.type == "DynamoDB:DynamoDbException"
    return error.message.partition(" (Service")[0]


async def test_a_number_is_no_prefix(table: DynamoDBClient) -> None:
    filter = {"expression": "begins_with(k, :v)", "expressionValues": {":v": {"N": 5}}}
    assert refused(table, {"operation": "Scan", "filter": filter}) == (
        "Invalid FilterExpression: Incorrect operand type for operator or function; "
        "operator or function: begins_with, operand type: N"
    )


async def test_a_key_is_no_matter_for_a_querys_filter_but_for_a_scans(
    table: DynamoDBClient,
) -> None:
    me = {"expression": "#o = :v", "expressionNames": {"#o": "owner"}}
    text = {"expression": "id = :id", "expressionValues": {":id": {"S": "text"}}}
    query = {"operation": "Query", "query": me | {"expressionValues": {":v": {"S": "me"}}}}
    assert refused(table, query | {"filter": text}) == (
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: id"
    )
    assert scanned(table, "id = :v", {"S": "text"}) == ["text"]


@pytest.mark.parametrize("operand", ["k", "if_not_exists(k, :one)"])
async def test_a_list_plus_a_number_is_refused(table: DynamoDBClient, operand: str) -> None:
    update = {"expression": f"SET k = {operand} + :one", "expressionValues": {":one": {"N": 1}}}
    assert refused(table, {"operation": "UpdateItem", "key": KEY, "update": update}) == (
        "An operand in the update expression has an incorrect data type"
    )


async def test_paths_that_overlap_are_refused(table: DynamoDBClient) -> None:
    update = {"expression": "SET k[0] = :v, k = :v", "expressionValues": {":v": {"N": 1}}}
    assert refused(table, {"operation": "UpdateItem", "key": KEY, "update": update}) == (
        "Invalid UpdateExpression: Two document paths overlap with each other; must remove or "
        "rewrite one of these paths; path one: [k, [0]], path two: [k]"
    )


KEY = {"owner": {"S": "me"}, "id": {"S": "list"}}


# Of any filter some hold for one of these and some do not.
ANY_ITEMS: list[dict[str, Json]] = [
    {SIZED: "", "x": "a", "n": 1},
    {SIZED: "ab", "or_0_x": "ab", "faa": "b", "n": 0, "fab": 2},
    {SIZED: "b", "x": "ba", "a_eq": "", "and_0_or_0_x": "b", "size": -1, "or_0_n": 3, "fab_end": 1},
]


async def test_any_filter_of_a_list_finds_on_the_engine_what_it_says(
    table: DynamoDBClient,
) -> None:
    table.create_table(
        TableName="any",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    items = [{"id": str(number), **item} for number, item in enumerate(ANY_ITEMS)]
    for item in items:
        table.put_item(TableName="any", Item=attributes(item))
    code = (project_root() / "graphql" / "resolvers" / "list.js").read_text()
    runner = CodeRunner()

    @given(filter=FILTERS)
    @settings(max_examples=percent(100))
    def finds_what_it_says(filter: Json) -> None:
        context = {
            "arguments": {"filter": filter},
            "env": ENVIRONMENT,
            "info": {"fieldName": "listItemsModel", "parentTypeName": "Query"},
        }
        answer = call(table, "any", runner.run(code, HandlerName.REQUEST, context).result)
        assert answer.error is None
        found = sorted(answer.result["items"], key=lambda each: str(each["id"]))
        assert found == [item for item in items if holds(filter, item) is not False]

    finds_what_it_says()

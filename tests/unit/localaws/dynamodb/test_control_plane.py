from __future__ import annotations

import json
from typing import Any

import pytest

from localaws.dynamodb.control_plane import ControlPlane
from localaws.dynamodb.global_tables import GlobalTables
from localaws.dynamodb.writes import Tables
from localaws.front import Answer, Call

IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"
SIGNED = f"AWS4-HMAC-SHA256 Credential=k/20261126/{IRELAND}/dynamodb/aws4_request, Signature=s"
DESCRIBED = {"TableName": "items", "TableStatus": "ACTIVE"}
HEADERS = (("content-type", "application/x-amz-json-1.0"), ("x-amz-crc32", "1"))


def call(operation: str, signed: str = SIGNED, **body: Any) -> Call:
    headers = (("x-amz-target", operation), ("authorization", signed))
    return Call("POST", "/", headers, json.dumps(body).encode())


class Engine:
    """Answers everything with a table, and notes what it was asked."""

    def __init__(self, name: str = "Table", status: int = 200) -> None:
        self.asked: list[Call] = []
        self.answer = Answer(status, HEADERS, json.dumps({name: DESCRIBED}).encode())

    async def __call__(self, call: Call) -> Answer:
        self.asked.append(call)
        return self.answer


class Plane:
    """The control plane of a world with one global table."""

    def __init__(self) -> None:
        tables = GlobalTables({}, lambda *_: 0.0)
        tables.follow({"items": [IRELAND, SYDNEY]})
        self.written: list[tuple[str, Tables]] = []
        self.answer = ControlPlane(tables, lambda *to: self.written.append(to))


@pytest.mark.parametrize(
    ("operation", "name"), [("DescribeTable", "Table"), ("UpdateTable", "TableDescription")]
)
async def test_a_global_table_names_its_other_replicas_as_dynamodb_does(
    operation: str, name: str
) -> None:
    asked = call(f"DynamoDB_20120810.{operation}", TableName="items")
    answer = await Plane().answer(asked, Engine(name))
    assert json.loads(answer.body) == {
        name: {
            **DESCRIBED,
            "GlobalTableVersion": "2019.11.21",
            "Replicas": [{"RegionName": SYDNEY, "ReplicaStatus": "ACTIVE"}],
        }
    }
    assert answer.headers == HEADERS[:1], "the sum is the old body's"


async def test_replicas_are_not_made_in_the_engines_own_way() -> None:
    engine = Engine()
    updates = [{"Create": {"RegionName": "us-east-1"}}]
    asked = call("DynamoDB_20120810.UpdateTable", TableName="items", ReplicaUpdates=updates)
    answer = await Plane().answer(asked, engine)
    assert (answer.status, engine.asked) == (400, [])
    assert json.loads(answer.body)["__type"].endswith("#ValidationException")


@pytest.mark.parametrize(
    ("operation", "written"),
    [("PutItem", [(IRELAND, frozenset({"items"}))]), ("GetItem", []), ("Query", [])],
)
async def test_a_write_is_told_to_whoever_reads_the_streams(
    operation: str, written: list[tuple[str, Tables]]
) -> None:
    plane, engine = Plane(), Engine()
    asked = call(f"DynamoDB_20120810.{operation}", TableName="items")
    assert await plane.answer(asked, engine) is engine.answer
    assert plane.written == written


async def test_a_write_that_is_refused_is_told_to_nobody() -> None:
    plane, engine = Plane(), Engine(status=400)
    asked = call("DynamoDB_20120810.TransactWriteItems", TransactItems=["no item"])
    assert await plane.answer(asked, engine) is engine.answer
    assert plane.written == []


@pytest.mark.parametrize(
    "asked",
    [
        call("AWSLogs_20140328.DescribeTable"),
        call("DynamoDBStreams_20120810.GetRecords"),
        call("DynamoDB_20120810.DescribeTable", signed=""),
        Call("GET", "/bucket", (), b""),
    ],
)
async def test_what_is_not_dynamodbs_is_passed_on_as_it_is(asked: Call) -> None:
    engine = Engine()
    assert await Plane().answer(asked, engine) is engine.answer
    assert engine.asked == [asked]


async def test_an_error_stays_an_error_and_a_body_that_is_no_json_is_the_engines_to_refuse() -> (
    None
):
    engine = Engine(status=400)
    assert await Plane().answer(call("DynamoDB_20120810.DescribeTable"), engine) is engine.answer
    broken = Call("POST", "/", call("DynamoDB_20120810.UpdateTable").headers, b"{")
    assert await Plane().answer(broken, engine) is engine.answer

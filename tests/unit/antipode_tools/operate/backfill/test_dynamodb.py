"""Tables of DynamoDB, as moto imitates them and as the service answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from antipode_tools.operate.backfill.copying import Backfill
from antipode_tools.operate.backfill.deciding import Form
from antipode_tools.operate.backfill.dynamodb import DynamoDBTable, Lanes, look
from antipode_tools.operate.backfill.ports import Expected, Item, Outcome, ThrottledError
from antipode_tools.operate.backfill.state import State, Tally
from antipode_tools.operate.backfill.verifying import Verification
from antipode_tools.operate.stacks.errors import OperationError, UsageError
from tests.moto_dynamodb import dynamodb_client
from tests.unit.antipode_tools.operate.backfill.tables import item, reader

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REGION = "eu-west-1"
SESSION = boto3.Session("x", "y", region_name=REGION)


def make(client: DynamoDBClient, name: str, **key: Any) -> DynamoDBTable:
    client.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": t} for n, t in key.items()],
        KeySchema=[
            {"AttributeName": n, "KeyType": "RANGE" if number else "HASH"}
            for number, n in enumerate(key)
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return DynamoDBTable(client, name, REGION, tuple(key))


@pytest.fixture
def client() -> Iterator[DynamoDBClient]:
    with dynamodb_client() as client:
        yield client


def test_a_table_tells_its_key_its_items_and_what_tells_it_from_others(
    client: DynamoDBClient,
) -> None:
    make(client, "cards", board="S", at="N")
    client.put_item(TableName="cards", Item={"board": {"S": "b"}, "at": {"N": "1"}})
    facts = look(client, "cards", REGION)
    assert (facts.key, facts.items, facts.regions) == ({"board": "S", "at": "N"}, 1, [REGION])
    client.delete_table(TableName="cards")
    make(client, "cards", board="S", at="N")
    assert look(client, "cards", REGION).id != facts.id


def test_a_table_that_is_not_there_is_named(client: DynamoDBClient) -> None:
    told = "there is no table nowhere in eu-west-1: aws dynamodb list-tables"
    with pytest.raises(UsageError, match=told):
        look(client, "nowhere", REGION)


def test_every_region_with_a_replica_is_named_this_one_first() -> None:
    client = SESSION.client("dynamodb")
    table = {
        "TableArn": "arn",
        "TableId": "id",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        # As it is seen from each Region: the others, or all of them.
        "Replicas": [{"RegionName": "ap-southeast-2"}, {"RegionName": REGION}],
    }
    with Stubber(client) as stub:
        stub.add_response("describe_table", {"Table": table})
        assert look(client, "cards", REGION).regions == [REGION, "ap-southeast-2"]


def test_pages_go_through_a_whole_segment(client: DynamoDBClient) -> None:
    table = make(client, "todos", id="S")
    every = [item(f"i{n}") for n in range(30)]
    for each in every:
        table.put(each, Expected(None))
    found: list[Item] = []
    for segment in range(3):
        after = None
        while True:
            page = table.page(segment, 3, after, 4)
            found += page.items
            after = page.last
            if after is None:
                break
    assert sorted(each["id"]["S"] for each in found) == sorted(each["id"]["S"] for each in every)


def test_more_items_are_found_than_dynamodb_gives_at_once(client: DynamoDBClient) -> None:
    table = make(client, "todos", id="S")
    for n in range(0, 250, 2):
        table.put(item(f"i{n}"), Expected(None))
    found = table.find([{"id": {"S": f"i{n}"}} for n in range(250)])
    assert {each["id"]["S"] for each in found} == {f"i{n}" for n in range(0, 250, 2)}


def test_what_was_not_given_at_once_is_asked_for_again() -> None:
    client = SESSION.client("dynamodb")
    slept: list[float] = []
    table = DynamoDBTable(client, "todos", REGION, ("id",), slept.append)
    key = {"id": {"S": "a"}}
    with Stubber(client) as stub:
        left = {"todos": {"Keys": [key], "ConsistentRead": True}}
        stub.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": left})
        stub.add_response("batch_get_item", {"Responses": {"todos": [key]}})
        assert table.find([key]) == [key]
    assert len(slept) == 1


SEEN = Expected({"updatedAt": item("a", 1)["updatedAt"], "version": None})


@pytest.mark.parametrize(
    ("there", "expected", "outcome"),
    [
        (None, Expected(None), Outcome.DONE),
        (item("a", 1), Expected(None), Outcome.OTHERWISE),
        (item("a", 1), SEEN, Outcome.DONE),
        (None, SEEN, Outcome.OTHERWISE),
        (item("a", 2), SEEN, Outcome.OTHERWISE),
        ({**item("a", 1), "version": {"N": "1"}}, SEEN, Outcome.OTHERWISE),
        ({"id": {"S": "a"}}, Expected({"updatedAt": None, "version": None}), Outcome.DONE),
    ],
)
@pytest.mark.parametrize("doing", ["put", "remove"])
def test_a_write_is_made_where_the_target_is_as_expected(
    client: DynamoDBClient, there: Item | None, expected: Expected, outcome: Outcome, doing: str
) -> None:
    table = make(client, "todos", id="S")
    if there:
        client.put_item(TableName="todos", Item=dict(there))
    new = item("a", 5)
    made = (
        table.put(new, expected) if doing == "put" else table.remove({"id": {"S": "a"}}, expected)
    )
    if doing == "remove" and expected.attributes is None:
        return  # nobody expects to delete nothing
    assert made is outcome
    written = [new] if doing == "put" else []
    assert list(table.find([{"id": {"S": "a"}}])) == (
        written if outcome is Outcome.DONE else [there] if there else []
    )


@pytest.mark.parametrize(
    "code",
    ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"],
)
def test_a_throttled_write_is_told_of_and_a_throttled_read_is_raised(code: str) -> None:
    client = SESSION.client("dynamodb")
    table = DynamoDBTable(client, "todos", REGION, ("id",))
    with Stubber(client) as stub:
        stub.add_client_error("put_item", code)
        assert table.put(item("a"), Expected(None)) is Outcome.THROTTLED
        stub.add_client_error("delete_item", code)
        assert table.remove({"id": {"S": "a"}}, Expected(None)) is Outcome.THROTTLED
        stub.add_client_error("scan", code)
        with pytest.raises(ThrottledError):
            table.page(0, 1, None, 1)
        stub.add_client_error("batch_get_item", code)
        with pytest.raises(ThrottledError):
            table.find([{"id": {"S": "a"}}])


def test_what_is_refused_for_good_says_where(client: DynamoDBClient) -> None:
    table = DynamoDBTable(client, "nowhere", REGION, ("id",))
    with pytest.raises(
        OperationError, match="cannot write to table nowhere in eu-west-1"
    ) as raised:
        table.put(item("a"), Expected(None))
    assert not isinstance(raised.value, ThrottledError)


def test_a_table_is_copied_into_another_of_a_different_key_and_holds_the_same(
    client: DynamoDBClient,
) -> None:
    source, target = make(client, "old", id="S"), make(client, "new", board="S", at="N")
    every: list[Item] = [
        {**item(f"i{n}"), "board": {"S": f"b{n % 3}"}, "at": {"N": str(n)}, "blob": {"B": b"\x00"}}
        for n in range(40)
    ]
    for each in every:
        source.put(each, Expected(None))
    form = Form(look(client, "new", REGION).key, "updatedAt")
    kept: list[State] = []
    its = reader()
    Backfill(source, target, form, kept.append, lambda *_: None, its).run(State("tables"))
    assert kept[-1].tally == Tally(read=40, written=40)
    verdict = Verification(source, target, form, its, lambda _: None).run()
    assert (verdict.holds, verdict.source, verdict.target, verdict.parts) == (True, 40, 40, (0, 0))


def test_calls_run_at_the_same_time_and_keep_their_order() -> None:
    both = threading.Barrier(2, timeout=10)

    def call(number: int) -> int:
        both.wait()
        return number

    with ThreadPoolExecutor(2) as pool:
        assert Lanes(pool)([lambda: call(1), lambda: call(2)]) == [1, 2]

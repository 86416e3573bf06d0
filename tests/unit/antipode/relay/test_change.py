"""Stream records to changes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from antipode.relay.change import Change, ChangeKind, Header, Unreadable, read, timestamp
from antipode.relay.errors import Reason
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.relay import STREAM, event

PREFIX = "antipode-"

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=5,
)


def change(record: Any) -> Change:
    """The change that a good record tells of."""
    found = read(record, table_prefix=PREFIX)
    assert isinstance(found, Change), found
    return found


def unreadable(record: Any) -> tuple[Reason, str]:
    """Why a record tells of no change."""
    found = read(record, table_prefix=PREFIX)
    assert isinstance(found, Unreadable), found
    return found.reason, found.problem


def test_insert_is_a_create_with_the_new_image() -> None:
    [record] = event("insert")["Records"]
    assert read(record, table_prefix=PREFIX) == Change(
        header=Header(
            id="c4ca4238a0b923820dcc509a6f75849b",
            stream=record["eventSourceARN"],
            table="antipode-ItemsModel",
            item='antipode-ItemsModel {"id":{"S":"Item001"}}',
            sequence="4711900000000002830157241",
            recorded_at=1795380420.0,
        ),
        kind=ChangeKind.CREATE,
        model="ItemsModel",
        keys={"id": {"S": "Item001"}},
        sequence="4711900000000002830157241",
        image=record["dynamodb"]["NewImage"],
    )


TABLES = {"Todo-abc123-prod": "Todo", "antipode-Old": "Note"}


@pytest.mark.parametrize(
    ("table", "model"),
    [
        ("Todo-abc123-prod", "Todo"),
        ("antipode-Old", "Note"),
        ("antipode-Todo", "Todo"),
        ("antipode-Todo-abc123-prod", "Todo-abc123-prod"),
    ],
)
def test_the_model_of_a_table_is_looked_up_and_else_the_rest_of_its_name(
    table: str, model: str
) -> None:
    [record] = event("modify")["Records"]
    record["eventSourceARN"] = record["eventSourceARN"].replace("antipode-ItemsModel", table)
    found = read(record, table_prefix=PREFIX, tables=TABLES)
    assert isinstance(found, Change)
    assert (found.model, found.header.table) == (model, table)


def test_a_table_that_nobody_named_is_of_no_model() -> None:
    [record] = event("modify")["Records"]
    record["eventSourceARN"] = record["eventSourceARN"].replace(
        "antipode-ItemsModel", "Todo-abc123"
    )
    found = read(record, table_prefix=PREFIX, tables=TABLES)
    assert isinstance(found, Unreadable)
    assert (found.reason, "Todo-abc123" in found.problem) == (Reason.UNKNOWN_MODEL, True)


def test_modify_is_an_update_with_the_new_image() -> None:
    [record] = event("modify")["Records"]
    found = change(record)
    assert (found.kind, found.image["item"]) == (ChangeKind.UPDATE, {"S": "My other item"})
    assert found.earlier == record["dynamodb"]["OldImage"]


@pytest.mark.parametrize("name", ["insert", "remove"])
def test_nothing_but_an_update_has_an_earlier_image(name: str) -> None:
    [record] = event(name)["Records"]
    assert change(record).earlier is None


@pytest.mark.parametrize("image", [None, "x", []])
def test_an_update_whose_earlier_image_cannot_be_read_is_an_update_all_the_same(
    image: object,
) -> None:
    [record] = event("modify")["Records"]
    record["dynamodb"]["OldImage"] = image
    assert (change(record).kind, change(record).earlier) == (ChangeKind.UPDATE, None)


@pytest.mark.parametrize("name", ["remove", "ttl"])
def test_remove_is_a_delete_with_the_old_image(name: str) -> None:
    [record] = event(name)["Records"]
    found = change(record)
    assert (found.kind, found.image) == (ChangeKind.DELETE, record["dynamodb"]["OldImage"])


def test_a_record_without_a_time_has_none() -> None:
    [record] = event("insert")["Records"]
    del record["dynamodb"]["ApproximateCreationDateTime"]
    assert change(record).header.recorded_at is None


@pytest.mark.parametrize("moment", [-1, float("nan"), float("inf"), 1e300, 10**400, "2026-11-22"])
def test_a_time_that_cannot_be_read_is_left_out(moment: object) -> None:
    [record] = event("insert")["Records"]
    record["dynamodb"]["ApproximateCreationDateTime"] = moment
    assert change(record).header.recorded_at is None


def without(*path: str) -> Any:
    """A good record without what lies at the end of a path."""
    [record] = event("modify")["Records"]
    *parents, last = path
    place = record
    for name in parents:
        place = place[name]
    del place[last]
    return record


def with_(path: tuple[str, ...], value: Any) -> Any:
    """A good record with something else at the end of a path."""
    [record] = event("modify")["Records"]
    *parents, last = path
    place = record
    for name in parents:
        place = place[name]
    place[last] = value
    return record


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        (None, "it is no record of a DynamoDB stream"),
        ({}, "it is no record of a DynamoDB stream"),
        ({"eventSource": "aws:sqs", "body": ""}, "it is no record of a DynamoDB stream"),
        (without("dynamodb"), "it has no dynamodb"),
        (without("eventID"), "it has no eventID"),
        (without("eventName"), "it has no eventName"),
        (with_(("eventName",), "UPSERT"), "its eventName is not INSERT, MODIFY or REMOVE"),
        (without("dynamodb", "Keys"), "it has no Keys"),
        (with_(("dynamodb", "Keys"), {}), "it has no Keys"),
        (without("dynamodb", "NewImage"), "it has no NewImage"),
        (with_(("dynamodb", "NewImage"), []), "it has no NewImage"),
        (with_(("eventName",), "REMOVE") | {"dynamodb": {}}, "it has no Keys"),
        (without("dynamodb", "SequenceNumber"), "it has no SequenceNumber"),
        (with_(("dynamodb", "SequenceNumber"), "x"), "its SequenceNumber is not a number"),
        (with_(("dynamodb", "SequenceNumber"), "²"), "its SequenceNumber is not a number"),
        (without("eventSourceARN"), "it has no eventSourceARN"),
        (with_(("eventSourceARN",), "arn:x"), "its eventSourceARN is not that of a stream"),
    ],
)
def test_a_malformed_record_is_unreadable_and_says_why(record: object, problem: str) -> None:
    assert unreadable(record) == (Reason.MALFORMED, f"the record is malformed: {problem}")


def test_a_removed_item_needs_an_old_image() -> None:
    [record] = event("remove")["Records"]
    del record["dynamodb"]["OldImage"]
    assert unreadable(record) == (
        Reason.MALFORMED,
        "the record is malformed: it has no OldImage",
    )


def test_a_table_of_another_stack_is_no_model() -> None:
    [record] = event("insert")["Records"]
    record["eventSourceARN"] = STREAM.replace("antipode-", "other-")
    assert unreadable(record) == (
        Reason.UNKNOWN_MODEL,
        "table other-ItemsModel is no model of the schema",
    )


@given(json_values)
def test_whatever_is_no_record_is_unreadable_and_has_no_item(value: Any) -> None:
    found = read(value, table_prefix=PREFIX)
    assert isinstance(found, Unreadable)
    assert found.header == Header(found.header.id, "", "", None, None, None)
    assert found.header.id.startswith("sha256:")


@given(st.data(), json_values)
def test_a_record_that_is_wrong_in_one_place_is_read_and_left_as_it_is(
    data: st.DataObject, value: Any
) -> None:
    [record] = event("modify")["Records"]
    place = data.draw(st.sampled_from([record, record["dynamodb"]]))
    place[data.draw(st.sampled_from(sorted(place)))] = value
    original = copy.deepcopy(record)
    assert isinstance(read(record, table_prefix=PREFIX), Change | Unreadable)
    assert record == original


def test_the_sequence_of_a_record_is_known_whatever_else_is_wrong() -> None:
    assert read(without("dynamodb", "NewImage")).header.sequence == "4711900000000002830157258"


def test_the_item_of_a_record_is_known_whatever_else_is_wrong() -> None:
    [record] = event("modify")["Records"]
    assert read(without("dynamodb", "NewImage")).header.item == read(record).header.item


def test_the_order_of_two_keys_makes_no_other_item() -> None:
    record, same = (
        {"eventSourceARN": STREAM, "dynamodb": {"Keys": keys}}
        for keys in ({"a": {"S": "1"}, "b": {"S": "2"}}, {"b": {"S": "2"}, "a": {"S": "1"}})
    )
    assert read(record).header.item == read(same).header.item


def test_the_same_keys_in_another_table_are_another_item() -> None:
    keys = {"dynamodb": {"Keys": {"id": {"S": "1"}}}}
    one, other = (read({"eventSourceARN": arn, **keys}).header for arn in (STREAM, "x"))
    assert one.item != other.item


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1795380420.0, "2026-11-22T20:47:00.000Z"),
        (1795380420.9996, "2026-11-22T20:47:00.999Z"),
        (0.0, "1970-01-01T00:00:00.000Z"),
    ],
)
def test_a_time_is_written_in_utc_with_milliseconds(seconds: float, text: str) -> None:
    assert timestamp(seconds) == text

"""A change to the request that announces it, within AppSync's limit."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from antipode.relay.change import Change, ChangeKind, Header, read
from antipode.relay.documents import Model, Mutation, load
from antipode.relay.errors import MalformedRecordError, TooLargeError
from antipode.relay.publishing import MAX_PAYLOAD_BYTES, Publication, publication
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.relay import MODELS, ROOT, STREAM, event

MODEL = MODELS["ItemsModel"]
TRUE = {"BOOL": True}
UPDATE = MODEL.mutations[ChangeKind.UPDATE]


def change_of(name: str) -> Change:
    [record] = event(name)["Records"]
    return read_change(record)


def read_change(record: Any) -> Change:
    found = read(record, table_prefix="antipode-")
    assert isinstance(found, Change), found
    return found


def change(**image: Any) -> Change:
    return Change(
        header=Header("event-1", STREAM, "antipode-ItemsModel", "Item001", "1001", 1795380420.0),
        kind=ChangeKind.CREATE,
        model="ItemsModel",
        keys={"id": {"S": "Item001"}},
        sequence="1001",
        image={"id": {"S": "Item001"}, **image},
    )


def announced(request: Publication) -> Any:
    """The item that a request announces."""
    return json.loads(json.loads(request.body)["variables"]["change"])


def payload(request: Publication, mutation: Mutation) -> bytes:
    """What a subscriber would get: AppSync writes an AWSJSON field as a string."""
    item = announced(request)
    data = {"data": {mutation.subscription: item}}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def test_a_create_is_announced_with_every_field_of_the_schema() -> None:
    request = publication(change_of("insert"), MODEL, region="eu-west-1")
    assert (request.field, request.dropped) == ("publishCreateItemsModel", ())
    assert announced(request) == {
        "id": "Item001",
        "item": "MyItem",
        "createdAt": "2026-11-22T20:46:59.214Z",
        "updatedAt": "2026-11-22T20:46:59.214Z",
        "version": 1,
        "updatedIn": "ap-southeast-2",
        "_was": None,
        "_change": {
            "id": "c4ca4238a0b923820dcc509a6f75849b",
            "kind": "CREATE",
            "sequence": "4711900000000002830157241",
            "region": "eu-west-1",
            "recordedAt": "2026-11-22T20:47:00.000Z",
        },
    }


def test_an_item_that_no_resolver_stamped_is_announced_with_nulls_for_the_stamps() -> None:
    item = {"item": {"S": "old"}, "__typename": {"S": "ItemsModel"}}
    request = publication(change(**item), MODEL, region="eu-west-1")
    sent = announced(request)
    assert {name: value for name, value in sent.items() if name != "_change"} == {
        "id": "Item001",
        "item": "old",
        "createdAt": None,
        "updatedAt": None,
        "version": None,
        "updatedIn": None,
        "_was": None,
    }


def test_the_first_write_of_ours_to_such_an_item_is_announced_with_what_it_was() -> None:
    old = {"id": {"S": "Item001"}, "item": {"S": "old"}, "__typename": {"S": "ItemsModel"}}
    new = {**old, "item": {"S": "new"}, "version": {"N": "1"}, "updatedIn": {"S": "eu-west-1"}}
    written = replace(change(), kind=ChangeKind.UPDATE, image=new, earlier=old)
    sent = announced(publication(written, MODEL, region="eu-west-1"))
    assert (sent["item"], sent["version"], sent["createdAt"]) == ("new", 1, None)
    assert sent["_was"] == {"item": "old"}


@pytest.mark.parametrize(
    ("name", "field", "kind", "item"),
    [
        ("insert", "publishCreateItemsModel", "CREATE", "MyItem"),
        ("modify", "publishUpdateItemsModel", "UPDATE", "My other item"),
        ("remove", "publishDeleteItemsModel", "DELETE", "My other item"),
        ("ttl", "publishDeleteItemsModel", "DELETE", "Short-lived"),
    ],
)
def test_each_kind_has_its_mutation_and_its_image(
    name: str, field: str, kind: str, item: str
) -> None:
    request = publication(change_of(name), MODEL, region="eu-west-1")
    sent = announced(request)
    assert (request.field, sent["_change"]["kind"], sent["item"]) == (field, kind, item)


def test_an_update_is_announced_with_what_the_item_was() -> None:
    request = publication(change_of("modify"), MODEL, region="eu-west-1")
    assert announced(request)["_was"] == {"item": "MyItem"}


def test_the_document_is_sent_as_it_was_generated() -> None:
    query = json.loads(publication(change_of("insert"), MODEL, region="eu-west-1").body)["query"]
    assert query == json.loads(MODEL.mutations[ChangeKind.CREATE].query)


def test_what_the_schema_does_not_know_is_left_out() -> None:
    request = publication(change(secret={"S": "x"}), MODEL, region="eu-west-1")
    assert "secret" not in announced(request)


def test_an_attribute_named_change_is_not_announced_as_one() -> None:
    request = publication(change(_change={"S": "forged"}), MODEL, region="eu-west-1")
    assert announced(request)["_change"]["id"] == "event-1"


def test_an_attribute_named_was_is_not_announced_as_what_the_item_was() -> None:
    forged = {"M": {"item": {"S": "forged"}}}
    request = publication(change(_was=forged), MODEL, region="eu-west-1")
    assert announced(request)["_was"] is None


def test_a_record_without_a_time_is_announced_without_one() -> None:
    [record] = event("insert")["Records"]
    del record["dynamodb"]["ApproximateCreationDateTime"]
    request = publication(read_change(record), MODEL, region="eu-west-1")
    assert announced(request)["_change"]["recordedAt"] is None


def test_half_a_character_pair_is_malformed() -> None:
    with pytest.raises(MalformedRecordError) as raised:
        publication(change(item={"S": "\ud800"}), MODEL, region="eu-west-1")
    assert str(raised.value) == "the record is malformed: half a character pair"


def test_a_payload_of_exactly_the_limit_is_sent_whole() -> None:
    mutation = MODEL.mutations[ChangeKind.CREATE]
    empty = len(payload(publication(change(item={"S": ""}), MODEL, region="r"), mutation))
    fits = change(item={"S": "x" * (MAX_PAYLOAD_BYTES - empty)})
    request = publication(fits, MODEL, region="r")
    assert len(payload(request, mutation)) == MAX_PAYLOAD_BYTES
    assert request.dropped == ()


def test_a_payload_of_one_byte_more_goes_without_its_largest_field() -> None:
    mutation = MODEL.mutations[ChangeKind.CREATE]
    empty = len(payload(publication(change(item={"S": ""}), MODEL, region="r"), mutation))
    over = change(item={"S": "x" * (MAX_PAYLOAD_BYTES - empty + 1)}, version={"N": "1000"})
    request = publication(over, MODEL, region="r")
    assert request.dropped == ("item",)
    assert (announced(request)["item"], announced(request)["version"]) == (None, 1000)


def a_model(**fields: Any) -> Model:
    """A model of these fields besides its id."""
    return Model(
        name="ItemsModel",
        fields={"id": "ID", "version": "Int", **fields},
        earlier={},
        owners=(),
        json_fields=frozenset(name for name, kind in fields.items() if kind == "AWSJSON"),
        mutations={
            ChangeKind.CREATE: Mutation("publishCreateItemsModel", '"q"', "onCreateItemsModel")
        },
    )


def test_the_largest_fields_go_first_and_no_more_than_must() -> None:
    model = a_model(a="String", b="String", c="String")
    big = change(a={"S": "x" * 100}, b={"S": "x" * 300}, c={"S": "x" * 200}, version={"N": "1"})
    whole = len(payload(publication(big, model, region="r"), model.mutations[ChangeKind.CREATE]))
    assert publication(big, model, region="r", limit=whole).dropped == ()
    assert publication(big, model, region="r", limit=whole - 1).dropped == ("b",)
    assert publication(big, model, region="r", limit=whole - 298).dropped == ("b",)
    assert publication(big, model, region="r", limit=whole - 299).dropped == ("b", "c")


def test_the_stamps_go_last_and_the_keys_never() -> None:
    stamps = {name: {"S": "x" * 500} for name in ("createdAt", "updatedAt", "updatedIn")}
    big = change(item={"S": "x" * 10}, version={"N": "1" * 38}, **stamps)
    request = publication(big, MODEL, region="r", limit=400)
    assert request.dropped == ("item", "createdAt", "updatedAt", "updatedIn")
    assert announced(request)["id"] == "Item001"


def test_what_the_item_was_goes_after_its_fields_and_before_the_stamps() -> None:
    updated = replace(
        change(item={"S": "x" * 10}, updatedIn={"S": "x" * 500}),
        kind=ChangeKind.UPDATE,
        earlier={"item": {"S": "y" * 200}},
    )
    whole = len(payload(publication(updated, MODEL, region="r"), UPDATE))
    assert publication(updated, MODEL, region="r", limit=whole).dropped == ()
    assert publication(updated, MODEL, region="r", limit=whole - 1).dropped == ("item",)
    assert publication(updated, MODEL, region="r", limit=whole - 9).dropped == ("item", "_was")
    less = publication(updated, MODEL, region="r", limit=400)
    assert less.dropped == ("item", "_was", "updatedIn")


def test_what_does_not_fit_with_its_keys_alone_is_too_large() -> None:
    with pytest.raises(TooLargeError) as raised:
        publication(change(item={"S": "x"}), MODEL, region="r", limit=100)
    assert str(raised.value) == "payload is 251 bytes with its keys alone, limit is 100"


def test_json_counts_as_the_string_that_appsync_makes_of_it() -> None:
    model = a_model(settings="AWSJSON")
    held = change(settings={"M": {"a": {"S": "b"}, "c": {"S": "\\"}}})
    as_string = json.dumps('{"a":"b","c":"\\\\"}')
    request = publication(held, model, region="r")
    item = announced(request) | {"settings": json.loads(as_string)}
    size = len(json.dumps({"data": {"onCreateItemsModel": item}}, separators=(",", ":")))
    assert publication(held, model, region="r", limit=size).dropped == ()
    assert publication(held, model, region="r", limit=size - 1).dropped == ("settings",)


texts = st.text(st.characters(codec="utf-8"), max_size=60)


@given(texts, texts, texts, st.integers(200, 700))
def test_what_is_announced_is_within_the_limit_and_no_smaller_than_it_must_be(
    a: str, b: str, c: str, limit: int
) -> None:
    model = a_model(a="String", b="String", c="String")
    held = change(a={"S": a}, b={"S": b}, c={"S": c})
    mutation = model.mutations[ChangeKind.CREATE]
    try:
        request = publication(held, model, region="r", limit=limit)
    except TooLargeError:
        return
    assert len(payload(request, mutation)) <= limit
    kept = {"a": a, "b": b, "c": c} | dict.fromkeys(request.dropped)
    assert {name: announced(request)[name] for name in "abc"} == kept
    if request.dropped:
        last = request.dropped[-1]
        restored = announced(request) | {last: {"a": a, "b": b, "c": c}[last]}
        data = {"data": {"onCreateItemsModel": restored}}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        assert len(text.encode()) > limit


def test_the_update_of_an_order_is_one_message_of_5_kb_with_what_it_was() -> None:
    orders = load((ROOT / "examples" / "order" / "publish.json").read_text())["Order"]
    key = {"customer": {"S": "customer-0001"}, "orderNumber": {"N": "1001"}}
    order: Any = {
        **key,
        "owner": {"S": "8f1c2f9e-6d5c-4a57-9e8e-0b1f4b6c0a11"},
        "status": {"S": "PLACED"},
        "lines": {"L": [{"M": {"sku": {"S": "tea-1"}, "quantity": {"N": "2"}}}] * 4},
        "total": {"N": "19.25"},
        "paid": {"BOOL": False},
        "email": {"S": "ada@example.com"},
        "phone": {"S": "+353 1 234 5678"},
        "deliverOn": {"S": "2026-03-01"},
        "deliverAt": {"S": "09:30:00.000Z"},
        "orderedAt": {"S": "2026-02-03T04:05:06.000Z"},
        "orderedFrom": {"S": "192.0.2.7"},
        "invoice": {"S": "https://example.com/invoices/7"},
        "shipTo": {"M": {name: {"S": "Cork"} for name in ("street", "city", "country")}},
        "expiresAt": {"N": "1795380420"},
        "createdAt": {"S": "2026-11-22T20:46:59.214Z"},
        "updatedAt": {"S": "2026-11-22T20:46:59.214Z"},
        "version": {"N": "2"},
        "updatedIn": {"S": "ap-southeast-2"},
    }
    updated = replace(
        change(), kind=ChangeKind.UPDATE, keys=key, image=order, earlier={**order, "paid": TRUE}
    )
    request = publication(updated, orders, region="eu-west-1")
    was = json.dumps(announced(request)["_was"], separators=(",", ":"))
    size = len(payload(request, orders.mutations[ChangeKind.UPDATE]))
    assert (round(size / 1000, 1), round(len(was) / 1000, 1)) == (1.3, 0.3)

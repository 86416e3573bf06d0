"""What becomes of one item."""

from __future__ import annotations

import pytest

from antipode_tools.operate.backfill.deciding import Form, Left, identity, is_newer
from antipode_tools.operate.backfill.ports import Expected, Item, Value
from tests.unit.antipode_tools.operate.backfill.tables import FORM, item


@pytest.mark.parametrize(
    ("one", "other", "newer"),
    [
        ({"S": "2026-11-27T08:00:01Z"}, {"S": "2026-11-27T08:00:00Z"}, True),
        ({"S": "2026-11-27T08:00:00Z"}, {"S": "2026-11-27T08:00:00Z"}, False),
        # As texts they would be the other way round.
        ({"S": "2026-11-27T08:00:00.500Z"}, {"S": "2026-11-27T08:00:00Z"}, True),
        ({"S": "2026-11-27T08:00:00+01:00"}, {"S": "2026-11-27T07:30:00Z"}, False),
        # Without an offset: AppSync's times are UTC.
        ({"S": "2026-11-27T08:00:01"}, {"S": "2026-11-27T08:00:00Z"}, True),
        ({"N": "10"}, {"N": "9"}, True),
        ({"N": "9.5"}, {"N": "9.50"}, False),
        # What cannot be compared is not newer.
        ({"S": "tomorrow"}, {"S": "2026-11-27T08:00:00Z"}, False),
        ({"S": "2026-11-27T08:00:00Z"}, {"S": "yesterday"}, False),
        ({"N": "10"}, {"S": "2026-11-27T08:00:00Z"}, False),
        (None, {"N": "1"}, False),
        ({"N": "1"}, None, False),
        ({"BOOL": True}, {"BOOL": False}, False),
    ],
)
def test_one_stamp_is_newer_than_another_only_if_that_is_sure(
    one: Value | None, other: Value | None, newer: bool
) -> None:
    assert is_newer(one, other) is newer


NEW, OLD = item("a", 2), item("a", 1)


@pytest.mark.parametrize(
    ("source", "there", "decided"),
    [
        (NEW, None, Expected(None)),
        (NEW, NEW, Left.THERE),
        (NEW, OLD, Expected({"updatedAt": OLD["updatedAt"], "version": None})),
        (
            NEW,
            OLD | {"version": {"N": "3"}},
            Expected({"updatedAt": OLD["updatedAt"], "version": {"N": "3"}}),
        ),
        (OLD, NEW, Left.NEWER),
        (NEW, NEW | {"text": {"S": "otherwise"}}, Left.NEWER),
        (NEW, {"id": {"S": "a"}}, Left.NEWER),
        (NEW | {"_deleted": {"BOOL": True}}, OLD, Left.DELETED),
        (NEW | {"_deleted": {"BOOL": True}}, None, Left.DELETED),
        (NEW | {"_deleted": {"BOOL": False}}, None, Expected(None)),
        # A set has no order.
        (NEW | {"tags": {"SS": ["x", "y"]}}, NEW | {"tags": {"SS": ["y", "x"]}}, Left.THERE),
        (NEW | {"tags": {"L": [{"N": "1"}]}}, NEW | {"tags": {"L": []}}, Left.NEWER),
    ],
)
def test_an_item_is_written_where_the_target_has_none_or_an_older_one(
    source: Item, there: Item | None, decided: Expected | Left
) -> None:
    assert FORM.decide(source, there) == decided


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"board": {"S": "b"}, "at": {"N": "1"}}, ""),
        ({"board": {"S": "b"}}, "no at"),
        ({"board": {"S": "b"}, "at": {"S": "1"}}, "at is of type S, not N"),
        ({"board": {"S": ""}, "at": {"N": "1"}}, "board is empty"),
    ],
)
def test_an_item_fits_if_it_has_the_models_key(given: Item, why: str) -> None:
    assert Form({"board": "S", "at": "N"}, "updatedAt").unfit(given) == why


def test_a_key_has_one_name_whatever_the_order_of_its_attributes() -> None:
    key: Item = {"id": {"S": "ä"}, "at": {"N": "1"}}
    assert identity(key) == identity({name: key[name] for name in ("at", "id")})
    assert identity(key) == '{"at": {"N": "1"}, "id": "ä"}'
    assert identity({"id": {"B": b"\x00"}}) == '{"id": {"B": "00"}}'

"""What an updated item held before."""

from __future__ import annotations

import json
from typing import Any

import pytest
from antipode.relay.change import Change, ChangeKind, Header
from antipode.relay.documents import Model
from antipode.relay.earlier import MAX_CHARACTERS, earlier
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.relay import STREAM

TYPES = {
    "board": "String",
    "points": "Int",
    "price": "Float",
    "expires": "AWSTimestamp",
    "done": "Boolean",
}
MODEL = Model(
    name="Card", fields={}, earlier=TYPES, owners=(), json_fields=frozenset(), mutations={}
)
OWNED = Model(
    name="Card", fields={}, earlier=TYPES, owners=("owner",), json_fields=frozenset(), mutations={}
)
NOTHING = dict.fromkeys(TYPES)

Json = Any  # as the json module reads it


def told(
    old: Json, new: Json, *, model: Model = MODEL, kind: ChangeKind = ChangeKind.UPDATE
) -> Json:
    """The earlier values that the announcement has."""
    change = Change(
        header=Header("event-1", STREAM, "antipode-Card", "1", "1001", None),
        kind=kind,
        model="Card",
        keys={"id": {"S": "1"}},
        sequence="1001",
        image=new,
        earlier=old,
    )
    return json.loads(earlier(change, model))


def test_an_update_that_changes_one_of_the_fields_tells_all_their_earlier_values() -> None:
    old = {
        "board": {"S": "old"},
        "points": {"N": "3"},
        "price": {"N": "1.5"},
        "expires": {"N": "1795380420"},
        "done": {"BOOL": False},
        "notes": {"S": "not told"},
    }
    assert told(old, {**old, "board": {"S": "new"}}) == {
        "board": "old",
        "points": 3,
        "price": 1.5,
        "expires": 1795380420,
        "done": False,
    }


@pytest.mark.parametrize(
    "new", [{}, {"board": {"NULL": True}}, {"board": {"S": ""}}], ids=["removed", "null", "empty"]
)
def test_a_value_that_is_gone_has_changed(new: Json) -> None:
    assert told({"board": {"S": "old"}}, new) == {**NOTHING, "board": "old"}


def test_a_value_that_was_not_there_is_told_as_null() -> None:
    assert told({"id": {"S": "1"}}, {"board": {"S": "new"}}) == NOTHING


def test_an_update_of_other_fields_tells_nothing_of_these() -> None:
    old = {"board": {"S": "a"}, "labels": {"L": []}, "version": {"N": "1"}}
    new = {"board": {"S": "a"}, "labels": {"L": [{"S": "x"}]}, "version": {"N": "2"}}
    assert told(old, new) is None


@pytest.mark.parametrize("kind", [ChangeKind.CREATE, ChangeKind.DELETE])
def test_nothing_else_than_an_update_tells_any(kind: ChangeKind) -> None:
    assert told({"board": {"S": "a"}}, {"board": {"S": "b"}}, kind=kind) is None


def test_a_record_without_the_earlier_image_tells_none() -> None:
    assert told(None, {"board": {"S": "b"}}) is None


def test_whoever_an_item_is_given_to_is_not_told_what_it_was() -> None:
    old = {"board": {"S": "a"}, "owner": {"S": "ada"}}
    for owner in ({"owner": {"S": "bob"}}, {}):
        assert told(old, {"board": {"S": "b"}, **owner}, model=OWNED) is None
    assert told({"board": {"S": "a"}}, {**old, "board": {"S": "b"}}, model=OWNED) is None
    assert told(old, {**old, "board": {"S": "b"}}, model=OWNED) == {**NOTHING, "board": "a"}


def test_a_text_that_no_filter_can_compare_with_is_left_out() -> None:
    longest = "x" * MAX_CHARACTERS
    new = {"board": {"S": "new"}}
    assert told({"board": {"S": longest}}, new) == {**NOTHING, "board": longest}
    assert told({"board": {"S": longest + "x"}}, new) == NOTHING
    assert told({"board": {"S": longest + "x"}}, {"board": {"S": longest + "y"}}) is None


@pytest.mark.parametrize(
    ("name", "old"),
    [
        ("board", {"S": "\ud800"}),
        ("board", {"L": []}),
        ("board", {"BOOL": True}),
        ("board", {"S": 7}),
        ("board", {"S": "a", "N": "1"}),
        ("board", "a"),
        ("board", {"X": "a"}),
        ("points", {"N": "1.5"}),
        ("points", {"N": "2147483648"}),
        ("points", {"S": "7"}),
        ("points", {"N": "007"}),
        ("price", {"N": "much"}),
        ("price", {"N": "NaN"}),
        ("expires", {"N": "1.5"}),
        ("done", {"N": "1"}),
        ("done", {"BOOL": "true"}),
    ],
)
def test_a_value_that_its_type_does_not_take_is_told_as_null(name: str, old: Json) -> None:
    new = {"board": {"S": "new"}}
    assert told({"id": {"S": "1"}, name: old}, new) == NOTHING


def test_an_id_that_is_kept_as_a_number_is_told_as_the_text_that_it_is_announced_as() -> None:
    assert told({"board": {"N": "12"}}, {"board": {"N": "13"}}) == {**NOTHING, "board": "12"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
attributes = st.dictionaries(
    st.sampled_from(["S", "N", "BOOL", "NULL", "L", "M", "SS", "X"]), json_values, max_size=2
)
images = st.dictionaries(st.sampled_from(list(TYPES)), attributes | json_values)


@given(images, images)
def test_whatever_an_item_was_it_is_told_or_left_out(old: Json, new: Json) -> None:
    was = told(old, new)
    assert was is None or set(was) == set(TYPES)

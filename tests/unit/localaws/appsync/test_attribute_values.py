"""Attribute values in their three forms."""

import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync.attribute_values import MalformedValue, for_dynamodb, plain, plain_map
from localaws.appsync.ports import Json


@pytest.mark.parametrize(
    ("written", "stored", "seen"),
    [
        ({"S": "a"}, {"S": "a"}, "a"),
        ({"N": 1}, {"N": "1"}, 1),
        ({"N": 1.0}, {"N": "1"}, 1),
        ({"N": -1.5}, {"N": "-1.5"}, -1.5),
        ({"N": "12345678901234567890"}, {"N": "12345678901234567890"}, 12345678901234567890),
        ({"BOOL": False}, {"BOOL": False}, False),
        ({"NULL": True}, {"NULL": True}, None),
        ({"NULL": None}, {"NULL": True}, None),
        ({"B": "AAE="}, {"B": b"\x00\x01"}, "AAE="),
        ({"SS": ["a", "b"]}, {"SS": ["a", "b"]}, ["a", "b"]),
        ({"NS": [1, 2.5]}, {"NS": ["1", "2.5"]}, [1, 2.5]),
        ({"BS": ["AAE="]}, {"BS": [b"\x00\x01"]}, ["AAE="]),
        (
            {"L": [{"N": 1}, {"M": {"a": {"B": "AA=="}}}]},
            {"L": [{"N": "1"}, {"M": {"a": {"B": b"\x00"}}}]},
            [1, {"a": "AA=="}],
        ),
    ],
)
def test_a_value_goes_to_dynamodb_and_comes_back_as_json(
    written: Json, stored: Json, seen: Json
) -> None:
    assert for_dynamodb(written) == stored
    assert plain(stored) == seen


@pytest.mark.parametrize(
    "written",
    [
        None,
        "a",
        {},
        {"S": "a", "N": 1},
        {"X": 1},
        {"N": True},
        {"N": None},
        {"B": "not base64!"},
        {"B": 1},
        {"BS": [1]},
        {"L": {"S": "a"}},
        {"M": [1]},
        {"L": [1]},
    ],
)
def test_what_is_no_typed_value_is_refused(written: Json) -> None:
    with pytest.raises(MalformedValue):
        for_dynamodb(written)


ITEMS = st.dictionaries(
    st.text(min_size=1),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=1), inner),
        max_leaves=8,
    ),
)


@given(ITEMS)
def test_whatever_boto3_writes_is_seen_as_it_was(item: dict[str, Json]) -> None:
    serialize = TypeSerializer().serialize
    assert plain_map({name: serialize(value) for name, value in item.items()}) == item

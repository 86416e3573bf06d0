"""Announcements as rows: bounded, and timed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.console.rows import Json, Times, shortened, times

AT = 1_800_000_000.25
WRITTEN, RECORDED = "2027-01-15T08:00:00.000Z", "2027-01-15T08:00:00.100Z"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5_000),
    lambda inner: st.lists(inner, max_size=200) | st.dictionaries(st.text(max_size=20), inner),
    max_leaves=300,
)


@pytest.mark.parametrize(
    ("item", "took"),
    [
        (
            {"updatedAt": WRITTEN, "_change": {"kind": "UPDATE", "recordedAt": RECORDED}},
            Times(250, 150),
        ),
        (
            {"updatedAt": WRITTEN, "_change": {"kind": "DELETE", "recordedAt": RECORDED}},
            Times(None, 150),
        ),
        ({"updatedAt": "soon", "_change": {"kind": "CREATE", "recordedAt": 4}}, Times(None, None)),
        ({"updatedAt": WRITTEN}, Times(None, None)),
        (None, Times(None, None)),
    ],
)
def test_an_announcement_tells_how_long_it_took(item: Json, took: Times) -> None:
    assert times(item, AT) == took


def test_an_item_of_400_kb_is_cut_to_what_a_page_can_show() -> None:
    cut = shortened({"id": "1", "text": "x" * 400_000, "list": [*range(1_000)]})
    assert cut["id"] == "1"
    assert cut["text"] == f"{'x' * 2_000}… (400,000 characters)"
    assert cut["list"][-1] == "… (900 more)"


@given(JSON)
def test_what_is_small_stays_as_it_is_and_nothing_is_large(value: Json) -> None:
    cut = shortened(value)
    assert shortened("short") == "short"
    assert len(json.dumps(cut)) <= max(len(json.dumps(value)) + 40_000, 100)


def test_what_lies_deep_is_left_out() -> None:
    value: Json = "deepest"
    for _ in range(50):
        value = [value]
    assert json.dumps(shortened(value), ensure_ascii=False).count("[") == 6

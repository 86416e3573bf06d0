"""Where Regions do not agree on an item."""

from __future__ import annotations

import pytest

from antipode_tools.console.differences import Json, differing

ITEM = {"id": "1", "text": "a", "version": 1}


@pytest.mark.parametrize(
    ("items", "fields"),
    [
        ({"ireland": ITEM, "sydney": ITEM}, []),
        ({"ireland": ITEM, "sydney": {**ITEM, "text": "b", "version": 2}}, ["text", "version"]),
        ({"ireland": ITEM, "sydney": None}, ["id", "text", "version"]),
        ({"ireland": None, "sydney": None}, []),
        ({"ireland": ITEM}, []),
        ({}, []),
        # What is not there is not what is null.
        ({"ireland": {"text": None}, "sydney": {}}, ["text"]),
    ],
)
def test_the_fields_that_differ_are_named(items: dict[str, Json], fields: list[str]) -> None:
    assert differing(items) == fields

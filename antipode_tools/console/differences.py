"""One item as the Regions have it, and where they do not agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# JSON: an item, or None where there is none.
Json = Any


def differing(items: Mapping[str, Mapping[str, Json] | None]) -> list[str]:
    """The fields that are not the same in every Region, in the order in which they come.

    Args:
        items: the item by Region, of those that answered.
    """
    there = [item or {} for item in items.values()]
    fields = dict.fromkeys(name for item in there for name in item)
    return [
        name
        for name in fields
        if any(item.get(name, _MISSING) != there[0].get(name, _MISSING) for item in there)
    ]


# What no value is equal to: a field that is not there is not a field that is null.
_MISSING = object()

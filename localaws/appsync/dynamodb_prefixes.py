"""`begins_with`, rewritten as a range, since an engine may fail if the attribute is a number.

In DynamoDB it is false for a value of another type than the prefix, as every comparison is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from localaws.json_value import Json

_BEGINS_WITH = re.compile(
    r"(?P<no>\bNOT\s+)?\bbegins_with\s*\(\s*(?P<path>[^(),]+?)\s*,\s*(?P<value>:\w+)\s*\)",
    re.IGNORECASE,
)
_LAST_CHARACTER, _LAST_BEFORE_SURROGATES, _AFTER_SURROGATES = "\U0010ffff", "\ud7ff", "\ue000"


def as_ranges(text: str, values: Mapping[str, Json]) -> tuple[str, dict[str, Json]]:
    """The expression without `begins_with`, and the values that it needs in addition."""
    added: dict[str, Json] = {}

    def as_range(found: re.Match[str]) -> str:
        path, value = found["path"], found["value"]
        end = _end(values.get(value, {}))
        if end is None:
            return f"{found['no'] or ''}{path} >= {value}"
        name = f"{value}__end"
        while name in values:
            name += "_"
        added[name] = end
        between = f"{path} >= {value} AND {path} < {name}"
        # Elsewhere parentheses may be redundant, which DynamoDB refuses.
        return f"{found['no']}({between})" if found["no"] else between

    return _BEGINS_WITH.sub(as_range, text), added


def wrong_prefixes(text: str, values: Mapping[str, Json]) -> list[str]:
    """The types of prefixes that DynamoDB refuses: all but strings and binaries."""
    prefixes = (values.get(each["value"], {}) for each in _BEGINS_WITH.finditer(text))
    return [kind for prefix in prefixes for kind in prefix if kind not in ("S", "B")]


def _end(prefix: Json) -> Json:
    """The first value beyond those that begin with the prefix; None if there is none."""
    match prefix:
        case {"S": str(text)}:
            head = text.rstrip(_LAST_CHARACTER)
            return {"S": head[:-1] + _next(head[-1])} if head else None
        case {"B": bytes(content)}:
            first = content.rstrip(b"\xff")
            return {"B": first[:-1] + bytes([first[-1] + 1])} if first else None
        case _:
            return None


def _next(character: str) -> str:
    return _AFTER_SURROGATES if character == _LAST_BEFORE_SURROGATES else chr(ord(character) + 1)

"""Expressions as one reads them: with names and values in the place of their placeholders."""

from __future__ import annotations

import re

from localaws.appsync.ports import Json


def shown(expression: Json) -> str:
    """`(a = "x" OR size(b) > 2)`: names bare, values as Python writes them."""
    names = expression["expressionNames"]
    values = expression.get("expressionValues", {})
    used = re.findall(r"[#:]\w+", expression["expression"])
    assert set(used) == {*names, *values}, "each placeholder is used"

    def put_in(found: re.Match[str]) -> str:
        place = found[0]
        if place in names:
            return str(names[place])
        [value] = values[place].values()
        return repr(value)

    text: str = re.sub(r"[#:]\w+", put_in, expression["expression"])
    return text

"""Directives as they are written in a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from antipode_tools.schema.definitions import Directive


def text(directive: Directive) -> str:
    """The directive as it is written."""
    arguments = ", ".join(_members(directive.arguments))
    return f"@{directive.name}({arguments})" if arguments else f"@{directive.name}"


# What takes values of enums, which are words without quotes.
_ENUMS = ("allow", "provider", "operations")


def _members(values: Mapping[str, Any]) -> Iterator[str]:
    for name, its in values.items():
        written = _value(its)
        yield f"{name}: {written.replace(chr(34), '') if name in _ENUMS else written}"


def _value(value: Any) -> str:
    match value:
        case Mapping():
            return f"{{ {', '.join(_members(value))} }}"
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)

"""What the SAM CLI's expansion of a template spoils, written so that it does not.

In an Fn::Sub with values of its own it writes a reference that only a stack can resolve as text.
The same reference within the text it leaves to the stack.
"""

from __future__ import annotations

from typing import Any


def plain(node: Any) -> Any:
    """A part of a template with the references of each Fn::Sub in its text."""
    match node:
        case {"Fn::Sub": [str(text), dict(values)]} if len(node) == 1:
            return _plain(text, {name: plain(value) for name, value in values.items()})
        case dict():
            return {name: plain(member) for name, member in node.items()}
        case list():
            return [plain(member) for member in node]
        case _:
            return node


def _plain(text: str, values: dict[str, Any]) -> Any:
    kept = {}
    for name, value in values.items():
        if reference := _reference(value):
            text = text.replace(f"${{{name}}}", reference)
        else:
            kept[name] = value
    return {"Fn::Sub": [text, kept] if kept else text}


def _reference(value: Any) -> str | None:
    match value:
        case {"Fn::GetAtt": [str(resource), str(attribute)]}:
            return f"${{{resource}.{attribute}}}"
        case {"Fn::GetAtt": [str(resource), {"Ref": str(variable)}]}:
            # A loop puts its own value in the place of the inner one.
            return f"${{{resource}.${{{variable}}}}}"
        case _:
            return None

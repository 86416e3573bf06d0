"""Values and literals as the service, which is written in Java, names and prints them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    Node,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)

from localaws.appsync.ports import Json

_INT, _LONG = 2**31, 2**63


def type_name(value: Json) -> str:
    """The Java class of a JSON value: 'String', 'Integer', 'LinkedHashMap'."""
    match value:
        case None:
            return "null"
        case bool():
            return "Boolean"
        case int():
            return _integer_name(value)
        case float():
            return "Double"
        case str():
            return "String"
        case list() | tuple():
            return "ArrayList"
        case _:
            return "LinkedHashMap"


def text(value: Json) -> str:
    """A JSON value as Java's `toString` prints it: `{a=1, b=[x, null]}`."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case float():
            return _double_text(value)
        case list() | tuple():
            return f"[{', '.join(text(each) for each in value)}]"
        case dict():
            return f"{{{', '.join(f'{name}={text(each)}' for name, each in value.items())}}}"
        case _:
            return str(value)


def literal(node: Node | None) -> str:
    """A literal of a document as graphql-java prints it; empty for any other node."""
    match node:
        case NullValueNode():
            return "NullValue{}"
        case StringValueNode():
            return f"StringValue{{value='{node.value}'}}"
        case IntValueNode():
            return f"IntValue{{value={node.value}}}"
        case FloatValueNode():
            return f"FloatValue{{value={node.value}}}"
        case BooleanValueNode():
            return f"BooleanValue{{value={str(node.value).lower()}}}"
        case EnumValueNode():
            return f"EnumValue{{name='{node.value}'}}"
        case VariableNode():
            return f"VariableReference{{name='{node.name.value}'}}"
        case ListValueNode():
            return f"ArrayValue{{values=[{_literals(node.values)}]}}"
        case ObjectValueNode():
            fields = ", ".join(
                f"ObjectField{{name='{field.name.value}', value={literal(field.value)}}}"
                for field in node.fields
            )
            return f"ObjectValue{{objectFields=[{fields}]}}"
        case _:
            return ""


def _integer_name(value: int) -> str:
    if -_INT <= value < _INT:
        return "Integer"
    return "Long" if -_LONG <= value < _LONG else "BigInteger"


def _double_text(value: float) -> str:
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value)
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    if not isinstance(exponent, int):  # infinite, or not a number
        return {"inf": "Infinity", "-inf": "-Infinity"}.get(repr(value), "NaN")
    rest = "".join(map(str, digits[1:])).rstrip("0") or "0"
    return f"{'-' * sign}{digits[0]}.{rest}E{exponent + len(digits) - 1}"


def _literals(values: Sequence[ValueNode]) -> str:
    return ", ".join(literal(value) for value in values)

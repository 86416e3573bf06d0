"""Values as the service's own language, Java, names and prints them in messages and as texts."""

from __future__ import annotations

from decimal import Decimal

from localaws.appsync.ports import Json

_INT, _LONG = 2**31, 2**63


def type_name(value: Json) -> str:
    """The class that a JSON value has there: 'String', 'Integer', 'LinkedHashMap'."""
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
    """What `toString` writes of a JSON value: `{a=1, b=[x, null]}`."""
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

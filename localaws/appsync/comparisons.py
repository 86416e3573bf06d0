"""The comparisons of enhanced filters, as the service makes them.

https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-enhanced-filtering.html
"""

from __future__ import annotations

import math
import operator as operators
from enum import StrEnum
from typing import assert_never

from localaws.appsync.ports import Json


class Operator(StrEnum):
    """The comparisons, by the guide's names. Strings are compared case-sensitively."""

    EQ = "eq"
    NE = "ne"
    LE = "le"
    LT = "lt"
    GE = "ge"
    GT = "gt"
    CONTAINS = "contains"
    NOT_CONTAINS = "notContains"
    BEGINS_WITH = "beginsWith"
    IN = "in"
    NOT_IN = "notIn"
    BETWEEN = "between"
    CONTAINS_ANY = "containsAny"


def kind_of(value: Json) -> type:
    """The JSON type: a boolean is no number, and 1 and 1.0 are of one type."""
    if isinstance(value, bool):
        return bool
    return float if isinstance(value, int | float) else type(value)


def is_ordered(value: Json) -> bool:
    """Whether the service orders values of its type: numbers and strings."""
    return kind_of(value) in (float, str)


def _equal(one: Json, other: Json) -> bool:
    if kind_of(one) is not kind_of(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    return bool(_comparable(one) == _comparable(other))


def _comparable(value: Json) -> Json:
    """A number as a double, which is what a resolver's JavaScript made of it: beyond 2^53 it writes
    a whole number in other digits than the double's own. Everything else as it is."""
    if kind_of(value) is not float:
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _among(value: Json, values: list[Json]) -> bool:
    return any(_equal(value, other) for other in values)


_ORDERS = {
    Operator.LE: operators.le,
    Operator.LT: operators.lt,
    Operator.GE: operators.ge,
    Operator.GT: operators.gt,
}


def compare(operator: Operator, field: Json, value: Json) -> bool:
    """Whether the operator holds between an announced field and a filter's value."""
    match operator:
        case Operator.EQ:
            return _equal(field, value)
        case Operator.NE:
            return kind_of(field) is kind_of(value) and not _equal(field, value)
        case Operator.LE | Operator.LT | Operator.GE | Operator.GT:
            return kind_of(field) is kind_of(value) and bool(
                _ORDERS[operator](_comparable(field), _comparable(value))
            )
        case Operator.CONTAINS:
            return _has(field, value) is True
        case Operator.NOT_CONTAINS:
            return _has(field, value) is False
        case Operator.BEGINS_WITH:
            return isinstance(field, str) and field.startswith(value)
        case Operator.IN:
            return _among(field, value)
        case Operator.NOT_IN:
            return kind_of(field) in set(map(kind_of, value)) and not _among(field, value)
        case Operator.BETWEEN:
            # Without its ends: in the guide's example [1, 5] matches 2, 3 and 4.
            least, there, most = map(_comparable, (value[0], field, value[1]))
            return kind_of(field) is kind_of(value[0]) and bool(least < there < most)
        case Operator.CONTAINS_ANY:
            return isinstance(field, list) and any(_among(one, field) for one in value)
        case _:
            assert_never(operator)


def _has(field: Json, value: Json) -> bool | None:
    """Whether a list, a string or a single item has `value`; None where the types differ."""
    if isinstance(field, list):
        return _among(value, field)
    if kind_of(field) is not kind_of(value):
        return None
    return value in field if isinstance(field, str) else _equal(field, value)

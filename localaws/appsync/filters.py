"""Which announcements a subscription hears: its arguments, or the filter its resolver set.

https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-enhanced-filtering.html
https://docs.aws.amazon.com/appsync/latest/devguide/extensions.html
"""

from __future__ import annotations

import json
import operator as operators
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import assert_never

from localaws.appsync.ports import Json
from localaws.errors import LocalAwsError

# The guide's "Exceptions": how much one filter may hold.
MAX_FIELDS = 5
MAX_ALTERNATIVES = 10
MAX_LEVELS = 5
MAX_CHARACTERS = 256


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


_MAX_VALUES = {Operator.IN: 5, Operator.NOT_IN: 5, Operator.CONTAINS_ANY: 20}


class FilterError(LocalAwsError):
    """A filter that the service refuses: the start that set it fails with `message`."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


# eq=False: Python holds 1 and True for equal, and no filter may.
@dataclass(frozen=True, eq=False)
class Condition:
    """One comparison with the field at `path`."""

    path: tuple[str, ...]
    operator: Operator
    value: Json

    def holds(self, announced: Json) -> bool:
        """False where the field is missing or of another type than the filter's value."""
        for name in self.path:
            if not isinstance(announced, dict) or name not in announced:
                return False
            announced = announced[name]
        return _compare(self.operator, announced, self.value)


@dataclass(frozen=True, eq=False)
class Filter:
    """Alternatives, of which one must hold with all its conditions."""

    alternatives: tuple[tuple[Condition, ...], ...]

    def matches(self, announced: Json) -> bool:
        """Whether `announced`, what the mutation selected, concerns the subscriber."""
        return any(
            all(condition.holds(announced) for condition in conditions)
            for conditions in self.alternatives
        )


def argument_filter(arguments: Mapping[str, Json]) -> Filter:
    """Every argument given must equal the announced field of its name.

    An argument left out does not count; one given as null matches only null.
    https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html
    """
    return Filter(
        (tuple(Condition((name,), Operator.EQ, value) for name, value in arguments.items()),)
    )


def enhanced_filter(group: Json) -> Filter:
    """What `extensions.setSubscriptionFilter` was given, an object or its JSON.

    Raises FilterError, in the service's words where they are known.
    """
    if isinstance(group, str):
        group = _parsed(group)
    alternatives = tuple(
        tuple(_condition(entry) for entry in _entries(conditions, "filters"))
        for conditions in _entries(group, "filterGroup")
    )
    for conditions in alternatives:
        _check_fields([condition.path for condition in conditions])
    # The guide counts `in` as so many alternatives.
    if sum(prod(map(_weight, conditions)) for conditions in alternatives) > MAX_ALTERNATIVES:
        raise FilterError(
            f"Filters combination exceed maximum limit {MAX_ALTERNATIVES} for subscription."
        )
    return Filter(alternatives)


# -- Reading --------------------------------------------------------------------------------


def _parsed(group: str) -> Json:
    try:
        return json.loads(group)
    except (ValueError, RecursionError) as error:
        raise FilterError("subscription filter is not valid JSON.") from error


def _entries(holder: Json, name: str) -> list[Json]:
    entries = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(entries, list) or not entries:
        raise FilterError(f"subscription filter needs a non-empty list `{name}`.")
    return entries


def _condition(entry: Json) -> Condition:
    if not isinstance(entry, dict):
        raise FilterError("subscription filter needs fieldName, operator and value.")
    name, operator = entry.get("fieldName"), entry.get("operator")
    if not isinstance(name, str) or not name:
        raise FilterError("subscription filter has invalid fieldName.")
    if not isinstance(operator, str) or operator not in list(Operator):
        raise FilterError(f"subscription filter has invalid operator `{operator}`.")
    path = tuple(name.split("."))
    if len(path) > MAX_LEVELS:
        raise FilterError(f"subscription filter exceeds maximum nested level {MAX_LEVELS}.")
    condition = Condition(path, Operator(operator), entry.get("value"))
    _check_value(condition)
    _check_lengths(name, condition.value)
    return condition


def _check_fields(paths: list[tuple[str, ...]]) -> None:
    if len(set(paths)) < len(paths):
        raise FilterError("subscription filter uses same fieldName multiple time.")
    if len(paths) > MAX_FIELDS:
        raise FilterError(f"Filters exceed maximum attributes limit {MAX_FIELDS} for subscription.")


def _check_value(condition: Condition) -> None:
    operator, value = condition.operator, condition.value
    if not _fits(operator, value):
        raise FilterError(
            f"subscription filter has invalid filter value for operator `{operator}`."
        )
    limit = _MAX_VALUES.get(operator)
    if limit is not None and len(value) > limit:
        raise FilterError(
            f"subscription exceeds maximum value limit {limit} for operator `{operator}`."
        )


def _check_lengths(name: str, value: Json) -> None:
    values = value if isinstance(value, list) else [value]
    if any(isinstance(text, str) and len(text) > MAX_CHARACTERS for text in [name, *values]):
        raise FilterError(f"subscription filter exceeds maximum string length {MAX_CHARACTERS}.")


def _fits(operator: Operator, value: Json) -> bool:
    match operator:
        case Operator.EQ | Operator.NE:
            return _kind(value) in (bool, float, str)
        case Operator.BEGINS_WITH:
            return isinstance(value, str)
        case Operator.IN | Operator.NOT_IN | Operator.CONTAINS_ANY:
            return isinstance(value, list) and bool(value) and all(map(_is_ordered, value))
        case Operator.BETWEEN:
            return (
                isinstance(value, list)
                and len(value) == 2
                and all(map(_is_ordered, value))
                and _kind(value[0]) is _kind(value[1])
            )
        case (
            Operator.LE
            | Operator.LT
            | Operator.GE
            | Operator.GT
            | Operator.CONTAINS
            | Operator.NOT_CONTAINS
        ):
            return _is_ordered(value)
        case _:
            assert_never(operator)


def _weight(condition: Condition) -> int:
    return len(condition.value) if condition.operator is Operator.IN else 1


# -- Comparing ------------------------------------------------------------------------------


def _kind(value: Json) -> type:
    """The JSON type: a boolean is no number, and 1 and 1.0 are of one type."""
    if isinstance(value, bool):
        return bool
    return float if isinstance(value, int | float) else type(value)


def _is_ordered(value: Json) -> bool:
    return _kind(value) in (float, str)


def _equal(one: Json, other: Json) -> bool:
    if _kind(one) is not _kind(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    return bool(one == other)


def _among(value: Json, values: list[Json]) -> bool:
    return any(_equal(value, other) for other in values)


_ORDERS = {
    Operator.LE: operators.le,
    Operator.LT: operators.lt,
    Operator.GE: operators.ge,
    Operator.GT: operators.gt,
}


def _compare(operator: Operator, field: Json, value: Json) -> bool:
    match operator:
        case Operator.EQ:
            return _equal(field, value)
        case Operator.NE:
            return _kind(field) is _kind(value) and not _equal(field, value)
        case Operator.LE | Operator.LT | Operator.GE | Operator.GT:
            return _kind(field) is _kind(value) and bool(_ORDERS[operator](field, value))
        case Operator.CONTAINS:
            return _has(field, value) is True
        case Operator.NOT_CONTAINS:
            return _has(field, value) is False
        case Operator.BEGINS_WITH:
            return isinstance(field, str) and field.startswith(value)
        case Operator.IN:
            return _among(field, value)
        case Operator.NOT_IN:
            return _kind(field) in set(map(_kind, value)) and not _among(field, value)
        case Operator.BETWEEN:
            # Without its ends: in the guide's example [1, 5] matches 2, 3 and 4.
            return _kind(field) is _kind(value[0]) and bool(value[0] < field < value[1])
        case Operator.CONTAINS_ANY:
            return isinstance(field, list) and any(_among(one, field) for one in value)
        case _:
            assert_never(operator)


def _has(field: Json, value: Json) -> bool | None:
    """Whether a list, a string or a single item has `value`; None where the types differ."""
    if isinstance(field, list):
        return _among(value, field)
    if _kind(field) is not _kind(value):
        return None
    return value in field if isinstance(field, str) else _equal(field, value)

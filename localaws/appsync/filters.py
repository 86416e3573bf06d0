"""Which announcements a subscription hears: its arguments, or the filter its resolver set.

https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-enhanced-filtering.html
https://docs.aws.amazon.com/appsync/latest/devguide/extensions.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import assert_never

from localaws.appsync.comparisons import Operator, compare, is_ordered, kind_of
from localaws.appsync.ports import Json
from localaws.errors import LocalAwsError

# The guide's "Exceptions": how much one filter may hold.
MAX_FIELDS = 5
MAX_ALTERNATIVES = 10
MAX_LEVELS = 5
MAX_CHARACTERS = 256


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
        return compare(self.operator, announced, self.value)


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
            return kind_of(value) in (bool, float, str)
        case Operator.BEGINS_WITH:
            return isinstance(value, str)
        case Operator.IN | Operator.NOT_IN | Operator.CONTAINS_ANY:
            return isinstance(value, list) and bool(value) and all(map(is_ordered, value))
        case Operator.BETWEEN:
            return (
                isinstance(value, list)
                and len(value) == 2
                and all(map(is_ordered, value))
                and kind_of(value[0]) is kind_of(value[1])
            )
        case (
            Operator.LE
            | Operator.LT
            | Operator.GE
            | Operator.GT
            | Operator.CONTAINS
            | Operator.NOT_CONTAINS
        ):
            return is_ordered(value)
        case _:
            assert_never(operator)


def _weight(condition: Condition) -> int:
    return len(condition.value) if condition.operator is Operator.IN else 1

"""FilterCriteria: which records a function gets to see.

The operators are those of https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
A number of an item is a string in a stream record, so `numeric` never matches one.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from localaws.errors import LocalAwsError
from localaws.json_value import Json

Pattern = Mapping[str, Json]

# EventBridge compares prefixes and the like with strings only: anything else does not match.
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_ABSENT = object()


class FilterError(LocalAwsError, ValueError):
    """Lambda would refuse the pattern."""


def parse_pattern(text: str) -> Pattern:
    """Read one pattern.

    Raises:
        FilterError: it is not a JSON object, or holds an operator that Lambda does not know.
    """
    try:
        pattern = json.loads(text)
    except json.JSONDecodeError as error:
        raise FilterError(f"a filter pattern is not JSON: {error}") from error
    _check(pattern)
    checked: Pattern = pattern
    return checked


def matches(pattern: Pattern, value: Json) -> bool:
    """Whether every field of the pattern matches the value's."""
    return all(_field_matches(name, rule, value) for name, rule in pattern.items())


def _field_matches(name: str, rule: Json, value: Json) -> bool:
    if name == "$or":
        return any(matches(alternative, value) for alternative in rule)
    found = value.get(name, _ABSENT) if isinstance(value, Mapping) else _ABSENT
    if isinstance(rule, Mapping):
        return matches(rule, found)
    return any(_rule_matches(alternative, found) for alternative in rule)


def _rule_matches(rule: Json, found: Json) -> bool:
    """Whether one alternative matches the value at its place, which may be absent."""
    # Only a leaf counts as existing: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
    present = found is not _ABSENT and not isinstance(found, Mapping)
    if isinstance(rule, Mapping) and "exists" in rule:
        return present is rule["exists"]
    if not present:
        return False
    values = found if isinstance(found, list) else [found]
    return any(_value_matches(rule, value) for value in values)


def _value_matches(rule: Json, value: Json) -> bool:
    match rule:
        case {"prefix": prefix}:
            return isinstance(value, str) and value.startswith(prefix)
        case {"suffix": suffix}:
            return isinstance(value, str) and value.endswith(suffix)
        case {"equals-ignore-case": text}:
            return isinstance(value, str) and value.lower() == text.lower()
        case {"anything-but": unwanted}:
            return value not in (unwanted if isinstance(unwanted, list) else [unwanted])
        case {"numeric": comparisons}:
            return _is_number(value) and _in_range(value, comparisons)
        case _:
            return type(rule) is type(value) and bool(rule == value)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _in_range(value: float, comparisons: Sequence[Json]) -> bool:
    pairs = zip(comparisons[::2], comparisons[1::2], strict=True)
    return all(_COMPARISONS[sign](value, bound) for sign, bound in pairs)


_OPERATORS = frozenset(
    {"exists", "prefix", "suffix", "equals-ignore-case", "anything-but", "numeric"}
)


def _check(pattern: Json) -> None:
    if not isinstance(pattern, Mapping) or not pattern:
        raise FilterError(f"a filter pattern is {json.dumps(pattern)}, it must be an object")
    for name, rule in pattern.items():
        _check_field(name, rule)


def _check_field(name: str, rule: Json) -> None:
    if isinstance(rule, Mapping):
        return _check(rule)
    if not isinstance(rule, list) or not rule:
        raise FilterError(f"the filter rule of {name!r} is {json.dumps(rule)}, it must be a list")
    if name == "$or":
        for alternative in rule:
            _check(alternative)
        return None
    return _check_operators(name, rule)


def _check_operators(name: str, rule: Sequence[Json]) -> None:
    for alternative in rule:
        if isinstance(alternative, Mapping) and not alternative.keys() <= _OPERATORS:
            raise FilterError(
                f"the filter rule of {name!r} has an unknown alternative: {json.dumps(alternative)}"
            )

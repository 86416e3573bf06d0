"""Expressions that DynamoDB refuses and an engine may accept, or that an engine may fail on.

`checked` runs before the engine is called. It refuses, in DynamoDB's words, overlapping paths in an
update, arithmetic on a value that is not a number, a key in a query's filter and a prefix that is
neither a string nor binary; and it rewrites `begins_with` as a range.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations

from localaws.appsync.dynamodb_prefixes import as_ranges, wrong_prefixes
from localaws.appsync.dynamodb_updates import TOKEN, Path, operands, targets
from localaws.errors import LocalAwsError
from localaws.json_value import Json

_WORDS = frozenset(
    [
        "and",
        "or",
        "not",
        "between",
        "in",
        "attribute_exists",
        "attribute_not_exists",
        "attribute_type",
        "begins_with",
        "contains",
        "size",
    ]
)


class ExpressionRefused(LocalAwsError):
    """A ValidationException of DynamoDB's, in its words."""


def checked(arguments: Mapping[str, Json], keys: Collection[str] = ()) -> dict[str, Json]:
    """A call's arguments, rewritten for the engine. Raises ExpressionRefused.

    `keys` are the key attributes of the table or index that a query reads.
    """
    names = arguments.get("ExpressionAttributeNames") or {}
    values = arguments.get("ExpressionAttributeValues") or {}
    if update := arguments.get("UpdateExpression"):
        _check_update(update, names, values)
    if keys and (text := arguments.get("FilterExpression")):
        _check_filter(text, names, keys)
    result = dict(arguments)
    for member in ("FilterExpression", "ConditionExpression"):
        if text := arguments.get(member):
            for kind in wrong_prefixes(text, values):
                raise _wrong_operand(member, "begins_with", kind)
            result[member], added = as_ranges(text, values)
            if added:
                result["ExpressionAttributeValues"] = {
                    **result["ExpressionAttributeValues"],
                    **added,
                }
    return result


def _check_update(text: str, names: Mapping[str, str], values: Mapping[str, Json]) -> None:
    for one, two in combinations(targets(text, names), 2):
        if one[: len(two)] == two[: len(one)]:
            raise ExpressionRefused(
                "Invalid UpdateExpression: Two document paths overlap with each other; must remove "
                f"or rewrite one of these paths; path one: {_shown(one)}, path two: {_shown(two)}"
            )
    for operator, side in operands(text):
        kind = next(iter(values.get(side[0], {"N": ""})), "N") if len(side) == 1 else "N"
        if kind != "N":
            raise _wrong_operand("UpdateExpression", operator, kind)


def _wrong_operand(member: str, operator: str, kind: str) -> ExpressionRefused:
    return ExpressionRefused(
        f"Invalid {member}: Incorrect operand type for operator or function; "
        f"operator or function: {operator}, operand type: {kind}"
    )


def _check_filter(text: str, names: Mapping[str, str], keys: Collection[str]) -> None:
    before = ""
    for token in TOKEN.findall(text):
        is_name = token[0] != ":" and (token[0] in "#_" or token[0].isalpha())
        name = names.get(token, token)
        if is_name and before != "." and token.lower() not in _WORDS and name in keys:
            raise ExpressionRefused(
                "Filter Expression can only contain non-primary key attributes: "
                f"Primary key attribute: {name}"
            )
        before = token


def _shown(path: Path) -> str:
    return f"[{', '.join(f'[{step}]' if isinstance(step, int) else step for step in path)}]"

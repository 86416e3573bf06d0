"""What DynamoDB refuses or makes of expressions, where engines take or break on them.

`checked` stands in front of the engine: it refuses, in DynamoDB's words, two paths of one update
that overlap, arithmetic on what is no number and a key in a query's filter; and it says
`begins_with` in a way that is false of a number, as DynamoDB has it, where an engine fails.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from localaws.errors import LocalAwsError
from localaws.json_value import Json

_TOKEN = re.compile(r"[#:]?\w+|\S")
_CLAUSES = ("SET", "REMOVE", "ADD", "DELETE")
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
_LAST_CHARACTER, _LAST_BEFORE_SURROGATES, _AFTER_SURROGATES = "\U0010ffff", "\ud7ff", "\ue000"

# ("a", 0, "b") for a[0].b
Path = tuple[str | int, ...]


class ExpressionRefused(LocalAwsError):
    """A ValidationException of DynamoDB's, in its words."""


def checked(arguments: Mapping[str, Json], keys: Collection[str] = ()) -> dict[str, Json]:
    """A call's arguments as the engine should have them. Raises ExpressionRefused.

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
            result[member], added = _without_begins_with(text, values)
            if added:
                result["ExpressionAttributeValues"] = {
                    **result["ExpressionAttributeValues"],
                    **added,
                }
    return result


def added_to(arguments: Mapping[str, Json]) -> list[Path]:
    """The attributes that an update adds to or subtracts from, which must hold numbers."""
    names = arguments.get("ExpressionAttributeNames") or {}
    actions = _actions(arguments.get("UpdateExpression") or "")
    sides = (side for verb, action in actions if verb == "SET" for side in _operands(action))
    return [_path(side, names) for _, side in sides if _is_path(side)]


def _check_update(text: str, names: Mapping[str, str], values: Mapping[str, Json]) -> None:
    actions = list(_actions(text))
    paths = [_path(_target(verb, action), names) for verb, action in actions]
    for one, two in combinations(paths, 2):
        if one[: len(two)] == two[: len(one)]:
            raise ExpressionRefused(
                "Invalid UpdateExpression: Two document paths overlap with each other; must remove "
                f"or rewrite one of these paths; path one: {_shown(one)}, path two: {_shown(two)}"
            )
    for operator, side in (each for _, action in actions for each in _operands(action)):
        kind = next(iter(values.get(side[0], {"N": ""})), "N") if len(side) == 1 else "N"
        if kind != "N":
            raise ExpressionRefused(
                "Invalid UpdateExpression: Incorrect operand type for operator or function; "
                f"operator or function: {operator}, operand type: {kind}"
            )


def _check_filter(text: str, names: Mapping[str, str], keys: Collection[str]) -> None:
    before = ""
    for token in _TOKEN.findall(text):
        is_name = token[0] != ":" and (token[0] in "#_" or token[0].isalpha())
        name = names.get(token, token)
        if is_name and before != "." and token.lower() not in _WORDS and name in keys:
            raise ExpressionRefused(
                "Filter Expression can only contain non-primary key attributes: "
                f"Primary key attribute: {name}"
            )
        before = token


def _actions(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each action of an update with its clause: ("SET", ["a", "=", ":a"])."""
    verb, action, depth = "", list[str](), 0
    for token in _TOKEN.findall(text):
        depth += (token in "([") - (token in ")]")
        if depth == 0 and (token == "," or token.upper() in _CLAUSES):
            if action:
                yield verb, action
            verb, action = (verb if token == "," else token.upper()), []
        else:
            action.append(token)
    if action:
        yield verb, action


def _target(verb: str, action: Sequence[str]) -> Sequence[str]:
    for index, token in enumerate(action):
        if (verb == "SET" and token == "=") or (verb != "SET" and token[0] == ":"):
            return action[:index]
    return action


def _operands(action: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Both sides of a sum or a difference, with its operator."""
    value = list(action[action.index("=") + 1 :]) if "=" in action else []
    for index, token in enumerate(value):
        if token in ("+", "-"):
            yield token, value[:index]
            yield token, value[index + 1 :]


def _is_path(side: Sequence[str]) -> bool:
    return bool(side) and side[0][0] != ":" and "(" not in side


def _path(tokens: Sequence[str], names: Mapping[str, str]) -> Path:
    steps = (token for token in tokens if token not in (".", "[", "]"))
    return tuple(int(step) if step.isdecimal() else names.get(step, step) for step in steps)


def _shown(path: Path) -> str:
    return f"[{', '.join(f'[{step}]' if isinstance(step, int) else step for step in path)}]"


_BEGINS_WITH = re.compile(
    r"(\(\s*)?\bbegins_with\s*\(\s*([^(),]+?)\s*,\s*(:\w+)\s*\)(\s*\))?", re.IGNORECASE
)


def _without_begins_with(text: str, values: Mapping[str, Json]) -> tuple[str, dict[str, Json]]:
    """What begins with a text lies between it and the next text that does not; a comparison of
    what is no text is false."""
    added: dict[str, Json] = {}

    def between(found: re.Match[str]) -> str:
        before, path, value, after = found.groups()
        prefix = values.get(value, {}).get("S")
        if not prefix or prefix[-1] == _LAST_CHARACTER:
            return found[0]
        end = f"{value}__end"
        added[end] = {"S": prefix[:-1] + _next(prefix[-1])}
        rendered = f"({path} >= {value} AND {path} < {end})"
        if before and after:
            return rendered  # DynamoDB refuses redundant parentheses
        return f"{before or ''}{rendered}{after or ''}"

    return _BEGINS_WITH.sub(between, text), added


def _next(character: str) -> str:
    return _AFTER_SURROGATES if character == _LAST_BEFORE_SURROGATES else chr(ord(character) + 1)

"""Update expressions, taken apart: the paths they write and the operands of their arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

TOKEN = re.compile(r"[#:]?\w+|\S")
_CLAUSES = ("SET", "REMOVE", "ADD", "DELETE")

# ("a", 0, "b") for a[0].b
Path = tuple[str | int, ...]


def targets(text: str, names: Mapping[str, str]) -> list[Path]:
    """The paths that an update writes."""
    return [path(_target(verb, action), names) for verb, action in _actions(text)]


def operands(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Both sides of each sum and difference, with its operator."""
    for verb, action in _actions(text):
        if verb == "SET" and "=" in action:
            yield from _sides(without_parentheses(action[action.index("=") + 1 :]))


def path(tokens: Sequence[str], names: Mapping[str, str]) -> Path:
    """The path that tokens spell, its placeholders resolved."""
    steps = (token for token in tokens if token not in (".", "[", "]"))
    return tuple(int(step) if step.isdecimal() else names.get(step, step) for step in steps)


def without_parentheses(tokens: Sequence[str]) -> Sequence[str]:
    """An expression without the parentheses that enclose all of it."""
    while tokens and tokens[0] == "(" and _closing(tokens) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens


def _closing(tokens: Sequence[str]) -> int:
    """The index of the parenthesis that closes the first one."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token == "(") - (token == ")")
        if depth == 0:
            return index
    return -1


def _sides(value: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    for index, token in enumerate(value):
        if token in ("+", "-"):
            yield token, without_parentheses(value[:index])
            yield token, without_parentheses(value[index + 1 :])


def _actions(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each action of an update with its clause: ("SET", ["a", "=", ":a"])."""
    verb, action, depth = "", list[str](), 0
    for token in TOKEN.findall(text):
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

"""The helpers that resolvers share, copied into each from graphql/resolvers/shared.js.

AppSync takes a resolver as one file. So each says between two comments what it calls of shared.js,
and what that calls in turn, and nothing else: of comments above functions, since a resolver has
32 KB, the types.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from antipode_tools.schema.marks import between

SHARED = "shared.js"

_MARKS = between("shared.js, by antipode schema", comment="//")
# A function with the comment above it.
_HELPER = re.compile(
    r"^(?P<comment>/\*\*(?:(?!\*/).)*\*/\n)export (?P<body>function (?P<name>\w+)\(.*?^\}\n)",
    re.DOTALL | re.MULTILINE,
)
_FUNCTION = re.compile(r"\bfunction (\w+)\(")
_CALL = re.compile(r"\b(\w+)\(")


class NameTakenError(ValueError):
    """Two functions of one name would stand in a resolver: rename the one that is named."""


def with_helpers(resolvers: Mapping[str, str], shared: str) -> dict[str, str]:
    """The text of each resolver, by its name, with the helpers that it calls.

    Args:
        resolvers: a resolver without the two comments stays as it is.
        shared: the text of shared.js.

    Raises:
        NameTakenError: a resolver has a function of a helper's name beside it.
    """
    helpers = {
        found["name"]: _types(found["comment"]) + found["body"]
        for found in _HELPER.finditer(shared)
    }
    return {name: _stamped(name, text, helpers) for name, text in resolvers.items()}


def _types(comment: str) -> str:
    """What a comment says of types; its words are for whoever reads shared.js."""
    _, tag, types = comment.partition(" * @")
    return f"/**\n{tag}{types}" if tag else ""


def _stamped(name: str, resolver: str, helpers: Mapping[str, str]) -> str:
    if not _MARKS.search(resolver):
        return resolver
    own = _MARKS.sub("", resolver)
    called = _called(own, helpers)
    if taken := sorted(called & set(_FUNCTION.findall(own))):
        raise NameTakenError(
            f"{name} has a function {taken[0]}, and so has shared.js, of which it gets what it "
            "calls: rename its own"
        )
    texts = "\n".join(text for name, text in helpers.items() if name in called)
    return _MARKS.sub(lambda its: f"{its['begin']}{texts}{its['end']}", resolver)


def _called(text: str, helpers: Mapping[str, str]) -> set[str]:
    """The names of the helpers that a text calls, and of those that they call."""
    called: set[str] = set()
    waiting = _calls(text, helpers)
    while waiting:
        name = waiting.pop()
        if name not in called:
            called.add(name)
            waiting |= _calls(helpers[name], helpers)
    return called


def _calls(text: str, helpers: Mapping[str, str]) -> set[str]:
    # One pass over the text: one for each helper takes twenty times as long.
    return helpers.keys() & _CALL.findall(text)

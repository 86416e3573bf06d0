"""The first transformer's words in rules as those of today: queries, mutations, identityField.

There a rule without `queries` was for both of them and one without `mutations` for all three; null
took them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from antipode_tools.schema.definitions import Directive, listed

_QUERIES = ("get", "list")
_MUTATIONS = ("create", "update", "delete")
_OLD = ("queries", "mutations", "identityField")


def modern_rules(directive: Directive) -> Directive | None:
    """The @auth as it is written today; None for one that is so already."""
    rules = listed(directive.arguments.get("rules"))
    if not any(isinstance(each, Mapping) and any(name in each for name in _OLD) for each in rules):
        return None
    return replace(directive, arguments={**directive.arguments, "rules": list(map(_rule, rules))})


def _rule(rule: Any) -> Any:
    if not isinstance(rule, Mapping):
        return rule
    its = {name: value for name, value in rule.items() if name not in _OLD}
    if "identityField" in rule:
        its.setdefault("identityClaim", rule["identityField"])
    if "operations" not in rule and ("queries" in rule or "mutations" in rule):
        words = [*_words(rule, "mutations", _MUTATIONS), *_words(rule, "queries", _QUERIES)]
        if not {*_QUERIES, *_MUTATIONS} <= {*filter(_is_text, words)}:
            its["operations"] = list(_read(words))
    return its


def _words(rule: Mapping[str, Any], name: str, otherwise: tuple[str, ...]) -> list[Any]:
    return listed(rule[name]) if name in rule else list(otherwise)


def _read(words: list[Any]) -> Iterator[Any]:
    """To get and to list was to read, which subscribers did with it."""
    if {*_QUERIES} <= {*filter(_is_text, words)}:
        yield from (each for each in words if each not in _QUERIES)
        yield "read"
    else:
        yield from words


def _is_text(word: Any) -> bool:
    return isinstance(word, str)

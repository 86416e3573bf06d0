"""What is wrong with the rules of @auth, as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from antipode_tools.schema.auth.rules import (
    ARGUMENTS,
    AUTH,
    MODES,
    OPERATIONS,
    PROVIDERS,
    Strategy,
)
from antipode_tools.schema.definitions import Definitions, Directive
from antipode_tools.schema.diagnostics import Diagnostic

EXAMPLE = "@auth(rules: [{ allow: owner }, { allow: private, operations: [read] }])"
# A claim is named as tokens name theirs: cognito:groups, or two whose values are joined.
_CLAIM = re.compile(r"[^\s,;]{1,256}")
_ALWAYS = ("allow", "provider", "operations")
# Of the first transformer, and what says the same today.
_EARLIER = {
    "queries": "operations: [read]",
    "mutations": "operations: [create, update, delete]",
    "identityField": "identityClaim",
}


def check_rules(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the rules of models, their fields, and operations."""
    for type_ in definitions.models:
        yield from _check(type_.name, type_.directives)
    for type_ in (*definitions.models, *definitions.roots):
        for field in type_.fields:
            yield from _check(f"{type_.name}.{field.name}", field.directives)


def _check(path: str, directives: tuple[Directive, ...]) -> Iterator[Diagnostic]:
    for directive in directives:
        if directive.name == AUTH:
            rules = directive.arguments.get("rules")
            if not isinstance(rules, list) or not rules:
                yield Diagnostic(directive.line, f"{path} has @auth without rules: {EXAMPLE}")
                continue
            for rule in rules:
                for problem in _problems(rule):
                    yield Diagnostic(directive.line, f"{path} has @auth with {problem}")


def _problems(rule: object) -> Iterator[str]:
    if not isinstance(rule, Mapping) or rule.get("allow") not in list(Strategy):
        yield f"a rule that does not say whom it lets in: {{ allow: {' | '.join(Strategy)} }}"
        return
    strategy = Strategy(rule["allow"])
    takes = (*_ALWAYS, *ARGUMENTS[strategy])
    for name in rule:
        if name not in takes:
            mend = _EARLIER.get(name)
            instead = f"write {mend}" if mend else f"it takes {', '.join(takes[1:])}"
            yield f"{name}, which a rule of allow: {strategy} does not take: {instead}"
    yield from _provider(strategy, rule.get("provider"))
    yield from _operations(rule)
    yield from _values(strategy, rule)


def _provider(strategy: Strategy, provider: Any) -> Iterator[str]:
    if provider is None:
        return
    suiting = [name for name, mode in PROVIDERS.items() if mode in MODES[strategy]]
    if provider not in suiting:
        yield f"provider: {provider}, and allow: {strategy} is for {', '.join(suiting)}"


def _operations(rule: Mapping[str, Any]) -> Iterator[str]:
    words = rule.get("operations")
    if words is None:
        return
    if not isinstance(words, list) or not words:
        yield "operations of nothing, which lets nobody do anything: leave it out for all of them"
        return
    for word in words:
        if word not in OPERATIONS:
            yield f"the operation {word}: there are {', '.join(OPERATIONS)}"


def _values(strategy: Strategy, rule: Mapping[str, Any]) -> Iterator[str]:
    for name in ("ownerField", "groupsField"):
        if name in rule and not (isinstance(rule[name], str) and rule[name].isidentifier()):
            yield f"{name}: {rule[name]}, which names no field"
    for name in ("identityClaim", "groupClaim"):
        if name in rule and not (isinstance(rule[name], str) and _CLAIM.fullmatch(rule[name])):
            yield f"{name}: {rule[name]}, which names no claim of a token"
    if strategy is Strategy.GROUPS:
        groups = rule.get("groups")
        if ("groups" in rule) == ("groupsField" in rule):
            yield 'allow: groups, which needs either groups: ["..."] or groupsField: "..."'
        elif "groups" in rule and not (
            isinstance(groups, list)
            and groups
            and all(isinstance(each, str) and each for each in groups)
        ):
            yield 'groups of nobody: name some, groups: ["moderators"]'

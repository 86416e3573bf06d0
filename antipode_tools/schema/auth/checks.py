"""What is wrong with the rules of @auth, as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from antipode_tools.schema.auth.rules import (
    ARGUMENTS,
    AUTH,
    CLAIMS,
    MODES,
    OPERATIONS,
    PROVIDERS,
    Strategy,
)
from antipode_tools.schema.definitions import Definitions, Directive, listed
from antipode_tools.schema.diagnostics import Diagnostic

EXAMPLE = "@auth(rules: [{ allow: owner }, { allow: private, operations: [read] }])"
# A claim is named as tokens name theirs: cognito:groups, or two whose values are joined.
_CLAIM = re.compile(r"[^\s,;]{1,256}")
_ALWAYS = ("allow", "provider", "operations")
# Of the first transformer, and what says the same today. On models they are read as that.
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
            rules = listed(directive.arguments.get("rules"))
            if not rules:
                yield Diagnostic(directive.line, f"{path} has @auth without rules: {EXAMPLE}")
                continue
            for rule in rules:
                for problem in _problems(rule):
                    yield Diagnostic(directive.line, f"{path} has @auth with {problem}")
                if _is_idle(rule):
                    yield Diagnostic(
                        directive.line,
                        f"{path} has @auth with operations of nothing, which lets nobody do "
                        "anything: leave operations out for all of them",
                        refused=False,
                    )


def right_rules(directive: Directive) -> list[Any]:
    """Those of the rules of an @auth that nothing is wrong with."""
    rules = listed(directive.arguments.get("rules"))
    return [each for each in rules if not any(_problems(each))]


def _is_idle_claim(strategy: Strategy, name: str) -> bool:
    """Whether it is a claim in a rule that asks for none, which Amplify takes and leaves alone."""
    return name in CLAIMS.values() and strategy not in CLAIMS


def _is_idle(rule: object) -> bool:
    return isinstance(rule, Mapping) and rule.get("operations") == []


def _problems(rule: object) -> Iterator[str]:
    if not isinstance(rule, Mapping) or rule.get("allow") not in list(Strategy):
        yield f"a rule that does not say whom it lets in: {{ allow: {' | '.join(Strategy)} }}"
        return
    strategy = Strategy(rule["allow"])
    takes = (*_ALWAYS, *ARGUMENTS[strategy])
    for name in rule:
        if name not in takes and not _is_idle_claim(strategy, name):
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
    for word in listed(rule.get("operations")):
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
        groups = listed(rule.get("groups"))
        if ("groups" in rule) == ("groupsField" in rule):
            yield 'allow: groups, which needs either groups: ["..."] or groupsField: "..."'
        elif "groups" in rule and not (
            groups and all(isinstance(each, str) and each for each in groups)
        ):
            yield 'groups of nobody: name some, groups: ["moderators"]'

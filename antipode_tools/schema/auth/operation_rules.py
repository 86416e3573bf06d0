"""Rules of operations of the user's own: who may call them. What they write is their code's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.auth.rules import AUTH, Strategy, rules_of, written
from antipode_tools.schema.definitions import Definitions, Field
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import directive_of
from antipode_tools.schema.resolved import FOLDER, LISTEN, Resolved


def with_static(definitions: Definitions) -> Definitions:
    """The definitions whose operations have such rules alone as need no item, where there are any.
    The rules must be right."""
    roots = tuple(
        replace(root, fields=tuple(map(_static, root.fields))) for root in definitions.roots
    )
    return replace(definitions, roots=roots)


def check_static(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is left out by that."""
    for root in definitions.roots:
        for field in root.fields:
            if _static(field) != field:
                yield Diagnostic(
                    field.line,
                    f"{root.name}.{field.name} has rules by a field of an item, and an operation "
                    "has none: they let nobody in, and are left out. Let its code look at the item",
                    refused=False,
                )


def _static(field: Field) -> Field:
    directives = (
        replace(
            each, arguments={"rules": [rule for rule, _ in written([each]) if not _looks(rule)]}
        )
        if each.name == AUTH and not all(_looks(rule) for rule, _ in written([each]))
        else each
        for each in field.directives
    )
    return replace(field, directives=tuple(directives))


def _looks(rule: Mapping[str, Any]) -> bool:
    """Whether a rule looks at the item."""
    return rule.get("allow") == Strategy.OWNER or "groupsField" in rule


def check_called(
    definitions: Definitions, resolved: Iterable[Resolved], modes: Sequence[AuthMode]
) -> Iterator[Diagnostic]:
    """What is wrong with the rules of the operations, and what those without any let in."""
    resolved = tuple(resolved)
    own = {each.path: each for each in resolved}
    for root in definitions.roots:
        for field in root.fields:
            path = f"{root.name}.{field.name}"
            yield from _check(path, field, own.get(path))
    ruled = {type_.name for type_ in definitions.models if rules_of(type_.directives) is not None}
    yield from _open([each for each in resolved if not touched(each, ruled)], modes)
    for each in resolved:
        names = " and ".join(touched(each, ruled))
        # What a subscription would tell of is looked at by subscription_rules.py.
        if not names or each.type == "Subscription":
            continue
        if each.is_operation:
            problem = (
                f"{each.path} reads or writes {names}, and does not say who may call it: whom any "
                "rule there lets in may. What it answers of it is what they may read; what it "
                "writes is its own. Say who, @auth(rules: [{ allow: private }])"
            )
        else:
            problem = (
                f"{each.path} reads {names} by your own code, whose rules do not reach there: "
                "whoever reads the item is told, unless the code looks at who asks"
            )
        yield Diagnostic(each.field.line, problem, refused=False)


def _open(resolved: Iterable[Resolved], modes: Sequence[AuthMode]) -> Iterator[Diagnostic]:
    """Operations that each of several modes lets call: AppSync's default for them is one."""
    found = [
        each
        for each in resolved
        if each.is_operation and not directive_of(each.field.directives, AUTH)
    ]
    if len(modes) > 1 and found:
        names = ", ".join(each.path for each in found)
        yield Diagnostic(
            found[0].field.line,
            f"{names}: without @auth whoever signs in may call it, by {' and by '.join(modes)}."
            " Say who may, @auth(rules: [{ allow: private }])",
            refused=False,
        )


def touched(each: Resolved, ruled: Collection[str]) -> list[str]:
    """The models with rules that the user's code reads, writes or answers, without rules of its
    own."""
    if directive_of(each.field.directives, AUTH):
        return []
    named = {each.field.named, *(step.model for step in each.steps if step.model)}
    return sorted(named.intersection(ruled))


def _check(path: str, field: Field, own: Resolved | None) -> Iterator[Diagnostic]:
    rules = rules_of(field.directives)
    if rules is None:
        return
    if own is None:
        # The schema says of which modes they are; nothing looks at their groups.
        yield Diagnostic(
            rules[0].line,
            f"{path} has @auth, and is heard by those of them who may listen to its model: rules "
            "of groups, and of owners, are the model's",
            refused=any(rule.groups or rule.field for rule in rules),
        )
    elif own.type == "Subscription" and own.steps[0].code != LISTEN:
        yield Diagnostic(
            rules[0].line,
            f"{path} has @auth and code of your own, which is all that AppSync asks: let "
            f"{FOLDER}/{path}.js say who may listen",
        )
    for rule in rules:
        if rule.field:
            yield Diagnostic(
                rule.line,
                f"{path} has allow: {rule.strategy} by the field {rule.field}, and an operation "
                "has no item to look at: use groups, private, public or custom, and let its code "
                "look at the item",
            )

"""Rules of operations of the user's own: who may call them. What they write is their code's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.schema.auth.rules import AUTH, rules_of
from antipode_tools.schema.definitions import Definitions, Field
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.models import directive_of
from antipode_tools.schema.resolved import FOLDER, LISTEN, Resolved


def check_called(definitions: Definitions, resolved: Iterable[Resolved]) -> Iterator[Diagnostic]:
    """What is wrong with the rules of the operations, and where one must have some."""
    ruled = {type_.name for type_ in definitions.models if rules_of(type_.directives) is not None}
    resolved = tuple(resolved)
    own = {each.path: each for each in resolved}
    for root in definitions.roots:
        for field in root.fields:
            path = f"{root.name}.{field.name}"
            yield from _check(path, field, own.get(path))
    for each in resolved:
        touched = sorted(_touched(each) & ruled)
        if not touched or directive_of(each.field.directives, AUTH):
            continue
        names = " and ".join(touched)
        if each.type == "Subscription":
            # subscription_rules.py looks at what it would tell.
            continue
        if each.is_operation:
            yield Diagnostic(
                each.field.line,
                f"{each.path} reads or writes {names}, whose rules do not reach into your code: "
                "say who may call it, @auth(rules: [{ allow: private }])",
            )
        else:
            yield Diagnostic(
                each.field.line,
                f"{each.path} reads {names} by your own code, whose rules do not reach there: "
                "whoever reads the item is told, unless the code looks at who asks",
                refused=False,
            )


def _touched(each: Resolved) -> set[str]:
    return {each.field.named, *(step.model for step in each.steps if step.model)}


def _check(path: str, field: Field, own: Resolved | None) -> Iterator[Diagnostic]:
    rules = rules_of(field.directives)
    if rules is None:
        return
    if own is None:
        yield Diagnostic(
            rules[0].line, f"{path} has @auth, and is heard by whoever may listen to its model"
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

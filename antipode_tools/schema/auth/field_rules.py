"""Where rules meet the fields of their model: what they look at, and fields with rules of their
own."""

from __future__ import annotations

from collections.abc import Iterator

from antipode_tools.schema.auth.covering import unread
from antipode_tools.schema.auth.fields import deciding, withheld
from antipode_tools.schema.auth.rules import AUTH, GROUPS, Strategy, rules_of
from antipode_tools.schema.definitions import Definitions, Field, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import (
    directive_of,
    index_directives,
    is_stored,
    relation_of,
    sort_names,
)
from antipode_tools.schema.keys import key_names

_NAMES = ("String", "ID")


def check_fields(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the fields that rules look at, and with those that have rules. The rules
    must be right."""
    for model in definitions.models:
        for name in deciding(model):
            yield from _check_deciding(model, name)
        for field in model.fields:
            if directive_of(field.directives, AUTH):
                yield from _check_guarded(model, field)
    yield from _check_claims(definitions)


def _check_deciding(model: ObjectType, name: str) -> Iterator[Diagnostic]:
    field = model.field(name)
    path = f"{model.name}.{name}"
    if field is None:
        line = model.line
        yield Diagnostic(
            line,
            f"{model.name} has a rule by groupsField {name}, which is no field of it: declare it, "
            f"{name}: [String]",
        )
        return
    if not is_stored(field) or field.named not in _NAMES or field.type.count("[") > 1:
        yield Diagnostic(
            field.line,
            f"{path} says whom a rule lets in and is {field.type}: make it String, or [String] for "
            "several, or name another field in the rule",
        )


def _check_guarded(model: ObjectType, field: Field) -> Iterator[Diagnostic]:
    path, line = f"{model.name}.{field.name}", field.line
    if not is_stored(field) and not relation_of(field):
        yield Diagnostic(
            line, f"{path} has @auth and is not stored: give the rules to what its value comes from"
        )
    elif field.name in deciding(model):
        yield from _check_own(model, field)
    elif field.name in _keyed(model) and field.name in withheld(model):
        yield Diagnostic(
            line,
            f"{path} has @auth and is in a key or an index: whoever asks by it learns what it is. "
            "Let its rules have read for whomever the model's let in, or take it out of there",
        )


def _check_own(model: ObjectType, field: Field) -> Iterator[Diagnostic]:
    """What says whom an item is for is read by whoever reads the item: it is announced, since
    subscriptions are chosen by it."""
    rules, own = rules_of(model.directives) or (), rules_of(field.directives) or ()
    for rule, missing in unread(rules, own):
        yield Diagnostic(
            field.line,
            f"{model.name}.{field.name} says whom a rule lets in, and so is read by whoever "
            f"reads the item: let its @auth have allow: {rule.strategy} with "
            f"{', '.join(missing)} too",
        )


def _keyed(model: ObjectType) -> set[str]:
    found = set(key_names(model))
    for field, index in index_directives(model):
        found |= {field.name, *sort_names(index)}
    return found


def _check_claims(definitions: Definitions) -> Iterator[Diagnostic]:
    """The authorizer hands a claim on as a text, or as a list of groups."""
    every = [
        rule
        for type_ in (*definitions.models, *definitions.roots)
        for directives in (type_.directives, *(field.directives for field in type_.fields))
        for rule in rules_of(directives) or ()
    ]
    groups = {rule.claim or GROUPS for rule in every if rule.strategy is Strategy.GROUPS}
    for rule in every:
        names = (rule.claim or "").split("::") if rule.strategy is Strategy.OWNER else ()
        for claim in groups.intersection(names):
            yield Diagnostic(
                rule.line,
                f"the claim {claim} is who somebody is in one rule and their groups in "
                "another: it is one of them",
            )

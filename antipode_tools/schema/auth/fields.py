"""The fields that rules look at: who owns an item, and which groups it is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from antipode_tools.schema.auth.covering import is_read_by_all
from antipode_tools.schema.auth.rules import AUTH, OWNER_FIELD, Strategy, rules_of, written
from antipode_tools.schema.definitions import Definition, Definitions, Directive, Field, ObjectType

_COMMENT = ("Whose the item is: whoever creates it, unless they may say otherwise.",)


def with_owners(definitions: Definitions) -> Definitions:
    """The definitions with the field of each rule for owners, where there is none yet."""
    return replace(definitions, all=tuple(map(_with_owners, definitions.all)))


def deciding(type_: ObjectType) -> tuple[str, ...]:
    """The names of the fields that rules look at, each once. The rules must be right."""
    every = [rules_of(type_.directives), *(rules_of(field.directives) for field in type_.fields)]
    found = (rule.field for rules in every for rule in rules or () if rule.field)
    return tuple(dict.fromkeys(found))


def owners(type_: ObjectType) -> tuple[str, ...]:
    """Those of them that hold owners by a rule of the type, which whoever creates an item need not
    give."""
    rules = rules_of(type_.directives) or ()
    found = (rule.field for rule in rules if rule.strategy is Strategy.OWNER and rule.field)
    return tuple(dict.fromkeys(found))


def withheld(type_: ObjectType) -> tuple[str, ...]:
    """The names of the fields that not everybody reads who gets the item, by rules of their own.
    What rules look at is read by all of them, since announcements are chosen by it."""
    rules, looked_at = rules_of(type_.directives), deciding(type_)
    return tuple(
        field.name
        for field in type_.fields
        if (own := rules_of(field.directives)) is not None
        and field.name not in looked_at
        and not is_read_by_all(rules, own)
    )


def shared(sides: Sequence[ObjectType], line: int) -> tuple[list[Directive], list[Field]]:
    """The rules of what joins models, those of all of them, and the fields that these look at."""
    rules: list[Mapping[str, Any]] = []
    fields: dict[str, Field] = {}
    for side in sides:
        for rule, _ in written(side.directives):
            if rule not in rules:
                rules.append(rule)
        for name in _looked_at(side.directives):
            if (field := side.field(name)) and name not in fields:
                fields[name] = Field(name, field.optional_type, line)
    return [Directive(AUTH, {"rules": rules}, line)] if rules else [], list(fields.values())


def _with_owners(definition: Definition) -> Definition:
    if not isinstance(definition, ObjectType) or not definition.is_model:
        return definition
    every = [
        *definition.directives,
        *(own for field in definition.fields for own in field.directives),
    ]
    missing = (name for name in _owning(every) if definition.field(name) is None)
    added = (Field(name, "String", definition.line, _COMMENT) for name in dict.fromkeys(missing))
    return replace(definition, fields=(*definition.fields, *added))


def _looked_at(directives: Sequence[Directive]) -> Iterator[str]:
    yield from _owning(directives)
    for rule, _ in written(directives):
        if isinstance(name := rule.get("groupsField"), str):
            yield name


def _owning(directives: Sequence[Directive]) -> Iterator[str]:
    """The fields that rules for owners name, right or wrong."""
    for rule, _ in written(directives):
        name = rule.get("ownerField", OWNER_FIELD)
        if rule.get("allow") == Strategy.OWNER and isinstance(name, str) and name.isidentifier():
            yield name

"""A file without its wrong directives, so that one run tells of what is wrong with the rest too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from antipode_tools.schema.auth.checks import right_rules
from antipode_tools.schema.auth.rules import AUTH
from antipode_tools.schema.definitions import Definition, Definitions, Directive, FieldsType
from antipode_tools.schema.directive_rules import (
    allowed_on,
    allowed_on_fields,
    check_argument,
    check_uses,
)

_Fields = TypeVar("_Fields", bound=FieldsType)


def once(definitions: Definitions) -> Definitions:
    """The definitions without those of a name that stood before."""
    first: dict[str, Definition] = {}
    for each in definitions.all:
        first.setdefault(each.name, each)
    return replace(definitions, all=tuple(first.values()))


def right(definitions: Definitions) -> Definitions:
    """The definitions with such directives alone as nothing is wrong with. One without its wrong
    arguments is kept where it is whole without them."""

    def of(type_: Definition) -> Definition:
        type_ = replace(type_, directives=tuple(_right(type_.directives, allowed_on(type_))))
        return _with_fields(type_) if isinstance(type_, FieldsType) else type_

    return replace(
        definitions,
        all=tuple(map(of, definitions.all)),
        roots=tuple(_with_fields(root) for root in definitions.roots),
    )


def _with_fields(type_: _Fields) -> _Fields:
    allowed = allowed_on_fields(type_)
    fields = tuple(
        replace(field, directives=tuple(_right(field.directives, allowed)))
        for field in type_.fields
    )
    return replace(type_, fields=fields)


def _right(directives: tuple[Directive, ...], allowed: set[str]) -> Iterator[Directive]:
    kept: list[Directive] = []
    for each in directives:
        found = _with_rules(each) if each.name == AUTH else _with_arguments(each)
        if found and not any(check_uses("", [*kept, found], allowed)):
            kept.append(found)
            yield found


def _with_rules(directive: Directive) -> Directive | None:
    rules = right_rules(directive)
    return replace(directive, arguments={"rules": rules}) if rules else None


def _with_arguments(directive: Directive) -> Directive:
    """The directive with those of its arguments that nothing is wrong with."""
    return replace(
        directive,
        arguments={
            name: value
            for name, value in directive.arguments.items()
            if not any(check_argument("", directive, name, value))
        },
    )

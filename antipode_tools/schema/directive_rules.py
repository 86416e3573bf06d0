"""Directives: which there are, where they may stand and what they take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.schema.definitions import (
    Definition,
    Definitions,
    Directive,
    Field,
    FieldsType,
    ObjectType,
)
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.index_rules import is_index_name
from antipode_tools.schema.owners import is_field_name

_KNOWN = {
    "model": "a type that has a table",
    "key": "a model",
    "index": "a model",
    "ttl": "a field of a model",
}
_ARGUMENTS = {
    "model": {"onChange", "owner"},
    "key": {"fields"},
    "index": {"name", "fields"},
    "ttl": set[str](),
}
_REPEATABLE = {"index"}


def check_directives(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the directives of a file."""
    for definition in definitions.all:
        yield from _check_uses(definition.name, definition.directives, _allowed_on(definition))
    for definition in definitions.with_fields:
        for field in definition.fields:
            path = f"{definition.name}.{field.name}"
            yield from _check_uses(path, field.directives, _allowed_on_fields(definition))
    for model in definitions.models:
        yield from _check_one_ttl(model)


def _allowed_on(definition: Definition) -> set[str]:
    if not isinstance(definition, ObjectType):
        return set()
    return {"model", "key", "index"} if definition.is_model else {"model"}


def _allowed_on_fields(definition: FieldsType) -> set[str]:
    return {"ttl"} if isinstance(definition, ObjectType) and definition.is_model else set()


def _check_uses(
    path: str, directives: Iterable[Directive], allowed: set[str]
) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for directive in directives:
        name, line = directive.name, directive.line
        if name not in _KNOWN:
            known = ", ".join(f"@{each}" for each in _KNOWN)
            yield Diagnostic(line, f"{path} has @{name}, and the directives are {known}")
        elif name not in allowed:
            yield Diagnostic(line, f"{path} has @{name}, which is for {_KNOWN[name]}")
        elif name in seen - _REPEATABLE:
            yield Diagnostic(line, f"{path} has @{name} twice")
        else:
            yield from _check_arguments(path, directive)
        seen.add(name)


def _check_arguments(path: str, directive: Directive) -> Iterator[Diagnostic]:
    name, line = directive.name, directive.line
    for argument in sorted(set(directive.arguments) - _ARGUMENTS[name]):
        yield Diagnostic(line, f"{path} has @{name} with {argument}, which it does not take")
    match name:
        case "model":
            if not isinstance(directive.arguments.get("onChange", False), bool):
                yield Diagnostic(line, f"{path} has @model(onChange:) that is not true or false")
            if not is_field_name(directive.arguments.get("owner", "owner")):
                yield Diagnostic(
                    line,
                    f"{path} has @model(owner:) that is not the name of a field: "
                    '@model(owner: "owner")',
                )
        case "key":
            if not _are_names(directive.arguments.get("fields")):
                yield Diagnostic(
                    line,
                    f"{path} has @key without the names of one or two fields: "
                    '@key(fields: ["customer", "orderNumber"])',
                )
        case "index":
            if not is_index_name(directive.arguments.get("name")):
                yield Diagnostic(
                    line,
                    f"{path} has @index without a name of a small letter and at least two more "
                    'letters or digits: @index(name: "byStatus", fields: ["status"])',
                )
            if not _are_names(directive.arguments.get("fields")):
                yield Diagnostic(
                    line,
                    f"{path} has @index without the names of one or two fields: "
                    '@index(name: "byStatus", fields: ["status", "createdAt"])',
                )


def _are_names(names: object) -> bool:
    return (
        isinstance(names, list)
        and len(names) in (1, 2)
        and all(isinstance(name, str) for name in names)
    )


def _check_one_ttl(model: ObjectType) -> Iterator[Diagnostic]:
    fields = [field for field in model.fields if _has_ttl(field)]
    for field in fields[1:]:
        yield Diagnostic(
            field.line,
            f"{model.name}.{field.name} has @ttl as {model.name}.{fields[0].name} has: "
            "a table has one time to live",
        )


def _has_ttl(field: Field) -> bool:
    return any(directive.name == "ttl" for directive in field.directives)

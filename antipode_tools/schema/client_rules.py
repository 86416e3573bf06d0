"""What Amplify's data client cannot do with an API, told before somebody looks for it there."""

from __future__ import annotations

from collections.abc import Iterator

from antipode_tools.schema.data_client import association, calls, is_asked, is_offered
from antipode_tools.schema.definitions import Definitions, Field, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic, sort
from antipode_tools.schema.directives import directive_of
from antipode_tools.schema.introspection import is_selected, told
from antipode_tools.schema.model import Model, Relation


def check_client(definitions: Definitions, models: tuple[Model, ...]) -> tuple[Diagnostic, ...]:
    """Warnings, in the order of the file. What `@model` takes away is none."""
    by_name = {model.name: model for model in models}
    found: list[Diagnostic] = []
    for model in models:
        found += _operations(model)
        found += _indexes(model)
        for relation in model.relations:
            found += _relation(model, relation, by_name[relation.model])
    for type_ in (*definitions.all, *definitions.roots):
        if isinstance(type_, ObjectType):
            found += (each for field in type_.fields for each in _field(definitions, type_, field))
    return sort(found)


def _operations(model: Model) -> Iterator[Diagnostic]:
    directive = directive_of(model.type.directives, "model")
    line = directive.line if directive else model.type.line
    for call in calls(model):
        if call.found and not call.is_offered:
            yield _warning(
                line,
                f"{model.name}.{call.kind} is {call.found} here, and the client would call "
                f"{call.name}: name it so, or call it with client.graphql()",
            )


def _indexes(model: Model) -> Iterator[Diagnostic]:
    for index in model.indexes:
        if index.query and not is_asked(model, index):
            yield _warning(
                index.line,
                f"{index.query} goes by the caller, whom the client would have to name: call it "
                "with client.graphql()",
            )


def _relation(model: Model, relation: Relation, related: Model) -> Iterator[Diagnostic]:
    field, path = relation.field, f"{model.name}.{relation.field.name}"
    how = association(model, relation, related)
    kind = "get" if how and how["connectionType"] == "BELONGS_TO" else "list"
    if how is None:
        yield _warning(
            field.line,
            f"{path}() cannot be read later, as the client would look for it by other fields than "
            f"{', '.join(relation.by)}: ask for it at once, in selectionSet",
        )
    elif not is_offered(related, kind):
        yield _warning(
            field.line,
            f"{path}() cannot be read later, as the client has no {related.name}.{kind}: ask for "
            "it at once, in selectionSet",
        )


def _field(definitions: Definitions, type_: ObjectType, field: Field) -> Iterator[Diagnostic]:
    path = f"{type_.name}.{field.name}"
    if told(definitions, field.named) is None:
        yield _warning(
            field.line,
            f"{path} is {field.type}, which the client cannot select: ask for it with "
            "client.graphql()",
        )
    elif type_ not in definitions.roots and not is_selected(definitions, field):
        yield _warning(
            field.line,
            f"{path} has arguments, which the client does not give: ask for it with "
            "client.graphql()",
        )


def _warning(line: int, message: str) -> Diagnostic:
    return Diagnostic(line, message, refused=False)

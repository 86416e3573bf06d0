"""Names: those that AppSync or CloudFormation refuse, and those that are taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from antipode_tools.schema.definitions import (
    Definition,
    Definitions,
    EnumType,
    FieldsType,
    ObjectType,
)
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.mappings import YAML_WORDS
from antipode_tools.schema.scalars import SCALARS
from antipode_tools.schema.stamps import CHANGE_FIELD, STAMPS, WAS

# "The subscription field name is too long. Max characters allowed: 50", and onUpdate takes eight.
MAX_MODEL_NAME = 42
_MODEL_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")

_TAKEN = {"Query", "Mutation", "Subscription", "Change", "ChangeKind", *SCALARS}
_STAMPED = {CHANGE_FIELD.name, WAS, *(field.name for field in STAMPS)}
_OPERATORS = {"and", "or", "not"}
_ARGUMENTS = {"filter", "limit", "nextToken", "sortDirection"}


def check_names(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the names of a file."""
    yield from _twice(definitions.all)
    yield from _models_by_case(definitions)
    for definition in definitions.all:
        yield from _check_type_name(definition)
    for model in definitions.models:
        yield from _check_model_name(model)
        yield from _check_model_fields(model)
    for definition in definitions.with_fields:
        yield from _check_fields(definition)
    for definition in definitions.all:
        if isinstance(definition, EnumType):
            yield from _check_values(definition)


def check_arguments(what: str, query: str, names: Iterable[str], line: int) -> Iterator[Diagnostic]:
    """A list takes the fields of a key as arguments, beside its own."""
    for name in names:
        if name in _ARGUMENTS:
            yield Diagnostic(
                line,
                f"{what} has {name}, which {query} has as an argument already: rename the field",
            )


def _check_type_name(definition: Definition) -> Iterator[Diagnostic]:
    name, line = definition.name, definition.line
    if name in _TAKEN:
        yield Diagnostic(
            line, f"{name} is the name of a type that every schema has: choose another"
        )
    elif name.startswith("__"):
        yield Diagnostic(line, f"{name} begins with __, which GraphQL keeps for itself")
    elif name.startswith("AWS"):
        yield Diagnostic(line, f"{name} begins with AWS, which AppSync keeps for its own scalars")
    elif name.startswith("publish"):
        yield Diagnostic(line, f"{name} begins with publish, which is kept for the relay")


def _check_model_name(model: ObjectType) -> Iterator[Diagnostic]:
    name, line = model.name, model.line
    if not _MODEL_NAME.fullmatch(name):
        yield Diagnostic(
            line,
            f"the model {name} is not named [A-Z][A-Za-z0-9]*: its name is a part of logical ids, "
            "which CloudFormation wants alphanumeric",
        )
    if name.lower() in YAML_WORDS:
        yield Diagnostic(line, f"the model {name} has a name that YAML reads as another value")
    if len(name) > MAX_MODEL_NAME:
        yield Diagnostic(
            line,
            f"the model {name} has {len(name)} characters, and at most {MAX_MODEL_NAME} fit: "
            f"onUpdate{name} would be longer than the 50 that AppSync takes",
        )


def _models_by_case(definitions: Definitions) -> Iterator[Diagnostic]:
    first: dict[str, str] = {}
    for model in definitions.models:
        other = first.setdefault(model.name.lower(), model.name)
        if other != model.name:
            yield Diagnostic(model.line, f"the models {other} and {model.name} differ only in case")


def _check_model_fields(model: ObjectType) -> Iterator[Diagnostic]:
    for field in model.fields:
        if field.name in _STAMPED:
            yield Diagnostic(
                field.line, f"{model.name}.{field.name} is generated on every model: leave it out"
            )
        elif field.name in _OPERATORS:
            yield Diagnostic(
                field.line,
                f"{model.name}.{field.name} has the name of an operator of filters: rename it",
            )


def _check_fields(definition: FieldsType) -> Iterator[Diagnostic]:
    if not definition.fields:
        yield Diagnostic(definition.line, f"{definition.name} has no fields")
    seen: set[str] = set()
    for field in definition.fields:
        path = f"{definition.name}.{field.name}"
        if field.name in seen:
            yield Diagnostic(field.line, f"{path} is defined twice")
        elif field.name.startswith("__"):
            yield Diagnostic(field.line, f"{path} begins with __, which GraphQL keeps for itself")
        elif field.has_arguments:
            yield Diagnostic(
                field.line,
                f"{path} has arguments: a stored field takes none, since nothing reads them",
            )
        seen.add(field.name)


def _check_values(definition: EnumType) -> Iterator[Diagnostic]:
    if not definition.values:
        yield Diagnostic(definition.line, f"{definition.name} has no values")
    for value in sorted({each for each in definition.values if definition.values.count(each) > 1}):
        yield Diagnostic(definition.line, f"{definition.name}.{value} is defined twice")


def _twice(definitions: Iterable[Definition]) -> Iterator[Diagnostic]:
    first: dict[str, Definition] = {}
    for definition in definitions:
        other = first.setdefault(definition.name, definition)
        if other is not definition:
            yield Diagnostic(
                definition.line, f"{definition.name} is defined in line {other.line} already"
            )

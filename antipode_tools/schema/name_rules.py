"""Names: those that AppSync or CloudFormation refuse, and those that are taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from antipode_tools.schema import naming
from antipode_tools.schema.definitions import (
    Definition,
    Definitions,
    EnumType,
    FieldsType,
    InputType,
    ObjectType,
)
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.keys import indexes_of
from antipode_tools.schema.mappings import YAML_WORDS
from antipode_tools.schema.model import Keyed
from antipode_tools.schema.operation_names import names_of
from antipode_tools.schema.publish import PUBLISH
from antipode_tools.schema.scalars import SCALARS
from antipode_tools.schema.stamps import CHANGE_FIELD, STAMPS, TIMESTAMPS, VERSION, WAS
from antipode_tools.schema.times import times_of

# "The subscription field name is too long. Max characters allowed: 50".
MAX_SUBSCRIPTION = 50
_WORDS = re.compile(r"[A-Za-z0-9]")

_TAKEN = {"Query", "Mutation", "Subscription", "Change", "ChangeKind", *SCALARS}
_STAMPED = {CHANGE_FIELD.name, WAS, *(field.name for field in STAMPS)} - {*TIMESTAMPS}
# Of these a type may have its own.
_OWN = {VERSION}
_OPERATORS = {"and", "or", "not"}
_ARGUMENTS = {"filter", "limit", "nextToken", "sortDirection"}


def check_names(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the names of a file."""
    yield from _models_by_id(definitions)
    for definition in definitions.all:
        yield from _check_type_name(definition)
    for model in definitions.models:
        yield from _check_model_name(model)
        yield from _check_model_fields(model)
        yield from _check_times(model)
    for definition in (*definitions.with_fields, *definitions.roots):
        yield from _check_fields(definition)
    for input_ in definitions.inputs:
        yield from _check_fields(input_)
    for root in definitions.roots:
        yield from _check_root(root)
    for definition in definitions.all:
        if isinstance(definition, EnumType):
            yield from _check_values(definition)


def check_arguments(what: str, query: str, keyed: Keyed, line: int) -> Iterator[Diagnostic]:
    """A list takes the fields of a key as arguments, beside its own."""
    for name in (keyed.partition.name, keyed.sort_argument):
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
    if not _WORDS.search(name):
        yield Diagnostic(
            line,
            f"the model {name} has neither a letter nor a digit: its name is a part of logical "
            "ids, which CloudFormation wants alphanumeric",
        )
    if naming.logical(name).lower() in YAML_WORDS:
        yield Diagnostic(line, f"the model {name} has a name that YAML reads as another value")


def _models_by_id(definitions: Definitions) -> Iterator[Diagnostic]:
    first: dict[str, str] = {}
    for model in definitions.models:
        other = first.setdefault(naming.logical(model.name).lower(), model.name)
        if other != model.name:
            yield Diagnostic(
                model.line,
                f"the models {other} and {model.name} differ only in case or in characters that "
                "are neither letters nor digits: their tables and logical ids would be one",
            )


def check_operations(definitions: Definitions) -> Iterator[Diagnostic]:
    """What the operations of the models are called: each once, and no longer than AppSync takes."""
    yield from _without_queries(definitions)
    taken: dict[str, str] = {}
    for type_ in definitions.models:
        for name, line in _operations(type_):
            if name in taken:
                yield Diagnostic(
                    line,
                    f"{type_.name} has the operation {name}, which {taken[name]} has already: "
                    "rename one, by @model(queries:, mutations:, subscriptions:) or by queryField",
                )
            if name.startswith("__") or PUBLISH.fullmatch(name):
                yield Diagnostic(
                    line,
                    f"{type_.name} has the operation {name}: names that begin with __ are kept for "
                    "GraphQL, and those with publishCreate and its like for the relay",
                )
            taken.setdefault(name, type_.name)
        for name in names_of(type_).subscriptions:
            if len(name) > MAX_SUBSCRIPTION:
                yield Diagnostic(
                    type_.line,
                    f"{name} has {len(name)} characters, and the name of a subscription at most "
                    f"{MAX_SUBSCRIPTION}: give the model a shorter name, or its subscriptions "
                    "others, by @model(subscriptions:)",
                )
    for root in definitions.roots:
        for field in root.fields:
            if field.name in taken:
                yield Diagnostic(
                    field.line,
                    f"{root.name}.{field.name} has the name of an operation of "
                    f"{taken[field.name]}: rename one, or leave the model's out, by "
                    "@model(queries:, mutations:, subscriptions:)",
                )


def _without_queries(definitions: Definitions) -> Iterator[Diagnostic]:
    if not definitions.models:
        return
    queries = [
        *(root.name for root in definitions.roots if root.name == "Query"),
        *(name for type_ in definitions.models for name in _queries(type_)),
    ]
    if not any(queries):
        yield Diagnostic(
            definitions.models[0].line,
            "no model has a query, and a schema needs one: leave one to a model, as "
            '@model(queries: { get: "getTodo" })',
        )


def _queries(type_: ObjectType) -> Iterator[str | None]:
    names = names_of(type_)
    yield from (names.get, names.list, names.sync)
    yield from (index.query for index in indexes_of(type_))


def _operations(type_: ObjectType) -> Iterator[tuple[str, int]]:
    names = names_of(type_)
    queries = (names.get, names.list, names.sync)
    mutations = (names.create, names.update, names.delete)
    for name in (*queries, *mutations, *names.subscriptions):
        if name:
            yield name, type_.line
    for index in indexes_of(type_):
        if index.query:
            yield index.query, index.line


def _check_model_fields(model: ObjectType) -> Iterator[Diagnostic]:
    for field in model.fields:
        if field.name in _STAMPED - _OWN:
            yield Diagnostic(
                field.line,
                f"{model.name}.{field.name} is generated on every model: leave it out, or rename "
                "it if it is something else",
            )
        elif field.name in _OPERATORS:
            yield Diagnostic(
                field.line,
                f"{model.name}.{field.name} has the name of an operator of filters: rename it",
            )


def _check_root(root: ObjectType) -> Iterator[Diagnostic]:
    for field in root.fields:
        path, length = f"{root.name}.{field.name}", len(field.name)
        if root.name == "Mutation" and (found := PUBLISH.fullmatch(field.name)):
            yield Diagnostic(
                field.line,
                f"{path} begins with publish{found[1]}, which is kept for the relay: choose "
                "another name",
            )
        if root.name == "Subscription" and length > MAX_SUBSCRIPTION:
            yield Diagnostic(
                field.line,
                f"{path} has {length} characters, and the name of a subscription at most "
                f"{MAX_SUBSCRIPTION}: choose a shorter one",
            )
        seen: set[str] = set()
        for argument in field.arguments:
            if argument.name in seen:
                yield Diagnostic(argument.line, f"{path} has the argument {argument.name} twice")
            elif argument.name.startswith("__"):
                yield Diagnostic(
                    argument.line, f"{path} has {argument.name}, and GraphQL keeps __ for itself"
                )
            seen.add(argument.name)


def _check_times(model: ObjectType) -> Iterator[Diagnostic]:
    times = [name for name in times_of(model) if name]
    for name in times:
        if name in _STAMPED | _OPERATORS:
            yield Diagnostic(
                model.line,
                f"{model.name} has a timestamp with the name {name}, which is taken already",
            )
    if len(set(times)) < len(times):
        yield Diagnostic(model.line, f"{model.name} has two timestamps with the name {times[0]}")


def _check_fields(definition: FieldsType | InputType) -> Iterator[Diagnostic]:
    if not definition.fields:
        yield Diagnostic(definition.line, f"{definition.name} has no fields")
    seen: set[str] = set()
    for field in definition.fields:
        path = f"{definition.name}.{field.name}"
        if field.name in seen:
            yield Diagnostic(field.line, f"{path} is defined twice")
        elif field.name.startswith("__"):
            yield Diagnostic(field.line, f"{path} begins with __, which GraphQL keeps for itself")
        seen.add(field.name)


def _check_values(definition: EnumType) -> Iterator[Diagnostic]:
    if not definition.values:
        yield Diagnostic(definition.line, f"{definition.name} has no values")
    for value in sorted({each for each in definition.values if definition.values.count(each) > 1}):
        yield Diagnostic(definition.line, f"{definition.name}.{value} is defined twice")


def check_twice(definitions: Iterable[Definition]) -> Iterator[Diagnostic]:
    """What is defined once more."""
    first: dict[str, Definition] = {}
    for definition in definitions:
        other = first.setdefault(definition.name, definition)
        if other is not definition:
            yield Diagnostic(
                definition.line, f"{definition.name} is defined in line {other.line} already"
            )

"""Indexes: what DynamoDB can find items by, and what the queries by them are called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from antipode_tools.schema.definitions import Definitions, Directive, EnumType, Field, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.key_rules import MAX_KEY_NAME
from antipode_tools.schema.models import index_directives, index_field, index_of, owner_name
from antipode_tools.schema.name_rules import check_arguments
from antipode_tools.schema.scalars import SCALARS

# The quota of one table. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
MAX_INDEXES = 20
# DynamoDB takes 3 to 255 characters; CloudFormation 255 in a logical id, where `list`, the model
# and `Resolver` stand around the name.
_NAME = re.compile(r"[a-z][A-Za-z0-9]{2,199}")


def is_index_name(name: object) -> bool:
    """Whether an index can be named so: its name ends a query's, and a logical id."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def check_indexes(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the indexes of the models. Their directives must be right."""
    taken = {f"list{model.name}" for model in definitions.models}
    for model in definitions.models:
        directives = list(index_directives(model))
        yield from _check_number(model, len(directives))
        for directive in directives:
            query = index_of(model, directive).query
            yield from _check_fields(definitions, model, directive, query)
            if query in taken:
                yield Diagnostic(
                    directive.line,
                    f"{_path(model, directive)} needs the query {query}, which is there already: "
                    "choose another name",
                )
            taken.add(query)


def _check_number(model: ObjectType, indexes: int) -> Iterator[Diagnostic]:
    if indexes > MAX_INDEXES:
        yield Diagnostic(
            model.line,
            f"{model.name} has {indexes} indexes, and DynamoDB takes {MAX_INDEXES} of a table",
        )


def _check_fields(
    definitions: Definitions, model: ObjectType, directive: Directive, query: str
) -> Iterator[Diagnostic]:
    path, line, names = _path(model, directive), directive.line, directive.arguments["fields"]
    if len(set(names)) < len(names):
        yield Diagnostic(line, f"{path} has {names[0]} twice")
    elif owner_name(model) in names[1:]:
        yield Diagnostic(
            line,
            f"{path} has the owner in the second place, where a caller would choose it: let it "
            "stand first, or leave it out",
        )
    yield from check_arguments(path, query, names, line)
    for name in dict.fromkeys(names):
        field = index_field(model, name)
        if field is None:
            yield Diagnostic(line, f"{path} has {name}, and there is no field of that name")
        elif problem := _problem(definitions, field):
            yield Diagnostic(line, f"{path} has {name}, which {problem}")


def _problem(definitions: Definitions, field: Field) -> str | None:
    scalar = SCALARS.get(field.named)
    is_enum = isinstance(definitions.by_name.get(field.named), EnumType)
    if field.is_list or not (is_enum or (scalar and scalar.key_type)):
        return (
            f"is {field.type}: an index goes by one text, number or value of an enum, and by no "
            "other type"
        )
    if len(field.name) > MAX_KEY_NAME:
        return f"has {len(field.name)} characters, and DynamoDB takes {MAX_KEY_NAME} in a key"
    return None


def _path(model: ObjectType, directive: Directive) -> str:
    return f"{model.name}'s index {directive.arguments['name']}"

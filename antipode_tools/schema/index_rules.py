"""Indexes: what DynamoDB can find items by, and what the queries by them are called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from antipode_tools.schema.definitions import Definitions, Directive, Field, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import index_directives, is_stored, sort_names
from antipode_tools.schema.key_rules import MAX_KEY_NAME, is_key_type
from antipode_tools.schema.keys import index_field, indexes_of
from antipode_tools.schema.model import Index
from antipode_tools.schema.name_rules import check_arguments
from antipode_tools.schema.times import stamps_of, times_of

# The quota of one table. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
MAX_INDEXES = 20
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
_NAME = re.compile(r"[A-Za-z0-9_.-]{3,255}")


def check_indexes(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the indexes of the models. Their directives must be right."""
    for model in definitions.models:
        found = list(zip(index_directives(model), indexes_of(model), strict=True))
        yield from _check_number(model, len(found))
        taken: set[str] = set()
        for (_, directive), index in found:
            yield from _check_index(definitions, model, directive, index)
            if index.name in taken:
                yield Diagnostic(index.line, f"{model.name} has two indexes {index.name}")
            taken.add(index.name)


def _check_number(model: ObjectType, indexes: int) -> Iterator[Diagnostic]:
    if indexes > MAX_INDEXES:
        yield Diagnostic(
            model.line,
            f"{model.name} has {indexes} indexes, and DynamoDB takes {MAX_INDEXES} of a table",
        )


def _check_index(
    definitions: Definitions, model: ObjectType, directive: Directive, index: Index
) -> Iterator[Diagnostic]:
    path, line = f"{model.name}'s index {index.name}", index.line
    names = (index.partition.name, *sort_names(directive))
    if not _NAME.fullmatch(index.name):
        yield Diagnostic(
            line,
            f"{path} is not named as DynamoDB wants it: 3 to 255 letters, digits, _, - and .",
        )
    if len(set(names)) < len(names):
        yield Diagnostic(line, f"{path} has a field twice: {', '.join(names)}")
    if directive.arguments.get("projection"):
        yield Diagnostic(
            line,
            f"{path} has projection, which is left out: it holds whole items, and its query "
            "answers them",
            refused=False,
        )
    if len(index.sorts) > 1:
        yield from _check_composite(model, path, index)
    if index.query:
        yield from check_arguments(path, index.query, index, line)
    for name in dict.fromkeys(names):
        field = index_field(model, name)
        if field is None:
            yield Diagnostic(line, f"{path} has {name}, and there is no field of that name")
        elif problem := _problem(definitions, field):
            yield Diagnostic(line, f"{path} has {name}, which {problem}")


def _check_composite(model: ObjectType, path: str, index: Index) -> Iterator[Diagnostic]:
    """Several sort fields are one text, written anew with any of them: so all must be known."""
    for field in index.sorts:
        if model.field(field.name) is None and field in stamps_of(model):
            mend = "declare it as a field" if field.name in times_of(model) else "leave it out"
            yield Diagnostic(
                index.line,
                f"{path} sorts by several fields as one text, and {field.name}, which is stamped, "
                f"is not known where the others are written: {mend}, or sort by it alone",
            )


def _problem(definitions: Definitions, field: Field) -> str | None:
    if field.is_list or not is_stored(field) or not is_key_type(definitions, field):
        return (
            f"is {field.type}: an index goes by one text, number or value of an enum, and by no "
            "other type"
        )
    if len(field.name) > MAX_KEY_NAME:
        return f"has {len(field.name)} characters, and DynamoDB takes {MAX_KEY_NAME} in a key"
    return None

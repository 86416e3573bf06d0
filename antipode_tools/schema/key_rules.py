"""Keys and times to live: what DynamoDB can do with a field."""

from __future__ import annotations

from collections.abc import Iterator

from antipode_tools.schema.definitions import Definitions, EnumType, Field, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import directive_of
from antipode_tools.schema.keys import index_field, key_names
from antipode_tools.schema.model import Keyed
from antipode_tools.schema.name_rules import check_arguments
from antipode_tools.schema.operation_names import names_of
from antipode_tools.schema.scalars import SCALARS
from antipode_tools.schema.stamps import VERSION
from antipode_tools.schema.times import times_of

_STAMPED = (VERSION, "updatedIn")
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
MAX_KEY_NAME = 255


def check_keys(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the keys of the models, and with their times to live."""
    for model in definitions.models:
        names = key_names(model)
        yield from _check_key(definitions, model, names)
        found = tuple(field for name in names if (field := index_field(model, name)))
        query = names_of(model).list
        if query and len(names) > 1 and len(found) == len(names):
            what = f"the key of {model.name}"
            yield from check_arguments(what, query, Keyed(found), model.line)
        for field in model.fields:
            if directive_of(field.directives, "ttl"):
                yield from _check_ttl(model, field)


def is_key_type(definitions: Definitions, field: Field) -> bool:
    """Whether DynamoDB takes values of the field's type in a key: those of an enum are texts."""
    scalar = SCALARS.get(field.named)
    if scalar is None:
        return isinstance(definitions.by_name.get(field.named), EnumType)
    return scalar.key_type is not None


def _check_key(
    definitions: Definitions, model: ObjectType, names: tuple[str, ...]
) -> Iterator[Diagnostic]:
    line = next(
        (
            directive.line
            for field in model.fields
            if (directive := directive_of(field.directives, "primaryKey"))
        ),
        model.line,
    )
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield Diagnostic(line, f"{model.name} has {name} in its key twice")
    for name in dict.fromkeys(names):
        field = index_field(model, name)
        if field is None:
            yield Diagnostic(line, f"{model.name} has {name} in its key, but no field of that name")
        else:
            yield from _check_key_field(definitions, model, field)
            yield from _check_stamp(model, field, line)
    attribute = "#".join(names[1:])
    if len(names) > 2 and len(attribute) > MAX_KEY_NAME:
        yield Diagnostic(
            line,
            f"{model.name} would sort by an attribute of {len(attribute)} characters, and DynamoDB "
            f"takes {MAX_KEY_NAME} in a key",
        )


def _check_key_field(
    definitions: Definitions, model: ObjectType, field: Field
) -> Iterator[Diagnostic]:
    path, line = f"{model.name}.{field.name}", field.line
    if field.is_list or not is_key_type(definitions, field):
        yield Diagnostic(
            line,
            f"{path} is {field.type}, and a key's field is one text, number or value of an enum, "
            "no other type",
        )
    elif not field.is_required and model.field(field.name):
        yield Diagnostic(line, f"{path} is in the key and may be null: make it {field.type}!")
    if len(field.name) > MAX_KEY_NAME:
        yield Diagnostic(
            line,
            f"{path} has {len(field.name)} characters, and DynamoDB takes {MAX_KEY_NAME} in a key",
        )


def _check_stamp(model: ObjectType, field: Field, line: int) -> Iterator[Diagnostic]:
    """A key is given by whoever writes, and never changes."""
    created, updated = times_of(model)
    if field.name == created and model.field(field.name) is None:
        yield Diagnostic(
            line,
            f"{model.name} has {field.name} in its key and does not declare it, so that no input "
            f"could name an item: declare {field.name}: AWSDateTime!",
        )
    elif field.name == updated or (field.name in _STAMPED and not model.field(field.name)):
        yield Diagnostic(
            line,
            f"{model.name} has {field.name} in its key, which every write changes: a key stays",
        )


def _check_ttl(model: ObjectType, field: Field) -> Iterator[Diagnostic]:
    if field.optional_type != "AWSTimestamp":
        yield Diagnostic(
            field.line,
            f"{model.name}.{field.name} has @ttl and is {field.type}: DynamoDB reads seconds since "
            "1970, which is AWSTimestamp",
        )

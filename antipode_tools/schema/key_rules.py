"""Keys and times to live: what DynamoDB can do with a field."""

from __future__ import annotations

from collections.abc import Iterator

from antipode_tools.schema.definitions import Definitions, Field, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.models import ID, directive_of, key_names
from antipode_tools.schema.name_rules import check_arguments
from antipode_tools.schema.scalars import SCALARS

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
MAX_KEY_NAME = 255


def check_keys(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the keys of the models, and with their times to live."""
    for model in definitions.models:
        names = key_names(model)
        yield from _check_key(model, names)
        if len(names) > 1:
            query = f"list{model.name}"
            yield from check_arguments(f"the key of {model.name}", query, names, model.line)
        for field in model.fields:
            if directive_of(field.directives, "ttl"):
                yield from _check_ttl(model, field)


def _check_key(model: ObjectType, names: tuple[str, ...]) -> Iterator[Diagnostic]:
    directive = directive_of(model.directives, "key")
    line = directive.line if directive else model.line
    if len(set(names)) < len(names):
        yield Diagnostic(line, f"{model.name} has {names[0]} in its key twice")
    for name in dict.fromkeys(names):
        field = model.field(name)
        if field is not None:
            yield from _check_key_field(model, field)
        elif directive is not None:
            yield Diagnostic(line, f"{model.name} has {name} in its key, but no field of that name")
        else:
            yield Diagnostic(
                line,
                f"{model.name} has no key: give it a field {ID}: ID!, or add @key(fields: ...)",
            )


def _check_key_field(model: ObjectType, field: Field) -> Iterator[Diagnostic]:
    path, line = f"{model.name}.{field.name}", field.line
    scalar = SCALARS.get(field.named)
    if field.is_list or scalar is None or scalar.key_type is None:
        yield Diagnostic(
            line, f"{path} is {field.type}, and a key's field is one text or number, no other type"
        )
    elif not field.is_required:
        yield Diagnostic(line, f"{path} is in the key and may be null: make it {field.type}!")
    if len(field.name) > MAX_KEY_NAME:
        yield Diagnostic(
            line,
            f"{path} has {len(field.name)} characters, and DynamoDB takes {MAX_KEY_NAME} in a key",
        )


def _check_ttl(model: ObjectType, field: Field) -> Iterator[Diagnostic]:
    if field.optional_type != "AWSTimestamp":
        yield Diagnostic(
            field.line,
            f"{model.name}.{field.name} has @ttl and is {field.type}: DynamoDB reads seconds since "
            "1970, which is AWSTimestamp",
        )

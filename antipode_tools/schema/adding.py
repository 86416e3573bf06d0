"""What is added to without being read: numbers, and sets (@set).

DynamoDB adds to what is there when it writes, so that no two writes in a Region lose one of them.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.schema.blocks import Block, braced
from antipode_tools.schema.definitions import Definitions, Directive, EnumType, Field, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import directive_of, is_stored
from antipode_tools.schema.model import Model
from antipode_tools.schema.scalars import SCALARS, key_type

SET = "set"
_NUMBERS = ("Int", "Float")


def check_sets(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the sets of the models."""
    for model in definitions.models:
        for field in model.fields:
            if directive := directive_of(field.directives, SET):
                yield from _check_set(definitions, model, field, directive)


def adding_inputs(models: Iterable[Model]) -> Iterator[Block]:
    """What updateCard's `add` takes, for each model of which a client can add to something."""
    for model in models:
        if model.names.update and (fields := added(model)):
            lines = (f"  {field.name}: {field.optional_type}" for field in fields)
            name = adding_type(model)
            yield Block(name, braced(f"input {name}", lines), model.type)


def adding_type(model: Model) -> str:
    """The type of the argument `add`."""
    return f"Model{model.title}AddInput"


def added(model: Model) -> list[Field]:
    """The fields that a client can add to: sets, and numbers that need not be known for it. Those
    of a composite sort key are texts in it, too, and @validate asks what they would become."""
    composite = {
        field.name for index in model.indexes for field in index.sorts if len(index.sorts) > 1
    }
    return [
        field
        for field in model.stored
        if directive_of(field.directives, SET)
        or (
            field.optional_type in _NUMBERS
            and not model.is_key(field)
            and field.name not in composite
            and not directive_of(field.directives, "validate")
        )
    ]


def sets_of(model: Model) -> dict[str, str]:
    """For each set the type of its values, S or N."""
    return {
        field.name: key_type(field.named)
        for field in model.stored
        if directive_of(field.directives, SET)
    }


def whole_numbers_of(model: Model) -> list[str]:
    """The fields that a client can add to and that must stay within an Int."""
    return [field.name for field in added(model) if field.optional_type == "Int"]


def _check_set(
    definitions: Definitions, model: ObjectType, field: Field, directive: Directive
) -> Iterator[Diagnostic]:
    path, line = f"{model.name}.{field.name}", directive.line
    scalar = SCALARS.get(field.named)
    is_kept = scalar.key_type if scalar else _is_enum(definitions, field)
    if not is_stored(field) or not is_kept or field.output_type != f"[{field.named}]":
        yield Diagnostic(
            line, f"{path} has @set and is {field.type}: a set is a list of texts or of numbers"
        )
    elif field.is_required:
        yield Diagnostic(
            line,
            f"{path} has @set and is {field.type}: DynamoDB keeps no empty set, which is read as "
            f"null; make it {field.optional_type}",
        )


def _is_enum(definitions: Definitions, field: Field) -> bool:
    return isinstance(definitions.by_name.get(field.named), EnumType)

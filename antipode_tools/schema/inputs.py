"""What can be written: inputs to create, update and delete, with the ! of the models' file.

An input cannot be of an interface or a union: a field of one is left out, and comes to the table in
other ways than through the API. So is the owner of an item, whom the resolvers stamp.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.schema.blocks import Block, braced
from antipode_tools.schema.definitions import Definitions, Field, ObjectType
from antipode_tools.schema.models import Model


def inputs(definitions: Definitions, models: Iterable[Model]) -> Iterator[Block]:
    """The inputs of every model, and of each object type that is a part of one."""
    for model in models:
        yield from _model_inputs(definitions, model)
    for type_ in _nested(definitions):
        yield _block(f"{type_.name}Input", _written(definitions, type_), type_, definitions)


def is_writable(definitions: Definitions, field: Field) -> bool:
    """Whether an input can have the field."""
    return field.named not in definitions.unwritable


def _model_inputs(definitions: Definitions, model: Model) -> Iterator[Block]:
    fields = [each for each in _written(definitions, model.type) if each != model.owner]
    made = {
        "Create": [_creating(model, field) for field in fields],
        "Update": [_updating(model, field) for field in fields],
        "Delete": list(model.key),
    }
    for kind, kept in made.items():
        yield _block(f"{kind}{model.name}Input", kept, model.type, definitions)


def _creating(model: Model, field: Field) -> Field:
    return _optional(field) if model.makes_ids and model.is_key(field) else field


def _updating(model: Model, field: Field) -> Field:
    return field if model.is_key(field) else _optional(field)


def _optional(field: Field) -> Field:
    return Field(field.name, field.optional_type, field.line)


def _written(definitions: Definitions, type_: ObjectType) -> list[Field]:
    return [field for field in type_.fields if is_writable(definitions, field)]


def _nested(definitions: Definitions) -> Iterator[ObjectType]:
    left_out = definitions.unwritable.union(model.name for model in definitions.models)
    for each in definitions.all:
        if isinstance(each, ObjectType) and each.name not in left_out:
            yield each


def _block(
    name: str, fields: Iterable[Field], origin: ObjectType, definitions: Definitions
) -> Block:
    lines = (f"  {field.name}: {_input_type(definitions, field)}" for field in fields)
    return Block(name, braced(f"input {name}", lines), origin)


def _input_type(definitions: Definitions, field: Field) -> str:
    if isinstance(definitions.by_name.get(field.named), ObjectType):
        return field.type.replace(field.named, f"{field.named}Input")
    return field.type

"""What can be written: inputs to create, update and delete, with the ! of the models' file.

An input cannot be of an interface or a union: a field of one is left out, and comes to the table in
other ways than through the API.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.schema.blocks import Block, argument_line, braced, commented
from antipode_tools.schema.definitions import Definitions, Field, ObjectType
from antipode_tools.schema.directives import directive_of, is_stored
from antipode_tools.schema.model import ID, Model


def inputs(definitions: Definitions, models: Iterable[Model]) -> Iterator[Block]:
    """The inputs of every model, of each object type that is a part of one, and the file's own."""
    for model in models:
        yield from _model_inputs(definitions, model)
    for type_ in _nested(definitions):
        yield _block(f"{type_.name}Input", _written(definitions, type_), type_, definitions)
    for input_ in definitions.inputs:
        lines = (f"  {argument_line(each)}" for each in input_.fields)
        text = braced(f"input {input_.name}", lines)
        yield Block(input_.name, commented(input_.comment, text), input_)


def is_writable(definitions: Definitions, field: Field) -> bool:
    """Whether an input can have the field."""
    return field.named not in definitions.unwritable


def _model_inputs(definitions: Definitions, model: Model) -> Iterator[Block]:
    writable = (each for each in model.stored if is_writable(definitions, each))
    fields = list(writable)
    made = {
        model.names.create: ("Create", [_creating(model, field) for field in fields]),
        model.names.update: ("Update", [_updating(model, field) for field in fields]),
        model.names.delete: ("Delete", list(model.key)),
    }
    for operation, (kind, kept) in made.items():
        if operation:
            yield _block(f"{kind}{model.title}Input", kept, model.type, definitions)


def _creating(model: Model, field: Field) -> Field:
    """What the server fills need not be given."""
    made = model.makes_ids and field.name == ID
    has_default = directive_of(field.directives, "default") is not None
    is_filled = has_default or model.is_stamped(field) or field.name in model.owners
    return _optional(field) if made or is_filled else field


def _updating(model: Model, field: Field) -> Field:
    return field if model.is_key(field) else _optional(field)


def _optional(field: Field) -> Field:
    return Field(field.name, field.optional_type, field.line)


def _written(definitions: Definitions, type_: ObjectType) -> list[Field]:
    stored = (field for field in type_.fields if is_stored(field))
    return [field for field in stored if is_writable(definitions, field)]


def _nested(definitions: Definitions) -> Iterator[ObjectType]:
    """The types whose values items hold."""
    waiting = [
        field.named for model in definitions.models for field in model.fields if is_stored(field)
    ]
    held: set[str] = set()
    while waiting:
        found = definitions.by_name.get(waiting.pop())
        if isinstance(found, ObjectType) and not found.is_model and found.name not in held:
            held.add(found.name)
            waiting.extend(field.named for field in found.fields)
    for each in definitions.all:
        if isinstance(each, ObjectType) and each.name in held - definitions.unwritable:
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

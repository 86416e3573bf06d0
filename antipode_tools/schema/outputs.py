"""What can be read: the models' types with all behind them, and their connections.

No output has a !. One missing value would turn the whole announcement to null, and items lack
values for many reasons: they are older than the field, were written straight to the table, or were
shortened to what AppSync takes in an announcement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.schema.blocks import Block, braced, commented
from antipode_tools.schema.definitions import (
    Definition,
    Definitions,
    EnumType,
    Field,
    InterfaceType,
    ObjectType,
    UnionType,
)
from antipode_tools.schema.earlier import earlier_fields, was_field, was_type
from antipode_tools.schema.models import Model
from antipode_tools.schema.stamps import CHANGE_FIELD, STAMPS

_CHANGE_COMMENT = (
    "How a change came to be announced. Null in queries. `sequence` rises for each item within one",
    "Region's stream (compare it as a number, never across Regions); `id` is the same at a "
    "redelivery.",
)
_CHANGE_FIELDS = (
    "  id: ID",
    "  kind: ChangeKind",
    "  sequence: String",
    "  region: String",
    "  recordedAt: AWSDateTime",
)
CHANGE_KIND = Block("ChangeKind", braced("enum ChangeKind", ("  CREATE", "  UPDATE", "  DELETE")))


def outputs(definitions: Definitions, models: Iterable[Model], readers: str) -> Iterator[Block]:
    """The types of the file, the models with what is stamped on them. `readers` are the directives
    of the objects that are announced."""
    yield _change(readers)
    yield CHANGE_KIND
    by_type = {model.name: model for model in models}
    for definition in definitions.all:
        model = by_type.get(definition.name)
        announced = _announced(definitions, model) if model else ()
        text = _text(definition, announced, readers)
        yield Block(definition.name, commented(definition.comment, text), definition)
        if model and (fields := earlier_fields(definitions, model)):
            name = was_type(model)
            yield Block(name, braced(f"type {name} {readers}", map(_line, fields)), model.type)
    for model in models:
        yield _connection(model)


def _change(readers: str) -> Block:
    text = braced(f"type Change {readers}", _CHANGE_FIELDS)
    return Block("Change", commented(_CHANGE_COMMENT, text))


def _announced(definitions: Definitions, model: Model) -> tuple[Field, ...]:
    """What a model has beside the fields of the file."""
    was = was_field(definitions, model)
    return (*STAMPS, *([was] if was else []), CHANGE_FIELD)


def _text(definition: Definition, announced: tuple[Field, ...], readers: str) -> str:
    match definition:
        case ObjectType(fields=fields):
            lines = map(_line, (*fields, *announced))
            return braced(f"type {_head(definition)} {readers}", lines)
        case InterfaceType(fields=fields):
            return braced(f"interface {_head(definition)}", map(_line, fields))
        case EnumType(name=name, values=values):
            return braced(f"enum {name}", (f"  {value}" for value in values))
        case UnionType(name=name, members=members):
            return f"union {name} = {' | '.join(members)}"
        case _:
            raise TypeError(f"{definition} is of a kind that has no output")


def _head(definition: ObjectType | InterfaceType) -> str:
    interfaces = " & ".join(definition.interfaces)
    return f"{definition.name} implements {interfaces}" if interfaces else definition.name


def _line(field: Field) -> str:
    return commented(field.comment, f"{field.name}: {field.output_type}", "  ")


def _connection(model: Model) -> Block:
    name = f"{model.name}Connection"
    lines = (f"  items: [{model.name}]", "  nextToken: String")
    return Block(name, braced(f"type {name}", lines), model.type)

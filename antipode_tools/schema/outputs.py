"""What can be read: the models' types with all behind them, and their connections.

No output has a !. One missing value would turn the whole announcement to null, and items lack
values for many reasons: they are older than the field, were written straight to the table, or were
shortened to what AppSync takes in an announcement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graphql import DEFAULT_DEPRECATION_REASON

from antipode_tools.schema import naming
from antipode_tools.schema.blocks import Block, argument_line, braced, commented
from antipode_tools.schema.conditions import sort_condition
from antipode_tools.schema.definitions import (
    Definition,
    Definitions,
    EnumType,
    Field,
    InputType,
    InterfaceType,
    ObjectType,
    UnionType,
)
from antipode_tools.schema.directives import directive_of
from antipode_tools.schema.earlier import earlier_fields, was_field, was_type
from antipode_tools.schema.model import Model, Relation
from antipode_tools.schema.stamps import CHANGE_FIELD, CHANGE_FIELDS, CHANGE_KINDS

_CHANGE_COMMENT = (
    "How a change came to be announced. Null in queries. `sequence` rises for each item within one",
    "Region's stream (compare it as a number, never across Regions); `id` is the same at a "
    "redelivery.",
)
_MISSED_COMMENT = ("Queries of what was missed have it as well.",)
# Told by these alone.
_STARTED = Field("startedAt", "String", 0, ("What to ask for next, of what was missed.",))


def outputs(
    definitions: Definitions, models: Iterable[Model], readers: str, askers: str = ""
) -> Iterator[Block]:
    """The types of the file, the models with what is stamped on them. `readers` are the directives
    of the objects that are announced, `askers` those of what queries alone answer."""
    models = tuple(models)
    yield _change(readers, told=any(model.names.sync for model in models))
    kinds = (f"  {kind}" for kind in CHANGE_KINDS.values)
    yield Block(CHANGE_KINDS.name, braced(f"enum {CHANGE_KINDS.name}", kinds))
    by_name = {model.name: model for model in models}
    for definition in definitions.all:
        model = by_name.get(definition.name)
        if not isinstance(definition, InputType):
            announced = _announced(definitions, model) if model else ()
            text = _text(definition, model, announced, readers)
            yield Block(definition.name, commented(definition.comment, text), definition)
        if model and (fields := earlier_fields(definitions, model)):
            name = was_type(model)
            yield Block(name, braced(f"type {name} {readers}", map(_line, fields)), model.type)
    for model in models:
        if _is_paged(model, by_name.values()):
            yield _connection(model, askers)


def _change(readers: str, *, told: bool) -> Block:
    """`told`: whether any query tells of changes."""
    text = braced(f"type Change {readers}", map(_line, CHANGE_FIELDS))
    comment = (*_CHANGE_COMMENT, *(_MISSED_COMMENT if told else ()))
    return Block("Change", commented(comment, text))


def _announced(definitions: Definitions, model: Model) -> tuple[Field, ...]:
    """What a model has beside the fields of the file."""
    was = was_field(definitions, model)
    return (*model.stamps, *([was] if was else []), CHANGE_FIELD)


def _is_paged(model: Model, models: Iterable[Model]) -> bool:
    """Whether pages of the model are asked for anywhere."""
    by_index = any(index.query for index in model.indexes)
    related = (each for other in models for each in other.relations)
    return bool(
        model.names.list
        or model.names.sync
        or by_index
        or any(each.many and each.model == model.name for each in related)
    )


def _text(
    definition: Definition, model: Model | None, announced: tuple[Field, ...], readers: str
) -> str:
    match definition:
        case ObjectType() if model:
            relations = {relation.field.name: relation for relation in model.relations}
            fields = (*definition.fields, *announced)
            lines = (
                _related(relations[field.name]) if field.name in relations else _line(field)
                for field in fields
            )
            return braced(f"type {_head(definition)} {readers}", lines)
        case ObjectType(fields=fields):
            return braced(f"type {_head(definition)} {readers}", map(_line, fields))
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
    return commented(_comment(field), declared(field), "  ")


def declared(field: Field) -> str:
    """A field as the schema has it, with its arguments: column(of: ID!): String"""
    given = ", ".join(map(argument_line, field.arguments))
    arguments = f"({given})" if given else ""
    return f"{field.name}{arguments}: {field.output_type}"


def _comment(field: Field) -> tuple[str, ...]:
    """A field's comment, with what @deprecated says: AppSync is not known to take the directive."""
    directive = directive_of(field.directives, "deprecated")
    if directive is None:
        return field.comment
    reason = directive.arguments.get("reason", DEFAULT_DEPRECATION_REASON)
    return (*field.comment, *f"Deprecated: {reason}".splitlines())


def _related(relation: Relation) -> str:
    """A field of related items: one, or pages of many as a list has them."""
    field, title = relation.field, naming.upper(relation.model)
    if not relation.many:
        return commented(_comment(field), f"{field.name}: {relation.model}", "  ")
    page = ["sortDirection: ModelSortDirection", "limit: Int", "nextToken: String"]
    arguments = [f"filter: Model{title}FilterInput", *page]
    if relation.index and (sort := sort_condition(relation.index, len(relation.by))):
        arguments.insert(0, sort)
    line = f"{field.name}({', '.join(arguments)}): Model{title}Connection"
    return commented(_comment(field), line, "  ")


def _connection(model: Model, askers: str) -> Block:
    name = f"Model{model.title}Connection"
    started = [_line(_STARTED)] if model.names.sync else []
    lines = (f"  items: [{model.name}]", "  nextToken: String", *started)
    return Block(name, braced(f"type {name}{askers}", lines), model.type)

"""The selection of every field of a type, to the leaves; never of items of another table."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_required_argument,
)

from antipode_tools.schema.built import SchemaError
from antipode_tools.schema.stamps import CHANGE_FIELD

# A selected object's fields; a leaf is the name of its type.
Shape = str | Mapping[str, "Shape"]


def select(
    schema: GraphQLSchema,
    output: GraphQLNamedType,
    path: str,
    above: frozenset[str] = frozenset(),
    *,
    cut: bool = False,
    without: Collection[str] = (),
) -> tuple[str, Shape]:
    """The selection set of a type and its shape.

    Args:
        path: where the type stands, for messages.
        above: the types on the way to it.
        cut: leave out what would lead back to one of them.
        without: fields of an object to leave out.

    Raises:
        SchemaError: the type contains itself.
    """
    if output.name in above:
        raise SchemaError(f"{path} leads back to {output.name} without end")
    match output:
        case GraphQLObjectType():
            return _select_fields(schema, output, path, above | {output.name}, without, cut=cut)
        case GraphQLInterfaceType() | GraphQLUnionType():
            return _select_members(schema, output, path, above | {output.name}, cut=cut)
        case _:
            return "", output.name


def is_related(output: GraphQLNamedType) -> bool:
    """Whether the type is a model, or a page of one: its items are in another table."""
    return _is_model(output) or page_items(output) is not None


def page_items(output: GraphQLNamedType) -> GraphQLNamedType | None:
    """The model that a type is a page of; None if it is no page. A type of the user's that has some
    items beside other things is none."""
    if not isinstance(output, GraphQLObjectType) or _is_model(output):
        return None
    items = output.fields.get("items") if "nextToken" in output.fields else None
    found = get_named_type(items.type) if items else None
    return found if found and _is_model(found) else None


def _is_model(output: GraphQLNamedType) -> bool:
    return isinstance(output, GraphQLObjectType) and CHANGE_FIELD.name in output.fields


def _select_fields(
    schema: GraphQLSchema,
    output: GraphQLObjectType,
    path: str,
    above: frozenset[str],
    without: Collection[str],
    *,
    cut: bool,
) -> tuple[str, Shape]:
    texts, shapes = [], {}
    for name, field in output.fields.items():
        here, inner = f"{path}.{name}", get_named_type(field.type)
        needs = any(is_required_argument(argument) for argument in field.args.values())
        if name in without or needs or is_related(inner) or (cut and inner.name in above):
            continue
        selection, shapes[name] = select(schema, inner, here, above, cut=cut)
        texts.append(f"{name} {selection}".rstrip())
    # Of a type whose fields are all left out there is still its name.
    return f"{{ {' '.join(texts) or '__typename'} }}", shapes


def _select_members(
    schema: GraphQLSchema,
    output: GraphQLInterfaceType | GraphQLUnionType,
    path: str,
    above: frozenset[str],
    *,
    cut: bool,
) -> tuple[str, Shape]:
    texts = ["__typename"]
    merged: Shape = {"__typename": "String"}
    for member in sorted(schema.get_possible_types(output), key=lambda member: member.name):
        if cut and member.name in above:
            continue
        selection, shape = select(schema, member, path, above, cut=cut)
        texts.append(f"... on {member.name} {selection}")
        merged = _merge(merged, shape)
    return f"{{ {' '.join(texts)} }}", merged


def _merge(one: Shape, other: Shape) -> Shape:
    if isinstance(one, str) or isinstance(other, str):
        return other
    return {
        name: _merge(one[name], other[name])
        if name in one and name in other
        else one.get(name, other.get(name, ""))
        for name in {**one, **other}
    }

"""Statements as `amplify codegen` writes them for a schema: one for each thing a client can call.

Every argument is a variable of the name and the type that it has in the schema, whether somebody
gives it or not. Every field is selected that is a value, to a depth of two for what stands in
others, with __typename everywhere. What is called publish… is the relay's alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

_DEPTH = 2


def statements(schema: GraphQLSchema) -> Mapping[str, str]:
    """Each statement by the field that it calls."""
    roots = {
        "query": schema.query_type,
        "mutation": schema.mutation_type,
        "subscription": schema.subscription_type,
    }
    return {
        name: _statement(schema, kind, name, field)
        for kind, root in roots.items()
        for name, field in (root.fields if root else {}).items()
        if not name.startswith("publish")
    }


def _statement(schema: GraphQLSchema, kind: str, name: str, field: GraphQLField) -> str:
    declared = " ".join(f"${each}: {argument.type}" for each, argument in field.args.items())
    given = ", ".join(f"{each}: ${each}" for each in field.args)
    operation = f"{kind} {name[0].upper()}{name[1:]}{f'({declared})' if declared else ''}"
    call = f"{name}{f'({given})' if given else ''}"
    return f"{operation} {{ {call} {_selected(schema, get_named_type(field.type), _DEPTH)} }}"


def _selected(schema: GraphQLSchema, type_: GraphQLNamedType, depth: int) -> str:
    """The selection of a type, nothing of a value."""
    if is_leaf_type(type_):
        return ""
    return f"{{ {' '.join([*_fields(schema, type_, depth), '__typename'])} }}"


def _fields(schema: GraphQLSchema, type_: GraphQLNamedType, depth: int) -> Iterator[str]:
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in type_.fields.items():
            named = get_named_type(field.type)
            if any(is_required_argument(each) for each in field.args.values()):
                continue
            if is_leaf_type(named):
                yield name
            elif depth > 0:
                yield f"{name} {_selected(schema, named, depth - 1)}"
    if isinstance(type_, GraphQLUnionType | GraphQLInterfaceType):
        for member in schema.get_possible_types(type_):
            yield f"... on {member.name} {_selected(schema, member, depth - 1)}"

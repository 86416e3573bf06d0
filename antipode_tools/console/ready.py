"""Operations that can be sent as they are, with values that an API takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    OperationType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_required_input_field,
)

from antipode_tools.console.api_schema import document, given
from antipode_tools.project.sample import SCALARS, Seed

# What GraphQL takes for a variable.
Json = Any

# The relay's own.
_RELAYS = "publish"
_PAGE = 20


@dataclass(frozen=True)
class Ready:
    """An operation that can be sent as it is, or with other values."""

    name: str
    kind: str
    document: str
    variables: Mapping[str, Json]


def ready(schema: GraphQLSchema, seed: Seed) -> list[Ready]:
    """Every operation but the relay's, with values that the API takes."""
    return [
        Ready(name, kind.value, document(kind.value, name, field), _variables(schema, field, seed))
        for kind in OperationType
        if (root := schema.get_root_type(kind))
        for name, field in root.fields.items()
        if not (kind is OperationType.MUTATION and name.startswith(_RELAYS))
    ]


def _variables(schema: GraphQLSchema, field: GraphQLField, seed: Seed) -> dict[str, Json]:
    decided = _decided(schema, field)
    return {
        name: _PAGE if name == "limit" else _value(name, argument.type, seed, decided)
        for name, argument in given(field).items()
    }


def _decided(schema: GraphQLSchema, field: GraphQLField) -> frozenset[str]:
    """The texts of what a field gives by which rules say whose it is, and which are left to the
    server: they are in no filter of subscriptions."""
    given_type = get_named_type(field.type)
    name = given_type.name
    filtered = schema.get_type(f"ModelSubscription{name[0].upper()}{name[1:]}FilterInput")
    if not isinstance(filtered, GraphQLInputObjectType):
        return frozenset()
    assert isinstance(given_type, GraphQLObjectType)
    return frozenset(given_type.fields.keys() - filtered.fields.keys())


def _value(
    called: str, type_: GraphQLInputType, seed: Seed, decided: frozenset[str] = frozenset()
) -> Json:
    bare = get_nullable_type(type_)
    match bare:
        case GraphQLList():
            return []
        case GraphQLInputObjectType():
            return {
                name: _value(name, field.type, seed)
                for name, field in bare.fields.items()
                if _is_filled(name, field, decided)
            }
        case GraphQLEnumType():
            return next(iter(bare.values))
        case GraphQLScalarType(name="String"):
            return f"my {called}"
        case _:
            return SCALARS.get(bare.name, SCALARS["String"])(seed)


def _is_filled(name: str, field: GraphQLInputField, decided: frozenset[str]) -> bool:
    """What must be given, and what shows: an id that may be left out is made by the API."""
    return is_required_input_field(field) or (
        name != "id" and name not in decided and is_leaf_type(field.type)
    )

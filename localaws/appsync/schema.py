"""An AppSync schema made executable: scalars, directives, and the mutations of subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    ScalarTypeDefinitionNode,
    build_ast_schema,
    parse,
    validate_schema,
)

from localaws.appsync.deployed import FieldKey
from localaws.appsync.directives import DEFINITIONS, Rule, names_in, rules_of
from localaws.appsync.leaves import equip_enum, equip_leaves
from localaws.appsync.ports import AuthMode
from localaws.appsync.scalars import SCALARS, equip
from localaws.errors import LocalAwsError


class SchemaError(LocalAwsError):
    """AppSync would refuse to create this schema; in its words, where they are known."""


@dataclass(frozen=True)
class Schema:
    """`announced` has the same types as `executable`, but takes leaf values as already rendered:
    a mutation's answer is projected through it without being rendered twice."""

    executable: GraphQLSchema
    announced: GraphQLSchema
    rules: Mapping[FieldKey, Rule]
    # subscription field -> the mutations that it subscribes to
    links: Mapping[str, frozenset[str]]
    heard_mutations: frozenset[str]


def build_schema(sdl: str, default_mode: AuthMode, *, only_mode: bool) -> Schema:
    """Raises SchemaError. `only_mode`: the API has no additional authorization modes."""
    document = _with_prelude(sdl)
    executable = _build(document)
    equip_leaves()
    for enum in executable.type_map.values():
        if isinstance(enum, GraphQLEnumType) and not enum.name.startswith("__"):
            equip_enum(enum)
    for scalar in SCALARS:
        type_ = executable.type_map[scalar.name]
        assert isinstance(type_, GraphQLScalarType)  # the prelude defines it
        equip(type_, scalar)
    links = _links(executable)
    return Schema(
        executable=executable,
        announced=build_ast_schema(document, assume_valid=True),  # as it has just been seen to be
        rules=rules_of(executable, default_mode, only_mode=only_mode),
        links=links,
        heard_mutations=frozenset().union(*links.values()),
    )


def _with_prelude(sdl: str) -> DocumentNode:
    # An exported schema may define what the service predefines: the service's definition wins.
    try:
        written = parse(sdl).definitions
    except GraphQLError as error:
        raise SchemaError(f"Failed to parse schema document: {error.message}") from None
    own = [node for node in written if not _is_predefined(node)]
    return DocumentNode(definitions=(*_PRELUDE, *own))


def _build(document: DocumentNode) -> GraphQLSchema:
    try:
        schema = build_ast_schema(document)
    except (GraphQLError, TypeError) as error:
        raise SchemaError(f"Schema has the following errors: {error}") from None
    if schema.query_type is None:
        raise SchemaError(_no_query(schema))
    if errors := validate_schema(schema):
        listed = "; ".join(error.message for error in errors)
        raise SchemaError(f"Schema has the following errors: {listed}")
    return schema


def _no_query(schema: GraphQLSchema) -> str:
    if schema.ast_node is None:
        return "There is no top level schema object defined."
    return "A schema MUST have a 'query' operation defined."


def _links(schema: GraphQLSchema) -> Mapping[str, frozenset[str]]:
    subscriptions = _fields(schema.subscription_type)
    mutations = _fields(schema.mutation_type)
    return {name: _heard_by(field, mutations) for name, field in subscriptions.items()}


def _heard_by(field: GraphQLField, mutations: Mapping[str, GraphQLField]) -> frozenset[str]:
    heard = frozenset(_subscribed(field))
    if not heard <= mutations.keys():
        raise SchemaError(
            "Schema has the following errors: "
            "The mutations argument on the aws_subscribe directive has an invalid value."
        )
    if any(_shape(mutations[name]) != _shape(field) for name in heard):
        raise SchemaError(
            "Schema has the following errors: The subscription has an invalid output type."
        )
    return heard


def _subscribed(field: GraphQLField) -> list[str]:
    if field.ast_node is None:
        return []
    return [
        name
        for directive in field.ast_node.directives or ()
        if directive.name.value == "aws_subscribe"
        for name in names_in(directive)
    ]


def _shape(field: GraphQLField) -> str:
    # Nullability may differ: the developer guide's own example returns `Post` for a `Post!`.
    return str(field.type).replace("!", "")


def _fields(type_: GraphQLObjectType | None) -> Mapping[str, GraphQLField]:
    return type_.fields if type_ is not None else {}


_PRELUDE: tuple[DefinitionNode, ...] = tuple(
    parse(DEFINITIONS + "\n".join(f"scalar {scalar.name}" for scalar in SCALARS)).definitions
)
_PREDEFINED = frozenset(
    node.name.value
    for node in _PRELUDE
    if isinstance(node, DirectiveDefinitionNode | ScalarTypeDefinitionNode)
)


def _is_predefined(node: DefinitionNode) -> bool:
    match node:
        case DirectiveDefinitionNode() | ScalarTypeDefinitionNode():
            return node.name.value in _PREDEFINED
        case _:
            return False

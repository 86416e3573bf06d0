"""The text of a schema to graphql-core's schema, with what AppSync knows without being told."""

from __future__ import annotations

from graphql import (
    GraphQLSchema,
    ScalarTypeDefinitionNode,
    build_ast_schema,
    concat_ast,
    parse,
    specified_scalar_types,
)

from antipode_tools.schema.scalars import SCALARS


class SchemaError(ValueError):
    """Something cannot be generated from the schema: change what the message names."""


def built(sdl: str) -> GraphQLSchema:
    """The schema with the scalars that AppSync knows by itself."""
    document = parse(sdl, no_location=True)
    defined = {
        node.name.value
        for node in document.definitions
        if isinstance(node, ScalarTypeDefinitionNode)
    }
    missing = SCALARS.keys() - specified_scalar_types.keys() - defined
    scalars = parse("\n".join(f"scalar {name}" for name in sorted(missing)))
    # AppSync's directives are not defined in the schema either, hence assumed valid.
    return build_ast_schema(concat_ast([document, scalars]), assume_valid_sdl=True)

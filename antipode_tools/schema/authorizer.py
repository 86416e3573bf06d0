"""The schema to the scope that each of its fields needs, which the authorizer grants by.

`antipode schema` writes src/authorizer/fields.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, get_named_type

from antipode_tools.schema.publish import PUBLISH

_ACCESS = {"Query": "read", "Mutation": "write", "Subscription": "read"}
# The scope of each root field, by its name with its type's; None where no scope will do.
Fields = dict[str, str | None]


def fields_of(schema: GraphQLSchema, models: frozenset[str]) -> Fields:
    """What each field of Query, Mutation and Subscription needs.

    No scope opens an operation that is of no model.
    """
    return {
        f"{root.name}.{name}": _scope(root.name, name, field, models)
        for root in _roots(schema)
        for name, field in root.fields.items()
    }


def render(fields: Fields) -> str:
    """The text of fields.json: sorted, so that it changes only where the schema does."""
    return json.dumps(fields, indent=2, sort_keys=True) + "\n"


def _roots(schema: GraphQLSchema) -> Iterator[GraphQLObjectType]:
    for root in (schema.query_type, schema.mutation_type, schema.subscription_type):
        if root is not None:
            yield root


def _scope(root: str, name: str, field: GraphQLField, models: frozenset[str]) -> str | None:
    if root == "Mutation" and PUBLISH.fullmatch(name):
        # The relay's own, which no token opens.
        return None
    model = _model(field, models)
    return f"{model}:{_ACCESS[root]}" if model else None


def _model(field: GraphQLField, models: frozenset[str]) -> str | None:
    """The model that a field returns, or a page of."""
    output = get_named_type(field.type)
    if output.name not in models and isinstance(output, GraphQLObjectType):
        listed = output.fields.get("items")
        output = output if listed is None else get_named_type(listed.type)
    return output.name if output.name in models else None

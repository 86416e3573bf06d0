"""The schema to the documents that the relay sends: every field, to the leaves.

A subscriber gets only what the publish mutation selected, so nothing is left out and nothing is
written by hand. `antipode schema` writes src/relay/publish.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from antipode.relay.documents import VERSION
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OverlappingFieldsCanBeMergedRule,
    get_named_type,
    parse,
    validate,
    value_from_ast_untyped,
)

from antipode_tools.schema.built import SchemaError, built
from antipode_tools.schema.selection import select

# AppSync refuses a longer document.
# https://docs.aws.amazon.com/general/latest/gr/appsync.html
MAX_TOKENS = 15_000

PUBLISH = re.compile(r"publish(Create|Update|Delete)(\w+)")

# A token of a generated document, which has neither strings nor numbers.
_TOKEN = re.compile(r"\w+|\.{3}|[^\w\s]", re.ASCII)

# What publish.json holds of the models: antipode.relay.documents reads it.
Documents = dict[str, dict[str, Any]]
# By the model, some of its fields.
Fields = Mapping[str, Collection[str]]


def publish_documents(
    sdl: str, owners: Fields | None = None, hidden: Fields | None = None
) -> Documents:
    """For each model, by the name of its table, its fields and its owners, and for each kind of
    change that can be heard of the mutation that announces it.

    Args:
        owners: the fields that say who may hear of an item.
        hidden: those that nobody hears of.

    Raises:
        SchemaError: a publish mutation cannot be sent by the relay.
    """
    return documents_of(built(sdl), owners or {}, hidden or {})


def documents_of(schema: GraphQLSchema, owners: Fields, hidden: Fields) -> Documents:
    """As publish_documents, for a schema that is built already."""
    mutations = schema.mutation_type.fields if schema.mutation_type else {}
    heard = _heard(schema)
    documents: Documents = {}
    # Selected and checked once a model: its three documents differ in a name alone.
    selections: dict[str, str] = {}
    for name, field in mutations.items():
        if match := PUBLISH.fullmatch(name):
            kind, model = match[1].upper(), match[2]
            output = _published(name, field)
            if model not in documents:
                selections[model], shape = select(
                    schema, output, model, without=hidden.get(output.name, ())
                )
                _check_document(schema, name, _document(name, selections[model]))
                owned = sorted(owners.get(model, ()))
                documents[model] = {"fields": shape, "owners": owned, "mutations": {}}
            documents[model]["mutations"][kind] = {
                "field": name,
                "query": _document(name, selections[model]),
                "subscriptions": sorted(heard.get(name, ())),
            }
    return documents


def render(documents: Documents) -> str:
    """The text of publish.json: sorted, so that it changes only where the schema does."""
    contents = {"version": VERSION, "models": documents}
    return json.dumps(contents, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def tokens(query: str) -> int:
    """How many tokens a generated document has, without parsing it."""
    return len(_TOKEN.findall(query))


def _published(name: str, field: GraphQLField) -> GraphQLObjectType:
    output = get_named_type(field.type)
    if not isinstance(output, GraphQLObjectType):
        raise SchemaError(f"{name} returns {field.type}, and no model")
    if set(field.args) != {"change"} or str(field.args["change"].type) != "AWSJSON!":
        raise SchemaError(f"{name} takes other arguments than change: AWSJSON!")
    if "_change" not in output.fields:
        raise SchemaError(f"{output.name} has no field _change")
    return output


def _document(field: str, selection: str) -> str:
    name = field[0].upper() + field[1:]
    return f"mutation {name}($change: AWSJSON!) {{ {field}(change: $change) {selection} }}"


def _check_document(schema: GraphQLSchema, field: str, query: str) -> None:
    if (number := tokens(query)) > MAX_TOKENS:
        raise SchemaError(
            f"{field} selects {number} tokens, and AppSync takes at most {MAX_TOKENS}"
        )
    # What is selected is in the schema, so one rule alone can be broken: members of an interface or
    # a union that have a field of one name and two types. All rules for all models took as long as
    # everything else together.
    if "..." not in query:
        return
    document = parse(query, no_location=True)
    if errors := validate(schema, document, [OverlappingFieldsCanBeMergedRule]):
        raise SchemaError(f"{field} cannot be selected whole: {errors[0].message}")


def _heard(schema: GraphQLSchema) -> Mapping[str, list[str]]:
    """The subscriptions that hang on each mutation."""
    fields = schema.subscription_type.fields if schema.subscription_type else {}
    heard: dict[str, list[str]] = {}
    for name, field in fields.items():
        for mutation in _hangs_on(field):
            heard.setdefault(mutation, []).append(name)
    return heard


def _hangs_on(field: GraphQLField) -> list[str]:
    """The mutations that @aws_subscribe names."""
    for directive in field.ast_node.directives or () if field.ast_node else ():
        for argument in directive.arguments or ():
            if (directive.name.value, argument.name.value) == ("aws_subscribe", "mutations"):
                names: list[str] = value_from_ast_untyped(argument.value)
                return names
    return []

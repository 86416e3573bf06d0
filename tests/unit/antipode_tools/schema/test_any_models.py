"""Whatever models there are: the schema builds, and every document selects every leaf."""

from __future__ import annotations

import json
from collections.abc import Iterator

from graphql import (
    FieldNode,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    parse,
    validate,
)
from hypothesis import given, settings

from antipode_tools.schema.compiler import Compiled, compile_models
from antipode_tools.schema.publish import tokens
from antipode_tools.schema.selection import is_related
from localaws.appsync.ports import AuthMode
from localaws.appsync.schema import build_schema
from tests.examples import percent
from tests.unit.antipode_tools.schema.any_models import models

KINDS = ("CREATE", "UPDATE", "DELETE")


def leaves(schema: GraphQLSchema, output: GraphQLNamedType, path: str) -> Iterator[str]:
    """The paths of all that an item of a type holds: those of other tables it does not."""
    match output:
        case GraphQLObjectType():
            for name, field in output.fields.items():
                if not is_related(get_named_type(field.type)):
                    yield from leaves(schema, get_named_type(field.type), f"{path}.{name}")
        case GraphQLInterfaceType() | GraphQLUnionType():
            yield f"{path}.__typename"
            for member in schema.get_possible_types(output):
                yield from leaves(schema, member, f"{path}<{member.name}>")
        case _:
            yield path


def selected(selection: SelectionSetNode | None, path: str) -> Iterator[str]:
    """The paths of all that a document asks for."""
    if selection is None:
        yield path
        return
    for node in selection.selections:
        match node:
            case FieldNode():
                yield from selected(node.selection_set, f"{path}.{node.name.value}")
            case InlineFragmentNode(type_condition=condition):
                assert condition is not None
                yield from selected(node.selection_set, f"{path}<{condition.name.value}>")
            case _:
                raise AssertionError(node)


def check(compiled: Compiled) -> None:
    # The local AppSync builds with graphql-core and AppSync's own checks: links, directives.
    schema = build_schema(compiled.schema, AuthMode.API_KEY, only_mode=False).executable
    documents = json.loads(compiled.documents)["models"]
    assert set(documents) == {model.name for model in compiled.models}
    for name, entry in documents.items():
        assert set(entry["mutations"]) == set(KINDS)
        for mutation in entry["mutations"].values():
            check_document(schema, name, mutation["query"])
    for type_ in schema.type_map.values():
        check_type(type_)


def check_document(schema: GraphQLSchema, model: str, query: str) -> None:
    document = parse(query)
    assert validate(schema, document) == []
    assert tokens(query) == document.token_count
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    [root] = operation.selection_set.selections
    assert isinstance(root, FieldNode)
    there = sorted(leaves(schema, schema.type_map[model], model))
    assert sorted(selected(root.selection_set, model)) == there


def check_type(type_: GraphQLNamedType) -> None:
    """Nothing that is read is required; whatever is written has something in it."""
    match type_:
        case GraphQLObjectType(name=name) if not name.startswith("__"):
            assert not any("!" in str(field.type) for field in type_.fields.values())
        case GraphQLInputObjectType():
            assert type_.fields


@given(models())
@settings(max_examples=percent(60))
def test_any_models_make_a_schema_whose_documents_select_every_leaf(source: str) -> None:
    check(compile_models(source))


@given(models())
@settings(max_examples=percent(20))
def test_models_compared_with_themselves_have_not_changed(source: str) -> None:
    assert compile_models(source, source) == compile_models(source)

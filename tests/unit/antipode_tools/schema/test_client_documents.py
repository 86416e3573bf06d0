"""The documents for clients, and what a client's tools need to read them."""

from __future__ import annotations

import pytest
from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    FieldNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    OperationType,
    ScalarTypeDefinitionNode,
    build_schema,
    get_named_type,
    parse,
    specified_scalar_types,
    validate,
    validate_schema,
)

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import project_root
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.scalars import SCALARS
from antipode_tools.schema.selection import is_related
from tests.unit.antipode_tools.schema.golden import EXAMPLES, generated

APPSYNC = (project_root() / "graphql" / "appsync.graphql").read_text()

MEMBERS = """
type Shelf @model { id: ID!, things: [Thing!]!, first: Named, box: Box }
union Thing = Book | Box
interface Named { name: String }
type Book implements Named { name: String, pages: Int! }
type Box implements Named { name: String, lid: Lid }
type Lid { wide: Float }
"""


def client_schema(sdl: str) -> GraphQLSchema:
    """As graphql-js makes it of the two files: with every rule of the language."""
    return build_schema(f"{APPSYNC}\n{sdl}")


@pytest.mark.parametrize("mode", [mode for mode in AuthMode if mode is not AuthMode.API_KEY])
def test_the_schema_of_every_mode_is_plain_graphql_beside_what_appsync_defines(
    mode: AuthMode,
) -> None:
    models = (project_root() / "examples" / "order" / "models.graphql").read_text()
    schema = client_schema(compile_models(models, modes=[mode]).schema)
    assert validate_schema(schema) == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_document_is_valid(example: str) -> None:
    texts = generated(example)
    document = parse(texts["operations.graphql"])
    assert validate(client_schema(texts["schema.graphql"]), document) == []


def test_the_projects_own_documents_are_valid() -> None:
    folder = project_root() / "graphql"
    schema = client_schema((folder / "schema.graphql").read_text())
    assert validate(schema, parse((folder / "operations.graphql").read_text())) == []


def test_interfaces_and_unions_are_selected_whole() -> None:
    compiled = compile_models(MEMBERS)
    assert validate(client_schema(compiled.schema), parse(compiled.operations)) == []
    assert compiled.operations.partition("query GetShelf")[2].startswith(
        """($id: ID!) {
  getShelf(id: $id) {
    id
    things {
      __typename
      ... on Book {
        name
        pages
      }
      ... on Box {
        name
        lid {
          wide
        }
      }
    }
"""
    )


@pytest.mark.parametrize("example", EXAMPLES)
def test_there_is_a_document_for_whatever_a_client_can_call(example: str) -> None:
    texts = generated(example)
    schema = client_schema(texts["schema.graphql"])
    named = [
        (node.operation, node.name.value)
        for node in parse(texts["operations.graphql"]).definitions
        if isinstance(node, OperationDefinitionNode) and node.name
    ]
    roots = {
        OperationType.QUERY: schema.query_type,
        OperationType.MUTATION: schema.mutation_type,
        OperationType.SUBSCRIPTION: schema.subscription_type,
    }
    assert named == [
        (kind, f"{name[0].upper()}{name[1:]}")
        for kind, root in roots.items()
        for name in (root.fields if root else ())
        if not name.startswith("publish")
    ]


@pytest.mark.parametrize("example", ["order", "todo"])
def test_every_stored_field_is_in_each_document_and_what_an_announcement_adds_in_subscriptions(
    example: str,
) -> None:
    texts = generated(example)
    schema = client_schema(texts["schema.graphql"])
    for operation in parse(texts["operations.graphql"]).definitions:
        assert isinstance(operation, OperationDefinitionNode)
        subscribes = operation.operation is OperationType.SUBSCRIPTION
        output, prefix = answer(schema, operation)
        wanted = set(leaves(output))
        if not subscribes:
            wanted = {leaf for leaf in wanted if not leaf.startswith("_change.")}
        name = operation.name.value if operation.name else ""
        if not name.startswith(("OnUpdate", "OnChange")):
            wanted = {leaf for leaf in wanted if not leaf.startswith("_was.")}
        paths = set(selected(operation))
        assert {path for path in paths if path != "nextToken"} == {
            f"{prefix}{leaf}" for leaf in wanted
        }


def answer(
    schema: GraphQLSchema, operation: OperationDefinitionNode
) -> tuple[GraphQLNamedType, str]:
    """What an operation's one field answers with, and where that stands in a page."""
    root = schema.get_root_type(operation.operation)
    [field] = operation.selection_set.selections
    assert root
    assert isinstance(field, FieldNode)
    output = get_named_type(root.fields[field.name.value].type)
    if isinstance(output, GraphQLObjectType) and "items" in output.fields:
        return get_named_type(output.fields["items"].type), "items."
    return output, ""


def leaves(type_: GraphQLNamedType) -> list[str]:
    """The paths to the leaves of a type without interfaces and unions, to no other table."""
    assert isinstance(type_, GraphQLObjectType)
    found = []
    for name, field in type_.fields.items():
        behind = get_named_type(field.type)
        assert not isinstance(behind, GraphQLUnionType)
        if is_related(behind):
            continue
        below = leaves(behind) if isinstance(behind, GraphQLObjectType) else []
        found += [f"{name}.{each}" for each in below] or [name]
    return found


def selected(operation: OperationDefinitionNode) -> list[str]:
    """The paths to the leaves of what an operation asks for, below its one field."""

    def paths(node: object) -> list[str]:
        selections = getattr(getattr(node, "selection_set", None), "selections", ())
        found: list[str] = []
        for each in selections:
            below = paths(each)
            found += [f"{each.name.value}.{path}" for path in below] or [each.name.value]
        return found

    [field] = operation.selection_set.selections
    return paths(field)


def test_the_scalars_that_appsync_knows_are_those_of_the_compiler() -> None:
    assert defined(parse(APPSYNC), ScalarTypeDefinitionNode) == sorted(
        SCALARS.keys() - specified_scalar_types.keys()
    )


def test_every_directive_of_appsyncs_that_a_schema_may_have_is_defined() -> None:
    assert defined(parse(APPSYNC), DirectiveDefinitionNode) == [
        "aws_api_key",
        "aws_auth",
        "aws_cognito_user_pools",
        "aws_iam",
        "aws_lambda",
        "aws_oidc",
        "aws_subscribe",
    ]


def defined(
    document: DocumentNode, kind: type[ScalarTypeDefinitionNode | DirectiveDefinitionNode]
) -> list[str]:
    return sorted(node.name.value for node in document.definitions if isinstance(node, kind))

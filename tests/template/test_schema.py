"""The schemas: what AppSync would refuse, and what would make announcements arrive empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import Visitor, parse, print_ast, visit
from graphql.language import (
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    ListTypeNode,
    ListValueNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    StringValueNode,
    TypeNode,
)

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.modes import readers
from antipode_tools.schema.scalars import SCALARS

# "The subscription field name is too long. Max characters allowed: 50", at schema creation.
MAX_SUBSCRIPTION_NAME_CHARACTERS = 50
SCHEMAS = (
    "graphql/schema.graphql",
    "examples/order/schema.graphql",
    "examples/todo/schema.graphql",
)
KINDS = ("Create", "Update", "Delete")


@pytest.fixture(scope="module", params=SCHEMAS)
def text(root: Path, request: pytest.FixtureRequest) -> str:
    return (root / str(request.param)).read_text()


@pytest.fixture(scope="module")
def schema(text: str) -> DocumentNode:
    return parse(text)


@pytest.fixture(scope="module")
def types(schema: DocumentNode) -> dict[str, ObjectTypeDefinitionNode]:
    return {
        node.name.value: node
        for node in schema.definitions
        if isinstance(node, ObjectTypeDefinitionNode)
    }


def fields(node: ObjectTypeDefinitionNode) -> dict[str, FieldDefinitionNode]:
    return {field.name.value: field for field in node.fields or ()}


def directives(node: ObjectTypeDefinitionNode | FieldDefinitionNode) -> set[str]:
    return {directive.name.value for directive in node.directives or ()}


def named(node: TypeNode) -> str:
    while isinstance(node, (NonNullTypeNode, ListTypeNode)):
        node = node.type
    assert isinstance(node, NamedTypeNode)
    return node.name.value


def reachable(types: dict[str, ObjectTypeDefinitionNode], name: str) -> Iterator[str]:
    """The object types that a selection of a type can come to, itself first."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        found = waiting.pop()
        if found not in types or found in seen:
            continue
        seen.add(found)
        yield found
        waiting.extend(named(field.type) for field in fields(types[found]).values())


def models(types: dict[str, ObjectTypeDefinitionNode]) -> list[str]:
    """What publish mutations return."""
    mutations = fields(types["Mutation"]).items()
    return sorted({named(field.type) for name, field in mutations if name.startswith("publish")})


def test_descriptions_are_comments_which_appsync_takes_where_it_refuses_strings(
    schema: DocumentNode,
) -> None:
    class Descriptions(Visitor):
        def enter(self, node: object, *_: object) -> None:
            assert getattr(node, "description", None) is None, node

    visit(schema, Descriptions())


def test_no_comment_stands_inside_an_enum(schema: DocumentNode, text: str) -> None:
    for node in schema.definitions:
        if isinstance(node, EnumTypeDefinitionNode):
            assert node.loc is not None
            assert "#" not in text[node.loc.start : node.loc.end]


def test_every_name_that_is_used_is_defined(schema: DocumentNode) -> None:
    defined = {
        node.name.value
        for node in schema.definitions
        if isinstance(
            node, (ObjectTypeDefinitionNode, InputObjectTypeDefinitionNode, EnumTypeDefinitionNode)
        )
    }
    used: set[str] = set()

    class Names(Visitor):
        def enter_named_type(self, node: NamedTypeNode, *_: object) -> None:
            used.add(node.name.value)

    visit(schema, Names())
    assert used <= defined | SCALARS.keys()


def test_relay_and_subscribers_may_both_read_all_that_is_announced(
    text: str, types: dict[str, ObjectTypeDefinitionNode]
) -> None:
    mode = re.search(r"for the mode (\w+)", text)
    assert mode
    both = set(readers([AuthMode(mode[1])]).replace("@", "").split())
    announced = {
        name
        for field in fields(types["Subscription"]).values()
        for name in reachable(types, named(field.type))
    }
    assert announced == {name for model in models(types) for name in reachable(types, model)}
    assert {"Change", *models(types)} <= announced
    for name in announced:
        assert directives(types[name]) == both, name


def test_iam_alone_may_publish_and_nothing_but_publishes_begins_like_one(
    types: dict[str, ObjectTypeDefinitionNode],
) -> None:
    for name, field in fields(types["Mutation"]).items():
        publishes = name.startswith("publish")
        assert directives(field) == ({"aws_iam"} if publishes else set()), name
        arguments = {argument.name.value: argument.type for argument in field.arguments or ()}
        if publishes:
            assert set(arguments) == {"change"}, name
            assert named(arguments["change"]) == "AWSJSON", name


def test_every_subscription_hangs_on_publish_mutations_of_the_same_type(
    types: dict[str, ObjectTypeDefinitionNode],
) -> None:
    mutations = fields(types["Mutation"])
    linked: dict[str, list[str]] = {}
    for name, field in fields(types["Subscription"]).items():
        assert len(name) <= MAX_SUBSCRIPTION_NAME_CHARACTERS
        linked[name] = list(hangs_on(field))
        assert {named(mutations[each].type) for each in linked[name]} == {named(field.type)}
    to_all = {name: heard for name, heard in linked.items() if name.startswith("onChange")}
    assert {name: heard for name, heard in linked.items() if name not in to_all} == {
        f"on{kind}{model}": [f"publish{kind}{model}"] for kind in KINDS for model in models(types)
    }
    for name, heard in to_all.items():
        model = name.removeprefix("onChange")
        assert heard == [f"publish{kind}{model}" for kind in KINDS]


def hangs_on(subscription: FieldDefinitionNode) -> Iterator[str]:
    """The mutations that @aws_subscribe, the one directive, names."""
    [directive] = subscription.directives or ()
    assert directive.name.value == "aws_subscribe"
    [argument] = directive.arguments or ()
    assert isinstance(argument.value, ListValueNode)
    for mutation in argument.value.values:
        assert isinstance(mutation, StringValueNode)
        yield mutation.value


def test_a_subscription_filters_by_fields_of_what_it_returns_and_by_five_at_most(
    types: dict[str, ObjectTypeDefinitionNode],
) -> None:
    for name, field in fields(types["Subscription"]).items():
        filters = {argument.name.value: argument.type for argument in field.arguments or ()}
        assert named(filters.pop("filter")) == f"ModelSubscription{named(field.type)}FilterInput"
        returned = {key: value.type for key, value in fields(types[named(field.type)]).items()}
        assert len(filters) <= 5, name
        assert {key: named(value) for key, value in filters.items()} == {
            key: named(returned[key]) for key in filters
        }, name


def test_no_field_of_an_output_is_required_since_one_missing_would_blank_the_message(
    types: dict[str, ObjectTypeDefinitionNode],
) -> None:
    for name, node in types.items():
        for field in fields(node).values():
            assert "!" not in print_ast(field.type), f"{name}.{field.name.value}"


def test_clients_cannot_set_what_the_resolvers_stamp(
    types: dict[str, ObjectTypeDefinitionNode], schema: DocumentNode
) -> None:
    stamped = {"createdAt", "updatedAt", "version", "updatedIn", "_was", "_change"}
    taken = {f"{kind}{model}Input" for kind in KINDS for model in models(types)}
    inputs = [
        node
        for node in schema.definitions
        if isinstance(node, InputObjectTypeDefinitionNode) and node.name.value in taken
    ]
    assert len(inputs) == len(taken)
    for node in inputs:
        assert not stamped & {field.name.value for field in node.fields or ()}, node.name.value

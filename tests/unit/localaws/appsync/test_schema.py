"""Schemas as AppSync takes them, and as it refuses them."""

from pathlib import Path

import pytest

from localaws.appsync.ports import AuthMode
from localaws.appsync.schema import Schema, SchemaError, build_schema

PROJECT_SCHEMA = Path(__file__).parents[4] / "graphql" / "schema.graphql"


def build(sdl: str) -> Schema:
    return build_schema(sdl, AuthMode.API_KEY, only_mode=False)


def test_the_projects_schema_is_taken() -> None:
    schema = build(PROJECT_SCHEMA.read_text())
    assert schema.links == {
        "onCreateItemsModel": {"publishCreateItemsModel"},
        "onUpdateItemsModel": {"publishUpdateItemsModel"},
        "onDeleteItemsModel": {"publishDeleteItemsModel"},
    }
    assert schema.heard_mutations == {
        "publishCreateItemsModel",
        "publishUpdateItemsModel",
        "publishDeleteItemsModel",
    }
    assert schema.rules["Mutation", "publishCreateItemsModel"].modes == {AuthMode.AWS_IAM}


def test_aws_scalars_and_directives_need_no_definition_and_may_have_one() -> None:
    body = "type Query { at: AWSDateTime @aws_iam }"
    defined = "scalar AWSDateTime\ndirective @aws_iam on FIELD_DEFINITION | OBJECT | INTERFACE\n"
    for sdl in (body, defined + body):
        assert build(sdl).rules["Query", "at"].modes == {AuthMode.AWS_IAM}


def test_a_subscription_may_differ_from_its_mutations_in_nullability() -> None:
    schema = build(
        """
        type Query { a: Int }
        type Mutation { add: [Int!]! }
        type Subscription { added: [Int] @aws_subscribe(mutations: ["add"])  other: Int }
        """
    )
    assert schema.links == {"added": {"add"}, "other": set()}


@pytest.mark.parametrize(
    ("sdl", "message"),
    [
        ("type A { b: Int }", "There is no top level schema object defined."),
        (
            "schema { mutation: M } type M { a: Int }",
            "A schema MUST have a 'query' operation defined.",
        ),
        (
            "type Query { a: Int } type Mutation { m: Int } "
            'type Subscription { s: String @aws_subscribe(mutations: ["m"]) }',
            "Schema has the following errors: The subscription has an invalid output type.",
        ),
        (
            "type Query { a: Int } type Mutation { m: Int } "
            'type Subscription { s: Int @aws_subscribe(mutations: ["m", "n"]) }',
            "Schema has the following errors: "
            "The mutations argument on the aws_subscribe directive has an invalid value.",
        ),
        (
            'type Query { a: Int } type Subscription { s: Int @aws_subscribe(mutations: ["m"]) }',
            "Schema has the following errors: "
            "The mutations argument on the aws_subscribe directive has an invalid value.",
        ),
        ("type Query { a: Nope }", "Schema has the following errors: Unknown type 'Nope'."),
        (
            "type Query { a: Int @nope }",
            "Schema has the following errors: Unknown directive '@nope'.",
        ),
        (
            "type Query { a: I } input I { b: Int }",
            "Schema has the following errors: The type of Query.a must be Output Type but got: I.",
        ),
        (
            "type Query {",
            "Failed to parse schema document: Syntax Error: Expected Name, found <EOF>.",
        ),
    ],
)
def test_a_schema_that_appsync_refuses_is_refused(sdl: str, message: str) -> None:
    with pytest.raises(SchemaError) as refused:
        build(sdl)
    assert str(refused.value) == message

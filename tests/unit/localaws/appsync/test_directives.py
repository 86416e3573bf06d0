"""The effective rule of a field, and whom it lets in."""

import pytest
from graphql import build_ast_schema, parse

from localaws.appsync.deployed import FieldKey
from localaws.appsync.directives import DEFINITIONS, Rule, rules_of
from localaws.appsync.ports import AuthMode, Identity

KEY, IAM = AuthMode.API_KEY, AuthMode.AWS_IAM
POOLS = AuthMode.AMAZON_COGNITO_USER_POOLS


def rule(sdl: str, key: FieldKey, default: AuthMode = KEY, *, only_mode: bool = False) -> Rule:
    schema = build_ast_schema(parse(DEFINITIONS + sdl))
    return rules_of(schema, default, only_mode=only_mode)[key]


@pytest.mark.parametrize(
    ("sdl", "modes"),
    [
        ("type Query { a: Int }", {KEY}),
        ("type Query { a: Int @aws_iam }", {IAM}),
        ("type Query @aws_iam { a: Int }", {IAM}),
        ("type Query @aws_iam { a: Int @aws_api_key }", {KEY}),
        ("type Query { a: Int @aws_api_key @aws_iam }", {KEY, IAM}),
        ("type Query { b: Int } extend type Query @aws_iam { a: Int }", {IAM}),
        (
            "type Query { a: Int @aws_lambda @aws_oidc @aws_cognito_user_pools }",
            {AuthMode.AWS_LAMBDA, AuthMode.OPENID_CONNECT, POOLS},
        ),
        ("type Query { a: Int @deprecated }", {KEY}),
    ],
)
def test_the_rule_is_the_fields_else_its_types_else_the_default(
    sdl: str, modes: set[AuthMode]
) -> None:
    assert rule(sdl, ("Query", "a")) == Rule(frozenset(modes))


def test_groups_narrow_user_pools_and_no_other_mode() -> None:
    found = rule(
        'type Query { a: Int @aws_iam @aws_cognito_user_pools(cognito_groups: ["A", "B"]) }',
        ("Query", "a"),
    )
    assert found == Rule(frozenset({IAM, POOLS}), frozenset({"A", "B"}))
    assert found.allows(Identity(IAM))
    assert found.allows(Identity(POOLS, {"groups": ["B", "C"]}))
    assert not found.allows(Identity(POOLS, {"groups": ["C"]}))
    assert not found.allows(Identity(POOLS, {}))
    assert not found.allows(Identity(KEY))


def test_aws_auth_counts_only_where_user_pools_are_the_one_mode() -> None:
    sdl = 'type Query { a: Int @aws_auth(cognito_groups: ["A"]) }'
    assert rule(sdl, ("Query", "a"), POOLS, only_mode=True).groups == {"A"}
    assert rule(sdl, ("Query", "a"), POOLS) == Rule(frozenset({POOLS}))
    assert rule(sdl, ("Query", "a"), KEY, only_mode=True) == Rule(frozenset({KEY}))

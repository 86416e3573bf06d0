"""Which claims the Lambda authorizer hands on: those that rules ask for."""

from __future__ import annotations

import json

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.compiler import compile_models

LAMBDA, POOL = AuthMode.AWS_LAMBDA, AuthMode.AMAZON_COGNITO_USER_POOLS
SOURCE = """
  type Card @model @auth(rules: [%s]) {
    id: ID!
    cost: Int @auth(rules: [{ allow: groups, groups: ["staff"], groupClaim: "roles" }])
  }
"""


def claims(rule: str, *modes: AuthMode) -> dict[str, list[str]]:
    told: dict[str, list[str]] = json.loads(compile_models(SOURCE % rule, modes=modes).claims)
    return told


@pytest.mark.parametrize(
    ("rule", "groups", "texts"),
    [
        ("{ allow: owner }", ["roles"], []),
        ('{ allow: owner, identityClaim: "sub::username" }', ["roles"], ["username"]),
        ('{ allow: owner, identityClaim: "email" }', ["roles"], ["email"]),
        ('{ allow: groups, groups: ["a"] }', ["cognito:groups", "roles"], []),
        ("{ allow: private }", ["roles"], []),
    ],
)
def test_what_rules_ask_for_is_named_by_its_kind(
    rule: str, groups: list[str], texts: list[str]
) -> None:
    assert claims(rule, LAMBDA) == {"groups": groups, "texts": texts}


def test_rules_for_other_modes_ask_the_authorizer_for_nothing() -> None:
    rule = '{ allow: owner, identityClaim: "email", provider: userPools }'
    assert claims(rule, LAMBDA, POOL) == {"groups": ["roles"], "texts": []}
    assert claims(rule, POOL) == {"groups": [], "texts": []}

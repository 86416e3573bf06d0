"""Our resolvers, as AWS's own linter and types for APPSYNC_JS judge them."""

from __future__ import annotations

from tests.clients.tools import Node

ESLINT = ("eslint", "--config", "tests/clients/eslint.config.mjs", "--format", "json")
TSC = ("tsc", "--pretty", "false", "--project", "tests/clients/tsconfig.json")


def test_the_linter_that_aws_publishes_accepts_every_resolver(node: Node) -> None:
    assert node.run(*ESLINT[:3], "graphql/resolvers") == ""


def test_the_types_that_aws_publishes_accept_every_resolver(node: Node) -> None:
    found = node.run(*TSC).splitlines()
    ours = [line for line in found if line.startswith("graphql/")]
    assert ours == []
    # The other file in the project is wrong on purpose: the compiler did look.
    assert found == [
        "tests/clients/refused/resolver.js(5,15): error TS2339: "
        "Property 'noSuchHelper' does not exist on type 'Util'."
    ]


def test_the_linter_refuses_what_appsync_refuses(node: Node) -> None:
    said = node.run(*ESLINT[:3], "tests/clients/refused")
    assert "@aws-appsync/no-regex" in said
    assert "@aws-appsync/no-disallowed-methods" in said

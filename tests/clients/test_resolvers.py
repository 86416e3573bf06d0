"""Our resolvers, as AWS's own linter and types for APPSYNC_JS judge them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from pathlib import Path

import pytest

from tests.clients.tools import ROOT, Node

ESLINT = ("eslint", "--config", "tests/clients/eslint.config.mjs", "--format", "json")
TSC = ("tsc", "--pretty", "false", "--project", "tests/clients/tsconfig.json")

OURS, REFUSED = "graphql/resolvers", "tests/clients/refused"
# The rules that a file breaks, by its path.
Broken = Mapping[str, Set[str]]


@pytest.fixture(scope="module")
def broken(node: Node) -> Broken:
    """What the linter says of ours, and of one that is wrong on purpose."""
    said = json.loads(node.run(*ESLINT, OURS, REFUSED))
    return {
        str(Path(file["filePath"]).relative_to(ROOT)): {
            each["ruleId"] or each["message"] for each in file["messages"]
        }
        for file in said
    }


def test_the_linter_that_aws_publishes_accepts_every_resolver(broken: Broken) -> None:
    resolvers = [str(file.relative_to(ROOT)) for file in (ROOT / OURS).rglob("*.js")]
    assert {file: broken[file] for file in resolvers if broken[file]} == {}
    assert resolvers


def test_the_types_that_aws_publishes_accept_every_resolver(node: Node) -> None:
    found = node.run(*TSC).splitlines()
    ours = [line for line in found if line.startswith("graphql/")]
    assert ours == []
    # The other file in the project is wrong on purpose: the compiler did look.
    assert found == [
        "tests/clients/refused/resolver.js(5,15): error TS2339: "
        "Property 'noSuchHelper' does not exist on type 'Util'."
    ]


def test_the_linter_refuses_what_appsync_refuses(broken: Broken) -> None:
    rules = broken[f"{REFUSED}/resolver.js"]
    assert {"@aws-appsync/no-regex", "@aws-appsync/no-disallowed-methods"} <= rules

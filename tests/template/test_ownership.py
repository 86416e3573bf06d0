"""The template of a project whose models have owners, as `antipode schema` writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema import limits

from .evaluate import evaluate
from .reading import load, written_for

SOURCE = """
type Order @model(owner: "owner") @key(fields: ["customer", "number"]) {
  customer: ID!
  number: Int!
}
type Note @model(owner: "author", onChange: true) { id: ID! }
type Word @model(onChange: true) { id: ID! }
"""
HEARD = [
    *(f"on{kind}Order" for kind in ("Create", "Update", "Delete")),
    *(f"on{kind}Note" for kind in ("Create", "Update", "Delete", "Change")),
    *(f"on{kind}Word" for kind in ("Create", "Update", "Delete", "Change")),
]


@pytest.fixture(scope="module")
def text(template_text: str) -> str:
    return written_for(template_text, SOURCE, AuthMode.AWS_LAMBDA)


def test_every_subscription_has_its_resolver_with_owners_and_without(text: str, root: Path) -> None:
    resolvers = evaluate(load(text)).of_type("AWS::AppSync::Resolver")
    heard = {
        name: resolver
        for name, resolver in resolvers.items()
        if resolver["TypeName"] == "Subscription"
    }
    assert heard == {
        f"{field}Resolver": {
            "ApiId": "${Api.ApiId}",
            "TypeName": "Subscription",
            "FieldName": field,
            "DataSourceName": "${LocalSource.Name}",
            "Kind": "UNIT",
            "Runtime": {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"},
            "CodeS3Location": "graphql/resolvers/subscribe.js",
        }
        for field in HEARD
    }
    assert (root / "graphql/resolvers/subscribe.js").is_file()


def test_the_resolvers_know_the_owners(text: str) -> None:
    [api] = evaluate(load(text)).of_type("AWS::AppSync::GraphQLApi").values()
    variables = api["EnvironmentVariables"]
    assert [variables[f"OWNERS_{number}"] for number in range(1, 5)] == [
        ";Order=owner;Note=author",
        ";",
        ";",
        ";",
    ]


def test_the_resources_are_as_many_as_are_counted(text: str) -> None:
    room = limits.capacity(text)
    changes = [field for field in HEARD if field.startswith("onChange")]
    counted = room.fixed + 3 * room.per_model + len(changes)
    resources = load(text)["Resources"]
    loops = [loop for name, loop in resources.items() if name.startswith("Fn::ForEach::")]
    made = sum(len(names) * len(body) for _, names, body in loops)
    assert len(resources) - len(loops) + made == counted

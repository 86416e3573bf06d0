"""The template of a project whose models have owners, as `antipode schema` writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from antipode_tools.project.auth_mode import AuthMode

from .evaluate import evaluate
from .reading import load, written_for

SOURCE = """
type Order @model @auth(rules: [{ allow: owner }]) {
  customer: ID! @primaryKey(sortKeyFields: ["number"])
  number: Int!
}
type Note @model(onChange: true) @auth(rules: [{ allow: owner, ownerField: "author" }]) { id: ID! }
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

"""The loop over subscriptions: a resolver for each of a model with owners."""

from __future__ import annotations

import pytest

from ops.schema.models import models_of
from ops.schema.reading import read
from ops.schema.subscriptions import BEGIN, END, owned, with_subscriptions
from ops.schema.template import TemplateError
from tests.template.reading import load

EMPTY = f"Resources:\n  Queue: {{Type: Queue}}\n{BEGIN}{END}"
SOURCE = """
type A @model { id: ID! }
type B @model(owner: "owner") { id: ID!, owner: String }
type C @model(owner: "owner", onChange: true) { id: ID!, owner: String }
"""


def test_every_subscription_of_a_model_with_owners_is_filtered_and_no_other() -> None:
    assert owned(models_of(read(SOURCE))) == (
        "onCreateB",
        "onUpdateB",
        "onDeleteB",
        "onCreateC",
        "onUpdateC",
        "onDeleteC",
        "onChangeC",
    )


def test_the_loop_makes_a_resolver_on_the_local_source() -> None:
    written = with_subscriptions(EMPTY, ["onCreateB", "onUpdateB"])
    variable, names, body = load(written)["Resources"]["Fn::ForEach::EachOwnedSubscription"]
    assert (variable, names) == ("Subscription", ["onCreateB", "onUpdateB"])
    assert body == {
        "${Subscription}Resolver": {
            "Type": "AWS::AppSync::Resolver",
            "DependsOn": "Schema",
            "Properties": {
                "ApiId": {"Fn::GetAtt": ["Api", "ApiId"]},
                "TypeName": "Subscription",
                "FieldName": {"Ref": "Subscription"},
                "DataSourceName": {"Fn::GetAtt": ["LocalSource", "Name"]},
                "Kind": "UNIT",
                "Runtime": {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"},
                "CodeS3Location": "graphql/resolvers/subscribe.js",
            },
        }
    }


def test_without_owners_there_is_no_loop() -> None:
    assert with_subscriptions(with_subscriptions(EMPTY, ["onCreateB"]), []) == EMPTY


def test_a_template_without_its_marks_is_named() -> None:
    with pytest.raises(TemplateError) as raised:
        with_subscriptions("Resources: {}\n", [])
    assert str(raised.value) == (
        "template.yaml has no lines # subscriptions by antipode schema: begin and "
        "# subscriptions by antipode schema: end"
    )

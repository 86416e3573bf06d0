"""The loop over subscriptions: a resolver for each."""

from __future__ import annotations

import pytest
from antipode_tools.schema.subscriptions import with_subscriptions

from antipode_tools.schema.marks import TemplateError
from antipode_tools.schema.models import models_of
from antipode_tools.schema.reading import read
from tests.template.reading import load

EMPTY = """Resources:
  Queue: {Type: Queue}
  # subscriptions by antipode schema: begin
  # subscriptions by antipode schema: end
"""
LOOP = "Fn::ForEach::EachSubscription"
SOURCE = """
type A @model { id: ID! }
type B @model(owner: "owner") { id: ID!, owner: String }
type C @model(owner: "owner", onChange: true) { id: ID!, owner: String }
"""
MODELS = models_of(read(SOURCE))


def test_every_subscription_of_every_model_is_in_the_loop() -> None:
    _, names, _ = load(with_subscriptions(EMPTY, MODELS))["Resources"][LOOP]
    assert names == [
        "onCreateA",
        "onUpdateA",
        "onDeleteA",
        "onCreateB",
        "onUpdateB",
        "onDeleteB",
        "onCreateC",
        "onUpdateC",
        "onDeleteC",
        "onChangeC",
    ]


def test_the_loop_makes_a_resolver_on_the_local_source() -> None:
    written = with_subscriptions(EMPTY, MODELS[:1])
    variable, names, body = load(written)["Resources"][LOOP]
    assert (variable, names) == ("Subscription", ["onCreateA", "onUpdateA", "onDeleteA"])
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


def test_the_loop_of_earlier_models_is_replaced() -> None:
    once = with_subscriptions(EMPTY, MODELS[:1])
    assert with_subscriptions(with_subscriptions(EMPTY, MODELS), MODELS[:1]) == once


def test_a_template_without_its_marks_is_named() -> None:
    with pytest.raises(TemplateError) as raised:
        with_subscriptions("Resources: {}\n", MODELS)
    assert str(raised.value) == (
        "template.yaml has no lines # subscriptions by antipode schema: begin and "
        "# subscriptions by antipode schema: end"
    )

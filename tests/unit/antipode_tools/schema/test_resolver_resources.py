"""The resolvers that are written into the template."""

from __future__ import annotations

from typing import Any

import pytest

from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.marks import TemplateError
from antipode_tools.schema.resolver_resources import publishes, with_resolvers
from tests.template.reading import load

EMPTY = """Resources:
  Queue: {Type: Queue}
  # resolvers by antipode schema: begin
  # resolvers by antipode schema: end
"""
SOURCE = """
type Board @model { id: ID!, cards: [Card] @hasMany(indexName: "byBoard", fields: ["id"]) }
type Card @model(
  queries: { list: null }
  mutations: { create: "add", update: null, delete: null }
  subscriptions: { onCreate: ["on_add", "onAdd"], onUpdate: null, onDelete: null }
) {
  id: ID!
  boardId: ID! @index(name: "byBoard", queryField: "cards_of")
  board: Board @belongsTo(fields: ["boardId"])
}
"""
MODELS = compile_models(SOURCE).models


def written() -> dict[str, Any]:
    resources: dict[str, Any] = load(with_resolvers(EMPTY, MODELS))["Resources"]
    return resources


def resolver(type_: str, field: object, source: object, code: str) -> object:
    return {
        "Type": "AWS::AppSync::Resolver",
        "DependsOn": "Schema",
        "Properties": {
            "ApiId": {"Fn::GetAtt": ["Api", "ApiId"]},
            "TypeName": type_,
            "FieldName": field,
            "DataSourceName": source,
            "Kind": "UNIT",
            "Runtime": {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"},
            "CodeS3Location": f"graphql/resolvers/{code}.js",
        },
    }


def test_an_operation_is_in_the_loop_of_its_kind_for_the_models_that_have_it() -> None:
    loops = {name: body[1] for name, body in written().items() if name.startswith("Fn::ForEach")}
    assert loops == {
        "Fn::ForEach::EachGet": ["Board", "Card"],
        "Fn::ForEach::EachList": ["Board"],
        "Fn::ForEach::EachCreate": ["Board", "Card"],
        "Fn::ForEach::EachUpdate": ["Board"],
        "Fn::ForEach::EachDelete": ["Board"],
        "Fn::ForEach::EachPublish": ["CreateBoard", "UpdateBoard", "DeleteBoard", "CreateCard"],
        "Fn::ForEach::EachSubscription": [
            "onCreateBoard",
            "onUpdateBoard",
            "onDeleteBoard",
            "onAdd",
        ],
    }


def test_an_operation_is_called_as_the_model_says() -> None:
    variable, _, body = written()["Fn::ForEach::EachCreate"]
    name = {"Fn::FindInMap": ["Models", {"Ref": "Model"}, "Create", {"DefaultValue": "none"}]}
    source = {"Fn::GetAtt": [{"Fn::Sub": "${Model}DataSource"}, "Name"]}
    assert variable == "Model"
    assert body == {"Create${Model}Resolver": resolver("Mutation", name, source, "create")}


def test_what_is_announced_and_heard_is_resolved_on_the_local_source() -> None:
    local = {"Fn::GetAtt": ["LocalSource", "Name"]}
    _, _, publish = written()["Fn::ForEach::EachPublish"]
    _, _, heard = written()["Fn::ForEach::EachSubscription"]
    assert publish == {
        "Publish${Change}Resolver": resolver(
            "Mutation", {"Fn::Sub": "publish${Change}"}, local, "publish"
        )
    }
    assert heard == {
        "${Subscription}Resolver": resolver(
            "Subscription", {"Ref": "Subscription"}, local, "subscribe"
        )
    }


def test_indexes_relations_and_names_that_are_no_logical_ids_have_a_resource_each() -> None:
    each = {name: body for name, body in written().items() if name.endswith("Resolver")}
    cards, boards, local = (
        {"Fn::GetAtt": [source, "Name"]}
        for source in ("CardDataSource", "BoardDataSource", "LocalSource")
    )
    assert each == {
        "BoardCardsResolver": resolver("Board", "cards", cards, "list"),
        "CardsofResolver": resolver("Query", "cards_of", cards, "list"),
        "CardBoardResolver": resolver("Card", "board", boards, "related"),
        "OnaddResolver": resolver("Subscription", "on_add", local, "subscribe"),
    }


def test_what_nobody_can_hear_of_is_not_published() -> None:
    assert list(publishes(MODELS)) == ["CreateBoard", "UpdateBoard", "DeleteBoard", "CreateCard"]


def test_the_resolvers_of_earlier_models_are_replaced() -> None:
    once = with_resolvers(EMPTY, MODELS[:1])
    assert with_resolvers(with_resolvers(EMPTY, MODELS), MODELS[:1]) == once


def test_a_template_without_its_marks_is_named() -> None:
    with pytest.raises(TemplateError) as raised:
        with_resolvers("Resources: {}\n", MODELS)
    assert str(raised.value) == (
        "template.yaml has no lines # resolvers by antipode schema: begin and "
        "# resolvers by antipode schema: end"
    )

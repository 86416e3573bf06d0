"""@model(owner:): a field that the server writes, and that nobody can ask for otherwise."""

from __future__ import annotations

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema
from hypothesis import given, settings

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.compiler import Compiled, compile_models
from antipode_tools.schema.diagnostics import Refused
from antipode_tools.schema.environment import entry
from antipode_tools.schema.models import KINDS, Model
from localaws.appsync import ports
from localaws.appsync.schema import build_schema
from tests.examples import percent
from tests.unit.antipode_tools.schema.any_models import models

WITHOUT_KEYS = [mode for mode in AuthMode if mode is not AuthMode.API_KEY]
NO_FIELD = 'm:1: M has @model(owner:) with a value that it does not take: @model(owner: "owner")'
SOURCE = 'type M @model(owner: "writer") { id: ID!, a: Int, b: Int, c: Int, d: Int%s }'


def built(compiled: Compiled) -> GraphQLSchema:
    return build_schema(compiled.schema, ports.AuthMode.AWS_LAMBDA, only_mode=False).executable


def names(schema: GraphQLSchema, type_: str) -> list[str]:
    found = schema.type_map[type_]
    assert isinstance(found, GraphQLObjectType | GraphQLInputObjectType)
    return list(found.fields)


def arguments(schema: GraphQLSchema, subscription: str) -> list[str]:
    assert schema.subscription_type
    return list(schema.subscription_type.fields[subscription].args)


@pytest.mark.parametrize("declared", ["", ", writer: String", ", writer: String!"])
def test_the_field_is_there_declared_or_not_and_is_no_input(declared: str) -> None:
    compiled = compile_models(SOURCE % declared, modes=[AuthMode.AWS_LAMBDA])
    schema = built(compiled)
    [model] = compiled.models
    assert model.owner
    assert model.owner.name == "writer"
    assert names(schema, "M")[:6] == ["id", "a", "b", "c", "d", "writer"]
    assert names(schema, "CreateMInput") == ["id", "a", "b", "c", "d"]
    assert names(schema, "UpdateMInput") == ["id", "a", "b", "c", "d"]
    assert entry(model).endswith(
        '={"key":["id"],"makesId":true,"ints":["a","b","c","d"],"owner":"writer"}'
    )


def test_a_field_that_is_not_declared_says_what_it_is() -> None:
    schema = compile_models(SOURCE % "", modes=[AuthMode.AWS_LAMBDA]).schema
    assert (
        "  # Who created the item: stamped then, and nobody else reads, changes or deletes it.\n"
        "  writer: String\n"
    ) in schema


def test_the_owner_takes_one_of_the_five_fields_that_a_filter_has() -> None:
    schema = built(compile_models(SOURCE % "", modes=[AuthMode.AWS_LAMBDA]))
    plain = built(compile_models(SOURCE.replace('(owner: "writer")', "") % ""))
    for kind in KINDS:
        assert arguments(schema, f"on{kind}M") == ["filter", "id", "a", "b", "updatedIn"]
        assert arguments(plain, f"on{kind}M") == ["filter", "id", "a", "b", "c", "updatedIn"]


@given(models(owned=True))
@settings(max_examples=percent(40))
def test_no_owner_can_be_written_or_asked_for_by_a_subscriber(source: str) -> None:
    compiled = compile_models(source, modes=[AuthMode.AWS_LAMBDA])
    schema = built(compiled)
    for model in compiled.models:
        if model.owner:
            check(schema, model, model.owner.name)


def check(schema: GraphQLSchema, model: Model, owner: str) -> None:
    assert owner in names(schema, model.name)
    for kind in KINDS:
        assert owner not in names(schema, f"{kind}{model.name}Input")
    for subscription in model.names.subscriptions:
        asked = arguments(schema, subscription)
        assert owner not in asked
        assert len(asked) <= 6  # the filter's fields are counted when it is used
    if model.names.subscriptions:
        assert owner not in names(schema, f"ModelSubscription{model.title}FilterInput")


@pytest.mark.parametrize("mode", WITHOUT_KEYS)
def test_every_mode_that_tells_who_calls_has_owners(mode: AuthMode) -> None:
    assert compile_models(SOURCE % "", modes=[mode]).warnings == ()


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (
            'type M @model(owner: "o") { id: ID!\n o: Int }',
            "m:2: M.o holds the owner of items and is Int: make it String",
        ),
        (
            'type M @model(owner: "o") { id: ID!\n o: [String] }',
            "m:2: M.o holds the owner of items and is [String]: make it String",
        ),
        (
            'type M @model(owner: "o") { o: String! @primaryKey }',
            "m:1: M.o holds the owner of items and is in the key: the key comes from whoever "
            "writes, the owner from the server",
        ),
        (
            "type M @model(owner: true) { id: ID! }",
            NO_FIELD,
        ),
        (
            'type M @model(owner: "a.b") { id: ID! }',
            NO_FIELD,
        ),
        (
            'type M @model(owner: "version") { id: ID! }',
            "m:1: M.version is generated on every model: leave it out",
        ),
        (
            'type M @model(owner: "and") { id: ID! }',
            "m:1: M.and has the name of an operator of filters: rename it",
        ),
    ],
)
def test_an_owner_that_cannot_be_is_refused(source: str, problem: str) -> None:
    with pytest.raises(Refused) as raised:
        compile_models(source, modes=[AuthMode.AWS_LAMBDA])
    assert [each.located("m") for each in raised.value.diagnostics] == [problem]


def test_clients_with_api_keys_own_nothing() -> None:
    with pytest.raises(Refused) as raised:
        compile_models(SOURCE % "", modes=[AuthMode.API_KEY])
    assert [each.located("m") for each in raised.value.diagnostics] == [
        "m:1: M has an owner, and clients with an API key do not say who they are: choose "
        "another mode, antipode schema --auth MODE with one of AWS_LAMBDA, "
        "AMAZON_COGNITO_USER_POOLS, OPENID_CONNECT, AWS_IAM"
    ]

"""@auth: rules that are read, rules that are refused, and what the schema makes of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema
from hypothesis import given, settings

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.compiler import Compiled, compile_models
from antipode_tools.schema.diagnostics import Refused
from antipode_tools.schema.environment import entry
from antipode_tools.schema.limits import resources
from antipode_tools.schema.model import Model
from antipode_tools.schema.operation_names import KINDS
from localaws.appsync import ports
from localaws.appsync.schema import build_schema
from tests.examples import percent
from tests.unit.antipode_tools.schema.any_models import models

TOKENS = AuthMode.AWS_LAMBDA
M = "type M @model @auth(rules: [%s]) { id: ID!, a: String, many: [String], note: String }"
OWNED = 'type M @model @auth(rules: [{ allow: owner, ownerField: "writer" }]) { id: ID!, a: Int%s }'


def built(compiled: Compiled) -> GraphQLSchema:
    return build_schema(compiled.schema, ports.AuthMode.AWS_LAMBDA, only_mode=False).executable


def names(schema: GraphQLSchema, type_: str) -> list[str]:
    found = schema.type_map[type_]
    assert isinstance(found, GraphQLObjectType | GraphQLInputObjectType)
    return list(found.fields)


def arguments(schema: GraphQLSchema, subscription: str) -> list[str]:
    assert schema.subscription_type
    return list(schema.subscription_type.fields[subscription].args)


def told(source: str, *modes: AuthMode) -> dict[str, Any]:
    """What the resolvers know of the first model, of an API whose callers have tokens unless said
    otherwise."""
    modes = modes or (TOKENS,)
    facts: dict[str, Any] = json.loads(
        entry(compile_models(source, modes=modes).models[0], modes).partition("=")[2]
    )
    return facts


def refused(source: str, mode: AuthMode = TOKENS, files: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(Refused) as raised:
        compile_models(source, modes=[mode], files=files)
    return [each.located("m") for each in raised.value.diagnostics if each.refused]


@pytest.mark.parametrize(
    ("rule", "mode", "fact"),
    [
        ("{ allow: owner }", TOKENS, {"by": "L", "owner": "owner"}),
        (
            '{ allow: owner, ownerField: "many", identityClaim: "sub::username" }',
            AuthMode.AMAZON_COGNITO_USER_POOLS,
            {"by": "U", "owner": "many", "many": True, "claim": "sub::username"},
        ),
        (
            '{ allow: groups, groups: ["a", "b"], operations: [read] }',
            AuthMode.OPENID_CONNECT,
            {"by": "O", "do": "gls", "groups": ["a", "b"]},
        ),
        (
            '{ allow: groups, groupsField: "many", groupClaim: "roles", '
            "operations: [get, update] }",
            TOKENS,
            {"by": "L", "do": "ug", "groupsField": "many", "many": True, "claim": "roles"},
        ),
        ("{ allow: private }", AuthMode.AWS_IAM, {"by": "I"}),
        ("{ allow: private, provider: function }", TOKENS, {"by": "L"}),
        ("{ allow: public }", AuthMode.API_KEY, {"by": "K"}),
        ("{ allow: public, provider: iam }", AuthMode.AWS_IAM, {"by": "I"}),
        ("{ allow: custom, operations: [sync, create] }", TOKENS, {"by": "L", "do": "cl"}),
    ],
)
def test_a_rule_is_told_in_few_characters(rule: str, mode: AuthMode, fact: object) -> None:
    assert told(M % rule, mode)["rules"] == [fact]


def test_rules_add_up() -> None:
    rules = told(M % '{ allow: owner }, { allow: groups, groups: ["staff"] }')["rules"]
    assert rules == [{"by": "L", "owner": "owner"}, {"by": "L", "groups": ["staff"]}]


def test_without_auth_there_are_no_rules_and_a_warning_where_callers_are_known() -> None:
    source = "type M @model { id: ID! } type O @model { id: ID! }"
    assert "rules" not in told(source)
    assert compile_models(source, modes=[AuthMode.API_KEY]).warnings == ()
    assert [each.located("m") for each in compile_models(source, modes=[TOKENS]).warnings] == [
        "m:1: warning: M, O: without @auth whoever signs in reads and changes every item. Say who "
        "may, @auth(rules: [{ allow: owner }]), or that all may, @auth(rules: [{ allow: private }])"
    ]


AT = "m:1: M has @auth with "


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (
            "{ allow: everybody }",
            f"{AT}a rule that does not say whom it lets in: "
            "{ allow: owner | groups | private | public | custom }",
        ),
        (
            "{ allow: owner, querys: [get] }",
            f"{AT}querys, which a rule of allow: owner does not take: it takes provider, "
            "operations, ownerField, identityClaim",
        ),
        (
            '{ allow: private, ownerField: "a" }',
            f"{AT}ownerField, which a rule of allow: private does not take: it takes provider, "
            "operations",
        ),
        (
            "{ allow: public, provider: userPools }",
            f"{AT}provider: userPools, and allow: public is for apiKey, iam, identityPool",
        ),
        (
            "{ allow: owner, operations: [write] }",
            f"{AT}the operation write: there are create, update, delete, get, list, listen, read, "
            "sync, search",
        ),
        ('{ allow: owner, ownerField: "a.b" }', f"{AT}ownerField: a.b, which names no field"),
        (
            '{ allow: owner, identityClaim: "" }',
            f"{AT}identityClaim: , which names no claim of a token",
        ),
        (
            "{ allow: groups }",
            f'{AT}allow: groups, which needs either groups: ["..."] or groupsField: "..."',
        ),
        (
            "{ allow: groups, groups: [] }",
            f'{AT}groups of nobody: name some, groups: ["moderators"]',
        ),
        (
            '{ allow: groups, groupsField: "teams" }',
            "m:1: M has a rule by groupsField teams, which is no field of it: declare it, "
            "teams: [String]",
        ),
        (
            '{ allow: owner, identityClaim: "x" }, '
            '{ allow: groups, groups: ["a"], groupClaim: "x" }',
            "m:1: the claim x is who somebody is in one rule and their groups in another: it is "
            "one of them",
        ),
        (
            '{ allow: owner, identityClaim: "sub::cognito:groups" }, '
            '{ allow: groups, groups: ["a"] }',
            "m:1: the claim cognito:groups is who somebody is in one rule and their groups in "
            "another: it is one of them",
        ),
        (
            "{ allow: public }",
            "m:1: M has allow: public, and no client signs in so: name the mode beside those that "
            "there are, antipode schema --auth ...,API_KEY",
        ),
        (
            "{ allow: owner, provider: oidc }",
            "m:1: M has allow: owner, and no client signs in so: name the mode beside those that "
            "there are, antipode schema --auth ...,OPENID_CONNECT",
        ),
    ],
)
def test_a_rule_that_cannot_be_is_refused(rule: str, problem: str) -> None:
    assert refused(M % rule) == [problem]


@pytest.mark.parametrize("rules", ["", ", rules: 3", "(rules: [])", "(rules: null)"])
def test_auth_without_rules_is_refused(rules: str) -> None:
    source = f"type M @model @auth{rules if rules.startswith('(') else ''} {{ id: ID! }}"
    [problem] = refused(source)
    assert problem.startswith("m:1: M has @auth without rules: @auth(rules: [{ allow: owner }")


def test_clients_with_api_keys_own_nothing() -> None:
    [problem] = refused(M % "{ allow: owner }", AuthMode.API_KEY)
    assert problem == (
        "m:1: M has allow: owner, and no client signs in so: name the mode beside those that there "
        "are, antipode schema --auth ...,MODE, one of AWS_LAMBDA, AMAZON_COGNITO_USER_POOLS, "
        "OPENID_CONNECT"
    )


def test_what_owned_a_model_before_is_a_rule() -> None:
    assert refused('type M @model(owner: "o") { id: ID! }') == [
        "m:1: M has @model with owner, which is a rule: @auth(rules: [{ allow: owner }]) beside "
        'it, with ownerField: "..." where the field is not called owner'
    ]


def test_more_fields_than_a_filter_has_alternatives_are_refused() -> None:
    rules = ", ".join(f'{{ allow: owner, ownerField: "o{each}" }}' for each in range(11))
    assert refused(M % rules) == [
        "m:1: M lets subscribers of AWS_LAMBDA in by 11 fields, and AppSync filters by 10 "
        "alternatives: leave listen out of some"
    ]


@pytest.mark.parametrize("declared", ["", ", writer: String", ", writer: String!"])
def test_the_owners_field_is_there_declared_or_not_and_need_not_be_given(declared: str) -> None:
    compiled = compile_models(OWNED % declared, modes=[TOKENS])
    schema = built(compiled)
    create = schema.type_map["CreateMInput"]
    assert isinstance(create, GraphQLInputObjectType)
    assert names(schema, "M")[:3] == ["id", "a", "writer"]
    assert str(create.fields["writer"].type) == "String"
    assert arguments(schema, "onCreateM") == ["filter", "id", "a", "writer", "updatedIn"]
    assert "writer" not in names(schema, "ModelSubscriptionMFilterInput")
    assert "writer" in names(schema, "ModelMFilterInput")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (
            "writer: Int",
            "m:1: M.writer says whom a rule lets in and is Int: make it String, or [String] for "
            "several, or name another field in the rule",
        ),
    ],
)
def test_a_field_that_rules_cannot_look_at_is_refused(fields: str, problem: str) -> None:
    assert refused(OWNED % f", {fields}") == [problem]


GUARD = '@auth(rules: [{ allow: groups, groups: ["staff"] }])'


def test_a_field_with_rules_of_its_own_is_announced_and_asked_by_nowhere() -> None:
    compiled = compile_models(OWNED % f", cost: Int {GUARD}", modes=[TOKENS])
    schema, model = built(compiled), compiled.models[0]
    documents = json.loads(compiled.documents)["models"]["M"]
    assert told(OWNED % f", cost: Int {GUARD}")["guarded"] == {
        "cost": [{"by": "L", "groups": ["staff"]}]
    }
    assert "cost" in names(schema, "M")
    assert "cost" in names(schema, "UpdateMInput")
    for type_ in (
        "MWas",
        "ModelMFilterInput",
        "ModelMConditionInput",
        "ModelSubscriptionMFilterInput",
    ):
        assert "cost" not in names(schema, type_)
    assert "cost" not in arguments(schema, "onCreateM")
    assert "cost" not in documents["fields"]
    assert all("cost" not in each["query"] for each in documents["mutations"].values())
    assert documents["owners"] == ["writer"]
    plain = compile_models(OWNED % ", cost: Int", modes=[TOKENS]).models[0]
    assert resources(model) == resources(plain) + 1


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        (
            "cost: Int @index {}",
            "M.cost has @auth and is in a key or an index: whoever asks by it learns what it is. "
            "Let its rules have read for whomever the model's let in, or take it out of there",
        ),
        (
            'kept: ID {} @function(name: "F")',
            "M.kept has @auth and is not stored: give the rules to what its value comes from",
        ),
        (
            "writer: String {}",
            "M.writer says whom a rule lets in, and so is read by whoever reads the item: let its "
            "@auth have allow: owner with get, list, listen too",
        ),
    ],
)
def test_a_field_that_can_have_no_rules_is_refused(field: str, problem: str) -> None:
    assert refused(OWNED % f", {field.format(GUARD)}") == [f"m:1: {problem}"]


def test_an_owner_that_nobody_may_change_is_read_as_the_item_is() -> None:
    rule = '@auth(rules: [{ allow: owner, ownerField: "writer", operations: [create, read] }])'
    [model] = compile_models(OWNED % f", writer: String {rule}", modes=[TOKENS]).models
    assert (model.hidden, list(model.guarded)) == ((), ["writer"])


def test_of_several_modes_those_may_call_that_a_rule_is_for() -> None:
    rules = "{ allow: public, operations: [read] }, { allow: owner }"
    schema = compile_models(M % rules, modes=[TOKENS, AuthMode.API_KEY]).schema
    assert "  getM(id: ID!): M @aws_lambda @aws_api_key\n" in schema
    assert "ModelMConditionInput): M @aws_lambda\n" in schema
    assert "  onCreateM(" in schema
    assert "updatedIn: String): M @aws_lambda @aws_api_key\n" in schema
    assert told(M % rules, TOKENS, AuthMode.API_KEY)["rules"] == [
        {"by": "K", "do": "gls"},
        {"by": "L", "owner": "owner"},
    ]


def test_what_joins_two_models_has_the_rules_of_both() -> None:
    source = """
    type Post @model @auth(rules: [{ allow: owner }, { allow: private, operations: [read] }]) {
      tags: [Tag] @manyToMany(relationName: "PostTags")
    }
    type Tag @model @auth(rules: [{ allow: groups, groupsField: "teams" }, { allow: owner }]) {
      teams: [String]
      posts: [Post] @manyToMany(relationName: "PostTags")
    }"""
    join = compile_models(source, modes=[TOKENS]).models[-1]
    assert json.loads(entry(join, (TOKENS,)).partition("=")[2])["rules"] == [
        {"by": "L", "owner": "owner"},
        {"by": "L", "do": "gls"},
        {"by": "L", "groupsField": "teams", "many": True},
    ]
    assert [(each.name, each.type) for each in join.stored[-2:]] == [
        ("owner", "String"),
        ("teams", "[String]"),
    ]


CALLED = "type Query { mine: [M] %s } " + M % "{ allow: owner }"


def test_an_operation_on_a_model_with_rules_says_who_may_call_it() -> None:
    compiled = compile_models(
        CALLED % "@auth(rules: [{ allow: private }])", modes=[TOKENS], files=["Query.mine.js"]
    )
    assert ';!={"Query.mine":{"rules":[{"by":"L"}],"model":"M","many":true}}' in compiled.mappings
    assert compiled.warnings == ()


def test_one_that_does_not_say_is_called_by_whom_the_models_rules_let_in() -> None:
    compiled = compile_models(CALLED % "", modes=[TOKENS], files=["Query.mine.js"])
    assert ';!={"Query.mine":{"of":["M"],"model":"M","many":true}}' in compiled.mappings
    assert [each.located("m") for each in compiled.warnings] == [
        "m:1: warning: Query.mine reads or writes M, and does not say who may call it: whom any "
        "rule there lets in may. What it answers of it is what they may read; what it writes is "
        "its own. Say who, @auth(rules: [{ allow: private }])"
    ]


def test_one_on_no_model_with_rules_is_warned_of_where_clients_sign_in_by_several_ways() -> None:
    source = """type M @model { id: ID! }
      type Query { now: String }
      type Mutation { stop: String, go: String @auth(rules: [{ allow: private }]) }
    """
    files = ["Query.now.js", "Mutation.stop.js", "Mutation.go.js"]
    keys, users = AuthMode.API_KEY, AuthMode.AMAZON_COGNITO_USER_POOLS
    [_, warned] = compile_models(source, modes=[users, keys], files=files).warnings
    assert warned.located("m") == (
        "m:2: warning: Query.now, Mutation.stop: without @auth whoever signs in may call it, by "
        "AMAZON_COGNITO_USER_POOLS and by API_KEY. Say who may, @auth(rules: [{ allow: private }])"
    )
    [model] = compile_models(source, modes=[users], files=files).warnings
    assert "without @auth whoever signs in reads" in str(model.located("m"))


def test_an_operation_has_no_item_to_look_at() -> None:
    assert refused(CALLED % "@auth(rules: [{ allow: owner }])", files=("Query.mine.js",)) == [
        "m:1: Query.mine has allow: owner by the field owner, and an operation has no item to look "
        "at: use groups, private, public or custom, and let its code look at the item"
    ]


@given(models(owned=True))
@settings(max_examples=percent(40))
def test_what_rules_look_at_is_chosen_by_the_server_alone(source: str) -> None:
    compiled = compile_models(source, modes=[TOKENS])
    schema = built(compiled)
    for model in compiled.models:
        if model.rules is not None:
            check(schema, model)


def check(schema: GraphQLSchema, model: Model) -> None:
    assert "owner" in names(schema, model.name)
    assert "owner" in names(schema, f"CreateM{model.name[1:]}Input")
    for kind in KINDS:
        for subscription in model.names.on.get(kind, ()):
            # The filter's fields are counted when it is used.
            assert len(arguments(schema, subscription)) <= 6
    if model.names.subscriptions:
        assert "owner" not in names(schema, f"ModelSubscription{model.title}FilterInput")
        assert f"{model.name}Was" not in schema.type_map or "owner" not in names(
            schema, f"{model.name}Was"
        )

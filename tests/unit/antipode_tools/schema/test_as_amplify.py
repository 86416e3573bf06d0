"""What files for Amplify say beside the directives of models, and what it takes of them."""

from __future__ import annotations

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema import environment
from antipode_tools.schema.compiler import Compiled, compile_models
from antipode_tools.schema.diagnostics import Refused

KEY = AuthMode.API_KEY
USERS = AuthMode.AMAZON_COGNITO_USER_POOLS
MODES = (USERS, KEY, AuthMode.AWS_IAM)


def compiled(source: str) -> Compiled:
    return compile_models(source, modes=MODES)


def told(source: str) -> list[str]:
    return [each.located("m") for each in compiled(source).warnings]


def refused(source: str) -> list[str]:
    with pytest.raises(Refused) as raised:
        compile_models(source, modes=MODES)
    return [each.located("m") for each in raised.value.diagnostics]


def same(one: str, other: str) -> None:
    """Both compile to the same."""
    first, second = compiled(one), compiled(other)
    assert (first.schema, first.mappings) == (second.schema, second.mappings)


# ---- input AMPLIFY


def test_a_rule_of_the_whole_file_is_that_of_each_model_without_any() -> None:
    rule = "input AMPLIFY { globalAuthRule: AuthRule = { allow: public } }"
    ruled = "type B @model @auth(rules: [{ allow: private }]) { id: ID! }"
    same(
        f"{rule} type A @model {{ id: ID! }} {ruled}",
        f"type A @model @auth(rules: [{{ allow: public }}]) {{ id: ID! }} {ruled}",
    )
    assert told(f"{rule}\ntype A @model {{ id: ID! }} {ruled}") == [
        "m:1: warning: A: globalAuthRule { allow: public } lets in by this one rule whoever it "
        "names, to read and to change every item. Say of each model who may, by @auth"
    ]


def test_a_rule_of_the_whole_file_is_for_a_mode_that_the_api_has() -> None:
    source = "input AMPLIFY { globalAuthRule: AuthRule = { allow: public } } "
    with pytest.raises(Refused) as raised:
        compile_models(f"{source} type A @model {{ id: ID! }}", modes=[USERS])
    [problem] = [each for each in raised.value.diagnostics if each.refused]
    assert problem.message.startswith("A has allow: public, and no client signs in so")


EXAMPLE = "input AMPLIFY { globalAuthRule: AuthRule = { allow: public } }"


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        (
            'engine: String = "mysql"',
            "AMPLIFY has engine, which is of tables of SQL: there are none here, take it out",
        ),
        ("more: Int", f"AMPLIFY has more, which it does not take: {EXAMPLE}"),
        (
            "globalAuthRule: AuthRule",
            f"AMPLIFY has globalAuthRule without a rule as its default: {EXAMPLE}",
        ),
    ],
)
def test_what_else_is_said_of_the_whole_file_is_refused(field: str, problem: str) -> None:
    source = f"input AMPLIFY {{ {field} }}\ntype A @model {{ id: ID! }}"
    assert refused(source) == [f"m:1: {problem}"]


# ---- who may, in AppSync's words and in the first transformer's


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("queries: [get, list], mutations: [create, update, delete]", ""),
        ("queries: null", ", operations: [create, update, delete]"),
        ("mutations: [update]", ", operations: [update, read]"),
        ("mutations: null, queries: [get]", ", operations: [get]"),
        ("queries: get, mutations: null", ", operations: [get]"),
        ("queries: [get], operations: [create]", ", operations: [create]"),
        ('identityField: "sub"', ', identityClaim: "sub"'),
    ],
)
def test_rules_of_the_first_transformer_are_read_as_todays(old: str, new: str) -> None:
    model = "type A @model @auth(rules: [{{ allow: owner{} }}]) {{ id: ID! }}"
    same(model.format(f", {old}"), model.format(new))


def test_what_they_allowed_by_saying_nothing_is_told_to_be_denied() -> None:
    source = "type A @model @auth(rules: [{ allow: owner, queries: null }]) { id: ID! }"
    assert told(source) == [
        "m:1: warning: A has @auth(rules: [{ allow: owner, queries: null }]), of Amplify's first "
        "transformer: write @auth(rules: [{ allow: owner, operations: [create, update, delete] "
        "}]), and rules for whoever else may: what none allows is denied, and was open there. "
        "antipode schema --modernise rewrites the file"
    ]


@pytest.mark.parametrize(
    ("directive", "rules"),
    [
        ("@aws_api_key", "{ allow: public, provider: apiKey }"),
        (
            "@aws_cognito_user_pools @aws_iam",
            "{ allow: private, provider: userPools }, { allow: private, provider: iam }",
        ),
        (
            '@aws_auth(cognito_groups: ["a", "b"])',
            '{ allow: groups, groups: ["a", "b"], provider: userPools }',
        ),
    ],
)
def test_appsyncs_directives_are_rules(directive: str, rules: str) -> None:
    source = (
        "type A @model @auth(rules: [{{ allow: private }}]) {{ id: ID!, a: Int {field} }} "
        "type Query {{ b: Int {operation} }}"
    )
    rule = f"@auth(rules: [{rules}])"
    same(
        source.format(field=directive, operation=directive),
        source.format(field=rule, operation=rule),
    )


def test_on_a_root_they_are_of_all_its_fields_that_say_nothing_else() -> None:
    key = "@auth(rules: [{ allow: public, provider: apiKey }])"
    iam = "@auth(rules: [{ allow: private, provider: iam }])"
    same(
        "type A @model { id: ID! } type Query @aws_iam { a: ID, b: ID @aws_api_key }",
        f"type A @model {{ id: ID! }} type Query {{ a: ID {iam}, b: ID {key} }}",
    )


def test_on_a_type_they_are_left_out_with_a_warning() -> None:
    rule = "@auth(rules: [{ allow: private }])"
    assert told(
        f"type A @model {rule} @aws_iam {{ id: ID!, t: T }}\ntype T @aws_api_key {{ a: ID }}"
    ) == [
        f"m:{line}: warning: {name}, which is left out: who may read it is said where it is "
        "answered, by @auth on a model or on an operation"
        for line, name in ((1, "A has @aws_iam"), (2, "T has @aws_api_key"))
    ]


def test_a_rule_of_nothing_lets_nobody_do_anything() -> None:
    rules = '{ allow: private, operations: [] }, { allow: groups, groups: "s" }'
    source = f"type A @model @auth(rules: [{rules}]) {{ id: ID! }}"
    assert told(source) == [
        "m:1: warning: A has @auth with operations of nothing, which lets nobody do anything: "
        "leave operations out for all of them"
    ]
    [model] = compiled(source).models
    assert '"rules":[{"by":"U","do":""},{"by":"U","groups":["s"]}]' in environment.entry(
        model, MODES
    )


def test_a_claim_in_a_rule_that_asks_for_none_means_nothing() -> None:
    model = "type A @model @auth(rules: [{{ allow: private{} }}]) {{ id: ID! }}"
    same(model.format(', identityClaim: "sub"'), model.format(""))
    [found] = compiled(model.format(', groupClaim: "g"')).models
    assert '"rules":[{"by":"U"}]' in environment.entry(found, MODES)
    assert refused(model.format(', groups: ["a"]')) == [
        "m:1: A has @auth with groups, which a rule of allow: private does not take: it takes "
        "provider, operations"
    ]


def test_rules_that_need_an_item_let_nobody_call_an_operation() -> None:
    model = "type A @model @auth(rules: [{ allow: private }]) { id: ID! }"
    source = 'type Mutation {{ a: Int @auth(rules: [{{ allow: groups, groups: ["g"] }}{}]) }}'
    looking = ', { allow: owner }, { allow: groups, groupsField: "teams" }'
    same(f"{model} {source.format(looking)}", f"{model} {source.format('')}")
    assert told(f"{model}\n{source.format(looking)}") == [
        "m:2: warning: Mutation.a has rules by a field of an item, and an operation has none: they "
        "let nobody in, and are left out. Let its code look at the item"
    ]
    [problem] = refused(f"{model}\ntype Mutation {{ a: Int @auth(rules: [{{ allow: owner }}]) }}")
    assert problem.startswith(
        "m:2: Mutation.a has allow: owner by the field owner, and an operation"
    )


# ---- fields with rules of their own


def guarded(field: str) -> str:
    rules = '{ allow: groups, groups: ["staff"] }, { allow: owner, operations: [create, read] }'
    return f"type A @model @auth(rules: [{rules}]) {{ id: ID!, {field} }}"


@pytest.mark.parametrize(
    ("rules", "hidden"),
    [
        ("{ allow: private }", False),
        ("{ allow: private, operations: [read] }", False),
        ('{ allow: owner }, { allow: groups, groups: ["staff", "more"] }', False),
        ('{ allow: owner }, { allow: groups, groups: ["more"] }', True),
        ("{ allow: private, operations: [get] }", True),
        ("{ allow: private, provider: iam }", True),
        ("{ allow: public }", True),
    ],
)
def test_a_field_that_all_readers_read_is_announced(rules: str, hidden: bool) -> None:
    [model] = compiled(guarded(f"a: Int @auth(rules: [{rules}])")).models
    assert (model.hidden, list(model.guarded)) == (("a",) if hidden else (), ["a"])


@pytest.mark.parametrize(("words", "hidden"), [("[list]", True), ("[get]", False)])
def test_to_be_told_a_field_is_to_get_it_wherever_it_stands(words: str, hidden: bool) -> None:
    of_model = "@auth(rules: [{ allow: private, operations: [create] }])"
    own = f"@auth(rules: [{{ allow: private, operations: {words} }}])"
    [model] = compiled(f"type A @model {of_model} {{ id: ID!, a: Int {own} }}").models
    assert model.hidden == (("a",) if hidden else ())


def test_a_relation_with_rules_of_its_own_is_none_of_the_stored() -> None:
    source = guarded("as: [A] @hasMany @auth(rules: [{ allow: public }])")
    [model] = compiled(source).models
    assert (model.hidden, list(model.guarded)) == ((), ["as"])


def test_what_rules_look_at_may_be_what_a_key_sorts_by() -> None:
    rule = "@auth(rules: [{ allow: owner }])"
    key = 'id: ID! @primaryKey(sortKeyFields: ["owner"]), owner: ID!'
    index = 'a: ID @index(name: "byA", sortKeyFields: ["owner"])'
    [model] = compiled(f"type A @model {rule} {{ {key}, {index} }}").models
    assert (model.sort_attribute, model.indexes[0].sort_attribute) == ("owner", "owner")


def test_such_a_field_may_be_in_a_key_and_be_required() -> None:
    rules = "@auth(rules: [{ allow: private, operations: [read, update] }])"
    source = guarded(f"a: Int! {rules} @index").replace("id: ID!", f"id: ID! {rules}")
    [model] = compiled(source).models
    assert (model.hidden, list(model.guarded)) == ((), ["id", "a"])


# ---- fields that Amplify takes


def test_a_model_in_a_model_is_null_with_a_warning() -> None:
    source = "type A @model { id: ID! }\ntype B @model { id: ID!, as: [A!]! }"
    assert "type B" in compile_models(source).schema
    assert [each.located("m") for each in compile_models(source).warnings] == [
        "m:2: warning: B.as is the model A, and is null: an item cannot hold an item of another "
        "table. Say how they are related, @hasOne, @hasMany, @belongsTo or @manyToMany; or write "
        "graphql/operations/B.as.js, which finds it"
    ]
    assert "input CreateBInput {\n  id: ID\n}" in compile_models(source).schema


def test_a_model_in_a_part_of_another_is_null_with_a_warning() -> None:
    source = "type A @model { id: ID! } type B @model { id: ID!, t: T }\ntype T { a: A, x: Int }"
    assert [each.located("m") for each in compile_models(source).warnings] == [
        "m:2: warning: T.a is the model A, and B holds T: an item cannot hold an item of another "
        "table, only its key. The field is null, unless you write graphql/operations/T.a.js"
    ]
    assert "input TInput {\n  x: Int\n}" in compile_models(source).schema


def test_a_circle_of_relations_that_are_all_required_is_warned_of() -> None:
    source = "type A @model { id: ID!, parent: A! @belongsTo }"
    [warning] = compile_models(source).warnings
    assert warning.located("m") == (
        "m:1: warning: A.parent leads back to A by relations that are all required: the first "
        "item has to name another that is not there yet, by an id of the client's making. Take "
        "the ! off one"
    )


@pytest.mark.parametrize("type_", ["Int", "String!", "E"])
def test_a_version_that_a_type_declares_is_its_own(type_: str) -> None:
    source = f"type A @model {{ id: ID!, version: {type_} }} enum E {{ X }}"
    found = compile_models(source)
    [model] = found.models
    assert '"ownVersion":true' in environment.entry(model)
    assert f"input CreateAInput {{\n  id: ID\n  version: {type_}\n}}" in found.schema


@pytest.mark.parametrize("type_", ["AWSDateTime!", "String!", "String"])
def test_a_timestamp_in_words_is_filled(type_: str) -> None:
    found = compile_models(f"type A @model {{ id: ID!, createdAt: {type_} }}")
    [model] = found.models
    assert model.times == ("createdAt", "updatedAt")
    assert f"input CreateAInput {{\n  id: ID\n  createdAt: {type_.removesuffix('!')}\n}}" in (
        found.schema
    )


@pytest.mark.parametrize("type_", ["Int!", "AWSTimestamp", "AWSDate!", "[String]", "T"])
def test_one_of_another_type_is_left_to_clients(type_: str) -> None:
    found = compile_models(
        f"type A @model {{ id: ID!, createdAt: {type_} }} type T {{ a: ID }} union U = T"
    )
    [model] = found.models
    assert '"times":[null,"updatedAt"]' in environment.entry(model)
    own = type_.replace("T", "TInput") if type_ == "T" else type_
    assert f"input CreateAInput {{\n  id: ID\n  createdAt: {own}\n}}" in found.schema


@pytest.mark.parametrize("type_", ["ID!", "ID", "String!", "String"])
def test_an_id_in_words_need_not_be_given(type_: str) -> None:
    found = compile_models(f"type A @model {{ id: {type_} }}")
    assert f"input CreateAInput {{\n  id: {type_.removesuffix('!')}\n}}" in found.schema
    assert '"makesId":true' in environment.entry(found.models[0])


def test_a_key_may_have_values_of_an_enum() -> None:
    schema = compile_models(
        'type A @model { s: S! @primaryKey(sortKeyFields: ["t"]), t: S! } enum S { X Y }'
    ).schema
    assert "  getA(s: S!, t: S!): A\n" in schema
    assert "(s: S, t: ModelStringKeyConditionInput, sortDirection:" in schema


def test_items_of_a_model_are_no_page_of_it() -> None:
    found = compile_models(
        "type Cart @model { id: ID!, items: [Line] @hasMany } type Line @model { id: ID! } "
        "type Query { sum: Sum } type Sum { items: [Line], total: Int }"
    )
    assert "query GetCart($id: ID!) {\n  getCart(id: $id) {\n    id\n    createdAt" in (
        found.operations
    )
    assert "  sum {\n    total\n  }\n" in found.operations


def test_what_publishes_something_else_is_none_of_the_relays() -> None:
    found = compile_models(
        'type A @model(mutations: { create: "publishA" }) { id: ID! } '
        'type Mutation { publishAll: A @scope(name: "A:all") }'
    )
    assert '"Mutation.publishA": "A:write"' in found.fields
    assert '"Mutation.publishAll": "A:all"' in found.fields
    assert '"Mutation.publishCreateA": null' in found.fields


def test_an_index_holds_whole_items() -> None:
    source = "type A @model {{ id: ID!, a: ID @index{} }}"
    whole, told_of = (
        source.format('(name: "byA")'),
        source.format('(name: "byA", projection: { type: KEYS_ONLY })'),
    )
    same(told_of, whole)
    assert [each.located("m") for each in compile_models(told_of).warnings] == [
        "m:1: warning: A's index byA has projection, which is left out: it holds whole items, and "
        "its query answers them"
    ]


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("type ModelAConnection { items: [A!]!, nextToken: String }", "ModelAConnection"),
        ("enum ModelSortDirection { ASC DESC }", "ModelSortDirection"),
        ("input ModelIDInput { eq: ID, ne: ID }", "ModelIDInput"),
    ],
)
def test_a_generated_type_may_be_declared_as_it_is(own: str, message: str) -> None:
    model = 'type A @model { id: ID!, of: ID @index(sortKeyFields: ["id"]) }'
    same(f"{model} {own}", model)
    assert f"m:1: warning: {message} is generated, and so is left out here: take it out" in told(
        f"{model} {own}"
    )


@pytest.mark.parametrize(
    "own",
    [
        "type ModelAConnection { items: [A], total: Int }",
        "input ModelAConnection { nextToken: String }",
        "enum ModelSortDirection { UP DOWN }",
        "input CreateAInput { id: Int }",
    ],
)
def test_another_type_of_a_generated_name_is_refused(own: str) -> None:
    model = 'type A @model { id: ID!, of: ID @index(sortKeyFields: ["id"]) }'
    [problem] = [each for each in refused(f"{model}\n{own}") if "warning" not in each]
    name = own.split(" ")[1]
    assert problem.startswith(f"m:2: {name} is the name of a generated type: it would be there")


# ---- what is refused


def test_one_run_tells_of_what_is_wrong_in_every_way() -> None:
    source = """\
type A @model @search {
  id: ID!
  a: Money
  bs: [B] @hasMany(indexName: "nowhere", fields: ["id"])
}
scalar Money
type B @model {
  id: ID!
  aId: ID! @index(sortKeyFields: ["missing"])
  a: A @belongsTo(fields: ["aId", "id"])
  when: Int @default(value: "now")
}
type B { a: ID }
type C @model @auth(rules: [{ allow: custom }]) { id: ID! }
type Mutation { add: Int @function }
"""
    assert [each.split(" ")[0] for each in refused(source)] == [
        f"m:{line}:" for line in (1, 3, 4, 6, 9, 10, 11, 13, 14, 15)
    ]

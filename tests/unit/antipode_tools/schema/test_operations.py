"""Operations of the user's own, and fields that code of theirs finds: what is made of them."""

from __future__ import annotations

import json
import re

import pytest
from graphql import GraphQLSchema, validate_schema

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.built import built
from antipode_tools.schema.compiler import Compiled, compile_models
from antipode_tools.schema.diagnostics import Refused
from antipode_tools.schema.environment import variables
from antipode_tools.schema.operation_rules import check_functions
from antipode_tools.schema.resolved import Step

CARD = "type Card @model { id: ID!, title: String, position: Float }\n"
OWNED = "type Note @model @auth(rules: [{ allow: owner }]) { id: ID!, text: String }\n"
RING = """
type Bell { station: ID, by: String, tags: [String] }
type Mutation { ring(station: ID!): Bell, hush: Bell, name: String }
"""
PLAIN = """
type Reading @model { id: ID!, station: ID!, celsius: Float! }
interface Alert { id: ID!, at: AWSDateTime! }
type Frost implements Alert { id: ID!, at: AWSDateTime!, celsius: Float! }
union Anything = Reading | Frost
# What to add.
input CalibrateInput { station: ID!, offset: Float! = 0.5, more: [CalibrateInput!] }
type Query {
  # The newest.
  latest(station: ID!, not: Level = LOW): Reading
  alerts(since: AWSDateTime): [Alert!]!
  find(text: String!): [Anything!]
  version: String!
  filtered(filter: ModelReadingFilterInput, to: ModelSortDirection): ModelReadingConnection
}
enum Level { LOW HIGH }
type Mutation { calibrate(input: CalibrateInput!): Reading }
"""


def compiled(source: str, *files: str, mode: AuthMode = AuthMode.API_KEY) -> Compiled:
    return compile_models(source, files=files, modes=[mode])


def diagnostics(source: str, *files: str) -> list[str]:
    with pytest.raises(Refused) as raised:
        compiled(source, *files)
    return [each.located("m") for each in raised.value.diagnostics if each.refused]


def warnings(source: str, *files: str) -> list[str]:
    return [each.located("m") for each in compiled(source, *files).warnings]


def unserved(source: str, *files: str) -> list[str]:
    return [each.located("m") for each in compiled(source, *files).unserved]


def steps(source: str, *files: str) -> dict[str, tuple[Step, ...]]:
    return {each.path: each.steps for each in compiled(source, *files).resolved}


def root(name: str, text: str) -> list[str]:
    """The lines of a root type that are no model's."""
    block = text.partition(f"type {name} {{\n")[2].partition("\n}")[0]
    return [line.strip() for line in block.splitlines()]


def schema(source: str, *files: str) -> GraphQLSchema:
    return built(compiled(source, *files).schema)


def test_operations_and_inputs_stand_beside_those_of_models() -> None:
    text = compiled(PLAIN).schema
    assert validate_schema(built(text)) == []
    assert root("Query", text)[2:] == [
        "# The newest.",
        "latest(station: ID!, not: Level = LOW): Reading",
        "alerts(since: AWSDateTime): [Alert]",
        "find(text: String!): [Anything]",
        "version: String",
        "filtered(filter: ModelReadingFilterInput, to: ModelSortDirection): ModelReadingConnection",
    ]
    assert root("Mutation", text)[-1] == "calibrate(input: CalibrateInput!): Reading"
    assert (
        "# What to add.\ninput CalibrateInput {\n  station: ID!\n  offset: Float! = 0.5\n"
        "  more: [CalibrateInput!]\n}\n" in text
    )


def test_a_file_of_operations_alone_has_no_warning() -> None:
    assert warnings(PLAIN) == []


def test_documents_for_clients_have_the_users_operations() -> None:
    assert (
        "query Find($text: String!) {\n  find(text: $text) {\n    __typename\n"
        "    ... on Frost {" in compiled(PLAIN).operations
    )


def test_a_type_that_holds_itself_ends_where_it_begins_again() -> None:
    tree = f"{CARD} type Query {{ tree: Tree }} type Tree {{ name: String, under: [Tree] }}"
    assert "query Tree {\n  tree {\n    name\n  }\n}" in compiled(tree).operations


def test_an_answer_of_related_items_alone_says_its_type() -> None:
    source = f"{CARD} type Query {{ found: Found }} type Found {{ card: Card }}"
    assert "query Found {\n  found {\n    __typename\n  }\n}" in compiled(source).operations


@pytest.mark.parametrize("mode", AuthMode)
def test_types_of_no_model_are_open_to_who_reads_what_is_announced(mode: AuthMode) -> None:
    text = compiled(PLAIN, mode=mode).schema
    [card] = re.findall("type Reading (.*) {", text)
    assert f"type Frost implements Alert {card} {{" in text


# What serves a field


def test_a_file_serves_the_field_of_its_name_and_a_source_says_to_what_it_is_sent() -> None:
    source = f"""{CARD}
    type Query {{ now: String, find: [Card] @source(model: "Card") }}
    type Mutation {{
      pay: String @source(model: "Card") @source(function: "Charge", step: 2)
      send: String @function(name: "Send-${{env}}") @function(name: "Log", invocationType: Event)
    }}
    """
    files = ("Query.now.js", "Query.find.js", *(f"Mutation.pay.{step}.js" for step in (3, 1, 2)))
    code = "graphql/operations"
    assert steps(source, *files) == {
        "Query.now": (Step(f"{code}/Query.now.js"),),
        "Query.find": (Step(f"{code}/Query.find.js", model="Card"),),
        "Mutation.pay": (
            Step(f"{code}/Mutation.pay.1.js", model="Card"),
            Step(f"{code}/Mutation.pay.2.js", function="ChargeFunction"),
            Step(f"{code}/Mutation.pay.3.js", model="Card"),
        ),
        "Mutation.send": (
            Step("graphql/resolvers/invoke.js", function="SendFunction"),
            Step("graphql/resolvers/invokeLater.js", function="LogFunction"),
        ),
    }


def test_ten_steps_are_in_the_order_of_their_numbers() -> None:
    files = [f"Query.now.{step}.js" for step in range(1, 11)]
    [found] = steps(f"{CARD} type Query {{ now: String }}", *sorted(files)).values()
    assert [step.code.rpartition("/")[2] for step in found] == files


COMPUTED = """
type Card @model { id: ID!, late: Boolean, tags(of: ID!): [String], size: Int @function(name: "S") }
"""


def test_a_field_that_code_finds_is_no_part_of_items() -> None:
    made = compiled(COMPUTED, "Card.late.js", "Card.tags.js")
    text = made.schema
    assert "  late: Boolean\n  tags(of: ID!): [String]\n  size: Int\n" in text
    for name in ("CreateCardInput", "UpdateCardInput", "ModelCardFilterInput"):
        block = text.partition(f"input {name} {{")[2].partition("}")[0]
        assert not {"late", "tags", "size"} & set(re.findall(r"\w+", block))
    assert made.unserved == ()
    [model] = made.models
    assert [field.name for field in model.stored] == ["id"]


def test_without_its_file_it_is_stored() -> None:
    text = compiled(COMPUTED, "Card.tags.js").schema
    assert "input CreateCardInput {\n  id: ID\n  late: Boolean\n}" in text


def test_the_relay_asks_for_it_unless_it_needs_an_argument() -> None:
    made = compiled(COMPUTED, "Card.late.js", "Card.tags.js")
    query = json.loads(made.documents)["models"]["Card"]["mutations"]["CREATE"]["query"]
    assert "{ id late size createdAt" in query
    assert [each.located("m") for each in made.warnings] == [
        "m:2: warning: Card.tags needs of, and so is null in announcements, where nobody gives "
        "arguments: make them optional, or have clients query for it"
    ]


def test_children_by_a_rule_of_ones_own_are_no_part_of_announcements() -> None:
    source = f'{CARD} type Board @model {{ id: ID!, late: [Card] @source(model: "Card") }}'
    made = compiled(source, "Board.late.js")
    query = json.loads(made.documents)["models"]["Board"]["mutations"]["CREATE"]["query"]
    assert "late" not in query
    assert made.unserved == ()


def test_what_nothing_serves_and_what_serves_nothing_is_told() -> None:
    source = f"{CARD}type Query {{ now: String }}\n"
    otherwise = 'or name a function of template.yaml, @function(name: "...")'
    assert unserved(source, "Query.then.js", "now.js", "Query.now.0.js") == [
        "m:2: warning: Query.now has no resolver, and is null: write "
        f"graphql/operations/Query.now.js, {otherwise}",
        *(
            f"m: warning: graphql/operations/{file} is named for no field: Mutation.moveCard.js "
            "serves moveCard of Mutation, and Mutation.checkout.1.js, Mutation.checkout.2.js are "
            "steps one after the other"
            for file in ("Query.now.0.js",)
        ),
        "m: warning: graphql/operations/Query.then.js serves Query.then, which is no field of "
        "models.graphql: declare it there, or remove the file",
        "m: warning: graphql/operations/now.js is named for no field: Mutation.moveCard.js "
        "serves moveCard of Mutation, and Mutation.checkout.1.js, Mutation.checkout.2.js are "
        "steps one after the other",
    ]


@pytest.mark.parametrize(
    ("field", "files", "problem"),
    [
        (
            "now: String",
            ["Query.now.js", "Query.now.1.js"],
            "is served by Query.now.js and by steps beside it: number them all, Query.now.1.js for "
            "the first",
        ),
        (
            "now: String",
            ["Query.now.1.js", "Query.now.3.js"],
            "has the steps 1, 3: number them from 1 on, without a gap",
        ),
        (
            "now: String",
            [f"Query.now.{step}.js" for step in range(1, 12)],
            "has 11 steps, and AppSync takes 10",
        ),
        (
            'now: String @function(name: "A")',
            ["Query.now.js"],
            "has @function, and graphql/operations/Query.now...js beside it: name the function as "
            'the source of a step, @source(function: "...", step: 1), or remove the file',
        ),
        (
            'now: String @function(name: "A") @source(model: "Card")',
            [],
            "has @function and @source: a function is a source by itself",
        ),
        (
            'now: String @source(model: "Bell")',
            ["Query.now.js"],
            "has @source(model: Bell), which is no model of this file",
        ),
        (
            "now: String @source",
            ["Query.now.js"],
            "has @source, which is of one model or of one function",
        ),
        (
            'now: String @source(model: "Card", function: "A")',
            ["Query.now.js"],
            "has @source, which is of one model or of one function",
        ),
        (
            'now: String @source(model: "Card") @source(function: "A")',
            ["Query.now.js"],
            "has two sources for every step",
        ),
        (
            'now: String @source(model: "Card", step: 2)',
            ["Query.now.1.js"],
            "has a source for step 2, and 1 steps in graphql/operations",
        ),
        (
            'now: String @function(name: "A", region: "eu-west-1")',
            [],
            'has @function(region:) with a value that it does not take: @function(name: "Invite"), '
            "of the Region and the account that the API is in",
        ),
        (
            'now: String @function(name: "A", invocationType: Later)',
            [],
            "has @function(invocationType:) with a value that it does not take: "
            '@function(name: "Invite"), of'
            " the Region and the account that the API is in",
        ),
        (
            'now: String @scope(name: "Card")',
            [],
            'has @scope(name:) with a value that it does not take: @scope(name: "Card:write")',
        ),
        (
            'now: String @scope(name: "a b:read")',
            [],
            'has @scope(name:) with a value that it does not take: @scope(name: "Card:write")',
        ),
        (
            'now: String @aws_subscribe(mutations: ["a"])',
            [],
            "has @aws_subscribe, which is for a field of Subscription",
        ),
        ("now: String @ttl", [], "has @ttl, which is for a field of a model"),
    ],
)
def test_what_cannot_serve_a_field_is_refused(field: str, files: list[str], problem: str) -> None:
    assert diagnostics(f"{CARD}type Query {{ {field} }}", *files) == [f"m:2: Query.now {problem}"]


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("id: ID!", "in a key, which items hold"),
        ('x: ID! @index(name: "byX")', "and has @index, which is for what is stored"),
        ('x: Int @default(value: "1")', "and has @default, which is for what is stored"),
        ("x: AWSTimestamp @ttl", "and has @ttl, which is for what is stored"),
    ],
)
def test_what_items_hold_is_not_computed(field: str, problem: str) -> None:
    name = field.partition(":")[0]
    found = diagnostics(f"type Card @model {{ {field}, title: String }}", f"Card.{name}.js")
    assert any(f"m:1: Card.{name} is computed, " in each and problem in each for each in found)


def test_a_function_must_stand_in_the_template() -> None:
    source = f'{CARD}type Query {{ now: String @function(name: "Clock") }}'
    resolved = compiled(source).resolved
    check_functions(resolved, {"ClockFunction"})
    with pytest.raises(Refused) as raised:
        check_functions(resolved, {"RelayFunction"})
    [problem] = raised.value.diagnostics
    assert problem.located("m") == (
        "m:2: Query.now calls the function ClockFunction, which template.yaml has not: add it, as "
        "examples/board shows"
    )


# Names and types


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (
            "type Query { getCard: Int }",
            "m:2: Query.getCard has the name of an operation of Card: rename one, or leave the "
            "model's out, by @model(queries:, mutations:, subscriptions:)",
        ),
        (
            "type Mutation { publishCreated: Int }",
            "m:2: Mutation.publishCreated begins with publishCreate, which is kept for the relay: "
            "choose another name",
        ),
        (
            "type Query { __now: Int }",
            "m:2: Query.__now begins with __, which GraphQL keeps for itself",
        ),
        ("type Query { a: Int a: Int }", "m:2: Query.a is defined twice"),
        ("type Query { a: Int } type Query { b: Int }", "m:2: Query is defined in line 2 already"),
        ("type Query { a(b: Int, b: Int): Int }", "m:2: Query.a has the argument b twice"),
        (
            "type Query { a(__b: Int): Int }",
            "m:2: Query.a has __b, and GraphQL keeps __ for itself",
        ),
        ("type Query @model { a: Int }", "m:2: Query has @model, which is for a type that has a t"),
        (
            "type Query { a(b: Int @ttl): Int }",
            "m:2: Query.a(b:) has @ttl, which is for a field of a model",
        ),
        (
            "type Query { a: Long }",
            "m:2: Query.a is Long, which is neither a type of this file nor a scalar of AppSync",
        ),
        (
            "type Query { a(b: Long): Int }",
            "m:2: Query.a takes b, which is Long, which is neither a type of this file nor",
        ),
        (
            "type Query { a: Int } input I { b: [Long!] }",
            "m:2: I takes b, which is Long, which is neither a type of this file nor a scalar",
        ),
        (
            "type Query { a: CreateCardInput }",
            "m:2: Query.a is CreateCardInput, which is neither a type of this file nor a scalar",
        ),
        (
            "type Query { a(b: ModelCardConnection): Int }",
            "m:2: Query.a takes b, which is ModelCardConnection, which is neither a type of this",
        ),
        (
            "type Query { a(b: Card): Int }",
            "m:2: Query.a takes b, which is Card: what is given is a scalar, an enum or an input.",
        ),
        (
            "type Query { a: I } input I { b: Int }",
            "m:2: Query.a is the input I: inputs are for arguments alone",
        ),
        ("input I { b: I! }", "m:2: I needs another I within itself, without end: take the ! off"),
        (
            "input I { b: J! } input J { c: I! }",
            "m:2: I needs another I within itself, without end: take the ! off a field on the way",
        ),
        ("input I { b: Int b: Int }", "m:2: I.b is defined twice"),
        ("input CreateCardInput { b: Int }", "m:2: CreateCardInput is the name of a generated"),
        ("enum Query { A }", "m:2: Query is the name of a type that every schema has: choose"),
        (
            "interface A { id: ID } interface B implements A { id: ID }",
            "m:2: B is an interface that implements A, and AppSync takes no schema with one: give "
            "it the fields of A, and let each type implement all",
        ),
        (
            f'type Subscription {{ {"a" * 51}: Card @aws_subscribe(mutations: ["createCard"]) }}',
            f"m:2: Subscription.{'a' * 51} has 51 characters, and the name of a subscription at",
        ),
    ],
)
def test_names_and_types_that_cannot_be_are_refused(source: str, problem: str) -> None:
    assert any(each.startswith(problem) for each in diagnostics(f"{CARD}{source}"))


def test_a_list_of_itself_may_be_in_an_input() -> None:
    source = "type Query { a(i: I): Int } input I { b: [I!]! }"
    assert validate_schema(schema(f"{CARD}{source}")) == []


def test_what_nothing_uses_is_a_warning() -> None:
    source = f"{CARD}input I {{ e: E }}\nenum E {{ A }}\ntype T {{ a: Int }}"
    assert warnings(source) == [
        "m:2: warning: nothing uses I",
        "m:3: warning: nothing uses E",
        "m:4: warning: nothing uses T",
    ]


def test_an_input_is_used_by_a_field_of_a_type() -> None:
    source = "type Card @model { id: ID!, x(i: I): Int } input I { b: Int }"
    assert warnings(source, "Card.x.js") == []


# Subscriptions


def test_a_subscription_to_a_model_s_mutation_hangs_on_what_the_relay_announces() -> None:
    source = f"""{CARD}
    type Subscription {{
      onTitle(title: String!): Card! @aws_subscribe(mutations: ["createCard", "updateCard"])
    }}
    """
    made = compiled(source)
    assert root("Subscription", made.schema)[-2:] == [
        "onTitle(title: String!): Card",
        '@aws_subscribe(mutations: ["publishCreateCard", "publishUpdateCard"])',
    ]
    assert (made.warnings, made.unserved, made.resolved) == ((), (), ())
    assert json.loads(made.fields)["Subscription.onTitle"] == "Card:read"
    assert "onTitle=" in "".join(variables(made.models))


def test_it_is_announced_to_although_the_model_has_no_subscriptions() -> None:
    source = """
    type Card @model(subscriptions: null) { id: ID! }
    type Subscription { onNew: Card @aws_subscribe(mutations: ["createCard"]) }
    """
    made = compiled(source)
    assert list(json.loads(made.documents)["models"]["Card"]["mutations"]) == ["CREATE"]


def test_a_subscription_to_an_operation_is_of_one_region() -> None:
    source = f"""{CARD}{RING}
    type Subscription {{ onRing(station: ID): Bell @aws_subscribe(mutations: ["ring", "hush"]) }}
    """
    assert warnings(source) == [
        "m:6: warning: Subscription.onRing hears of ring, hush in the Region that is asked for it "
        "and in no other: to be heard in every Region, write an item of a model, which the relay "
        "announces everywhere (docs/models.md)"
    ]
    assert steps(source)["Subscription.onRing"] == (Step("graphql/resolvers/listen.js"),)


def test_one_to_an_operation_that_answers_with_a_model_is_pointed_to_the_model_s() -> None:
    source = f"""{CARD}type Mutation {{ move: Card }}
    type Subscription {{ onMove: Card @aws_subscribe(mutations: ["move"]) }}
    """
    [warning] = warnings(source)
    assert warning.endswith("subscribe to Card's own changes, which the relay announces everywhere")


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        (
            "on: Bell",
            'hears of nothing: say of which mutations, @aws_subscribe(mutations: ["..."])',
        ),
        ('on: Bell @aws_subscribe(mutations: ["no"])', "hangs on no, which is no mutation of this"),
        (
            'on: Card @aws_subscribe(mutations: ["publishCreateCard"])',
            "hangs on publishCreateCard, which is no mutation of this API",
        ),
        (
            'on: Bell @aws_subscribe(mutations: ["name"])',
            "is Bell, and Mutation.name is String: AppSync hands on what the mutation answers",
        ),
        (
            'on: Bell @aws_subscribe(mutations: ["createCard"])',
            "is Bell, and hears of Card: make it Card",
        ),
        (
            'on: Card @aws_subscribe(mutations: ["createCard", "ring"])',
            "hangs on mutations of Card and your own: what a model's write is announced by is",
        ),
        (
            'on: Card @aws_subscribe(mutations: ["createCard", "createNote"])',
            "hangs on mutations of Card and Note: what a model's write is announced by is",
        ),
        (
            'on(what: ID): Bell @aws_subscribe(mutations: ["ring"])',
            "takes what, which is no single value of Bell: what is announced is chosen by its",
        ),
        (
            'on(tags: [String]): Bell @aws_subscribe(mutations: ["ring"])',
            "takes tags, which is no single value of Bell: what is announced is chosen by its",
        ),
        (
            'on: Bell @aws_subscribe(mutations: ["ring"]) @function(name: "A")',
            "has @function, which is for a field of Query or Mutation, or of a type",
        ),
    ],
)
def test_what_a_subscription_cannot_hear_of_is_refused(field: str, problem: str) -> None:
    source = f"{CARD}{OWNED}{RING}type Subscription {{ {field} }}"
    assert any(
        each.startswith(f"m:6: Subscription.on {problem}") for each in diagnostics(source)
    ), diagnostics(source)


def test_what_is_not_for_all_is_told_to_everybody_by_no_subscription() -> None:
    source = f"""{OWNED}type Mutation {{ move: Note @auth(rules: [{{ allow: private }}]) }}
    type Subscription {{ on: Note @aws_subscribe(mutations: ["move"]) }}"""
    with pytest.raises(Refused) as raised:
        compile_models(source, modes=[AuthMode.AWS_LAMBDA])
    assert [each.located("m") for each in raised.value.diagnostics if each.refused] == [
        "m:3: Subscription.on would tell everybody of Note, whose items are not for all: write "
        "graphql/operations/Subscription.on.js, which sets the filter"
    ]
    compile_models(source, modes=[AuthMode.AWS_LAMBDA], files=["Subscription.on.js"])


# Scopes


def test_no_scope_opens_an_operation_but_the_one_that_it_declares() -> None:
    source = f"""{CARD}
    type Query {{ cards: [Card], free: [Card] @scope(name: "Card:read") }}
    type Mutation {{ pay: Card @scope(name: "billing:pay") }}
    """
    made = compiled(source)
    fields = json.loads(made.fields)
    assert {name: fields[name] for name in ("Query.cards", "Query.free", "Mutation.pay")} == {
        "Query.cards": None,
        "Query.free": "Card:read",
        "Mutation.pay": "billing:pay",
    }
    assert "".join(variables(made.models, made.resolved)).endswith(
        ';-={"Query.free":"Card:read","Mutation.pay":"billing:pay"}'
    )


def test_an_api_without_scopes_says_nothing_of_them() -> None:
    made = compiled(f"{CARD}type Query {{ cards: [Card] }}")
    assert variables(made.models, made.resolved) == variables(made.models)


# A running system


def test_what_clients_of_an_operation_lose_is_warned_of() -> None:
    earlier = f"{CARD}type Query {{ a(x: Int, y: Int): Int, b: Int, c(x: Int): Int }}"
    now = f"{CARD}type Query {{ a(x: Int, z: Int!, w: Int! = 1): Int, c(x: Int, y: Int): String }}"
    changed = [each.located("m") for each in compile_models(now, earlier).warnings]
    assert changed == [
        "m: warning: Query.b is gone: clients that ask for it are refused",
        "m:2: warning: Query.a lost y and needs z: clients that do not know it yet are refused",
        "m:2: warning: Query.c was Int and is String: clients that do not know it yet are refused",
    ]
    assert compile_models(earlier, earlier).warnings == ()

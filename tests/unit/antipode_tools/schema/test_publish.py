"""The schema to the documents that the relay sends."""

from __future__ import annotations

import json
import re

import pytest
from graphql import parse

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import project_root
from antipode_tools.schema.built import SchemaError
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.publish import MAX_TOKENS, Documents, publish_documents, render

MUTATIONS = "\n".join(
    f"publish{kind}M(change: AWSJSON!): M" for kind in ("Create", "Update", "Delete")
)


def documents(types: str, *, mutations: str = MUTATIONS, subscription: str = "") -> Documents:
    """Those of a schema with the model M, whose types are given."""
    return publish_documents(
        f"type Query {{ m: M }} type Mutation {{ {mutations} }} {subscription} {types}"
        " type Change { id: ID }"
    )


def selection(types: str) -> str:
    """What the relay selects of the model M."""
    query: str = documents(types)["M"]["mutations"]["CREATE"]["query"]
    return query.removeprefix(
        "mutation PublishCreateM($change: AWSJSON!) { publishCreateM(change: $change) "
    ).removesuffix(" }")


def refusal(types: str, **kinds: str) -> str:
    with pytest.raises(SchemaError) as raised:
        documents(types, **kinds)
    return str(raised.value)


def test_each_document_is_graphql() -> None:
    schema = (project_root() / "graphql" / "schema.graphql").read_text()
    for model in publish_documents(schema).values():
        for mutation in model["mutations"].values():
            parse(mutation["query"])


def test_a_model_is_known_by_its_publish_mutations() -> None:
    assert documents("type M { id: ID, n: Int, _change: Change }") == {
        "M": {
            "fields": {"id": "ID", "n": "Int", "_change": {"id": "ID"}},
            "owners": [],
            "mutations": {
                kind.upper(): {
                    "field": f"publish{kind}M",
                    "query": (
                        f"mutation Publish{kind}M($change: AWSJSON!) "
                        f"{{ publish{kind}M(change: $change) {{ id n _change {{ id }} }} }}"
                    ),
                    "subscriptions": [],
                }
                for kind in ("Create", "Update", "Delete")
            },
        }
    }


def test_the_subscriptions_of_a_mutation_are_those_that_hang_on_it() -> None:
    subscription = """type Subscription {
        onCreateM: M @aws_subscribe(mutations: ["publishCreateM"])
        onChangeM(id: ID): M
            @aws_api_key @aws_subscribe(mutations: ["publishCreateM", "publishUpdateM"])
        other: M
    }"""
    mutations = documents("type M { _change: Change }", subscription=subscription)["M"]["mutations"]
    assert {kind: mutation["subscriptions"] for kind, mutation in mutations.items()} == {
        "CREATE": ["onChangeM", "onCreateM"],
        "UPDATE": ["onChangeM"],
        "DELETE": [],
    }


@pytest.mark.parametrize(
    ("types", "selected"),
    [
        (
            "type M { a: A, _change: Change } type A { b: B } type B { c: [[String]] }",
            "{ a { b { c } } _change { id } }",
        ),
        ("type M { kind: Kind, _change: Change } enum Kind { X Y }", "{ kind _change { id } }"),
        ("type M { at: AWSDateTime, _change: Change }", "{ at _change { id } }"),
        ("type M { x: Own, _change: Change } scalar Own", "{ x _change { id } }"),
        ("type M { x: AWSURL, _change: Change } scalar AWSURL", "{ x _change { id } }"),
        (
            "type M { a: [A], b: A, _change: Change } type A { id: ID }",
            "{ a { id } b { id } _change { id } }",
        ),
        ("type M { a: ID, of(unit: ID!): ID, _change: Change }", "{ a _change { id } }"),
        (
            "type M { a: A, _change: Change } type A { x: ID, m: M, p: P } "
            "type P { items: [M], nextToken: ID }",
            "{ a { x } _change { id } }",
        ),
        (
            "type M { u: U, _change: Change } union U = B | A type A { x: ID } type B { y: ID }",
            "{ u { __typename ... on A { x } ... on B { y } } _change { id } }",
        ),
        (
            "type M { i: I, _change: Change } interface I { x: ID }"
            " type A implements I { x: ID, deep: D } type D { z: Int }",
            "{ i { __typename ... on A { x deep { z } } } _change { id } }",
        ),
    ],
)
def test_every_field_is_selected_to_the_leaves(types: str, selected: str) -> None:
    assert selection(types) == selected


def test_the_shape_of_a_union_has_the_fields_of_each_member() -> None:
    types = """type M { u: [U], _change: Change } union U = A | B
        type A { x: ID, both: C } type B { y: ID, both: D }
        type C { c: ID } type D { d: ID }"""
    assert documents(types)["M"]["fields"]["u"] == {
        "__typename": "String",
        "x": "ID",
        "y": "ID",
        "both": {"c": "ID", "d": "ID"},
    }


def test_the_fields_that_say_whose_an_item_is_are_named() -> None:
    compiled = compile_models(
        'type M @model @auth(rules: [{ allow: owner, ownerField: "writer" }]) { id: ID! } '
        "type O @model { id: ID! }",
        modes=[AuthMode.AWS_IAM],
    )
    models = json.loads(compiled.documents)["models"]
    assert {name: model["owners"] for name, model in models.items()} == {"M": ["writer"], "O": []}


def test_a_kind_of_change_that_nobody_can_hear_of_has_no_document() -> None:
    mutations = "publishCreateM(change: AWSJSON!): M"
    found = documents("type M { id: ID, _change: Change }", mutations=mutations)
    assert set(found["M"]["mutations"]) == {"CREATE"}


def test_a_schema_without_publish_mutations_has_no_models() -> None:
    assert publish_documents("type Query { a: ID } type Mutation { createM: ID }") == {}
    assert publish_documents("type Query { a: ID }") == {}


@pytest.mark.parametrize(
    ("types", "problem"),
    [
        (
            "type M { a: [A], _change: Change } type A { b: B } type B { a: A }",
            "M.a.b.a leads back to A without end",
        ),
        (
            "type M { u: U, _change: Change } union U = A type A { u: U }",
            "M.u.u leads back to U without end",
        ),
        (
            "type M { u: U, _change: Change } union U = M",
            "M.u leads back to M without end",
        ),
        ("type M { id: ID }", "M has no field _change"),
        (
            "type M { u: U, _change: Change } union U = A | B type A { x: ID } type B { x: Int }",
            "publishCreateM cannot be selected whole: Fields 'x' conflict because they return "
            "conflicting types 'ID' and 'Int'. Use different aliases on the fields to fetch both "
            "if this was intentional.",
        ),
    ],
)
def test_what_cannot_be_selected_is_named(types: str, problem: str) -> None:
    assert refusal(types) == problem


MODEL = "type M { id: ID, _change: Change }"


@pytest.mark.parametrize(
    ("mutations", "problem"),
    [
        (
            "publishCreateM(change: AWSJSON!): ID",
            "publishCreateM returns ID, and no model",
        ),
        (
            "publishCreateM(change: AWSJSON!): Change",
            "Change has no field _change",
        ),
        ("publishCreateM: M", "publishCreateM takes other arguments than change: AWSJSON!"),
        (
            "publishCreateM(change: AWSJSON): M",
            "publishCreateM takes other arguments than change: AWSJSON!",
        ),
    ],
)
def test_a_mutation_that_the_relay_cannot_send_is_named(mutations: str, problem: str) -> None:
    assert refusal(MODEL, mutations=mutations) == problem


def test_a_document_that_appsync_would_not_read_is_refused() -> None:
    leaves = " ".join(f"leaf{number}: ID" for number in range(150))
    branches = " ".join(f"branch{number}: Leaves" for number in range(MAX_TOKENS // 150))
    problem = refusal(f"type M {{ {branches} _change: Change }} type Leaves {{ {leaves} }}")
    assert re.fullmatch(
        r"publishCreateM selects 15\d{3} tokens, and AppSync takes at most 15000", problem
    )


def test_the_text_is_sorted_has_a_version_and_ends_with_a_line() -> None:
    contents = {"models": {"a": {}, "b": {"x": 2, "y": 1}}, "version": 2}
    assert render({"b": {"y": 1, "x": 2}, "a": {}}) == json.dumps(contents, indent=2) + "\n"

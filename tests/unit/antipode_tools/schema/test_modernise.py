"""The first transformer's directives, rewritten in the text as those of today."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.modernise import modernised
from tests.examples import percent
from tests.unit.antipode_tools.schema.cases import CASES, case

OLD = """\
# A file's head stays.
type Ship @model
  @versioned # in a comment
  @key(fields: ["harbour", "name"])   # the key
  @key(name: "byFlag", fields: ["flag"], queryField: "shipsByFlag")
{
  harbour: ID! # where
  name: String!
    # What it flies.
  flag: String

  crew: [Sailor]  @connection(name: "C", limit: 7)
}

type Sailor implements Named, Aged @model { name: String age: Int at: Ship @connection(name: "C") }
interface Named { name: String }
interface Aged { age: Int }
"""
NEW = """\
# A file's head stays.
type Ship @model # in a comment
     # the key
{
  harbour: ID! @primaryKey(sortKeyFields: ["name"]) # where
  name: String!
    # What it flies.
  flag: String @index(name: "byFlag", queryField: "shipsByFlag")

  crew: [Sailor]  @hasMany(indexName: "gsi-C", fields: ["harbour", "name"], limit: 7)
}

"""


def test_only_directives_change_where_they_stand() -> None:
    first, _, second = modernised(OLD).partition("type Sailor")
    assert first == NEW
    assert second.splitlines()[0] == (
        " implements Named& Aged @model { name: String age: Int "
        'at: Ship @belongsTo(fields: ["sailorAtHarbour", "sailorAtName"]) '
        'sailorAtHarbour: ID @index(name: "gsi-C", sortKeyFields: ["sailorAtName"], '
        "queryField: null) sailorAtName: String }"
    )


def test_no_comment_takes_in_what_followed_a_directive() -> None:
    old = """type A @model
  # Both of them.
  @key(name: "byX", fields: ["x"])
  @key(name: "byY", fields: ["y"]) {
  id: ID!
  x: ID
  y: ID
}
"""
    new = modernised(old)
    assert new.startswith("type A @model\n  # Both of them.\n {\n")
    assert compile_models(new).schema == compile_models(old).schema


def test_rules_are_rewritten_where_they_stand() -> None:
    old = "type A @model @auth(rules: [{ allow: owner, queries: null }]) # mine\n { id: ID! }"
    assert modernised(old) == (
        "type A @model @auth(rules: [{ allow: owner, operations: [create, update, delete] }]) "
        "# mine\n { id: ID! }"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("type A @model @versioned { id: ID! }", "type A @model { id: ID! }"),
        ("type A @versioned @model { id: ID! }", "type A @model { id: ID! }"),
        (
            'type A @model @key(fields: ["b"]) { b: ID! }',
            "type A @model { b: ID! @primaryKey }",
        ),
        (
            "type A\n  @model\n  @versioned\n{\n  id: ID!\n}\n",
            "type A\n  @model\n{\n  id: ID!\n}\n",
        ),
        (
            "type A @model { id: ID! } extend type A @versioned { b: [A] @connection }",
            "type A @model { id: ID! } extend type A { b: [A] @hasMany }",
        ),
        (
            "type A @model {\n  id: ID!\n  b: B @connection\n}\ntype B @model { id: ID! }\n",
            "type A @model {\n  id: ID!\n  b: B @hasOne\n}\ntype B @model { id: ID! }\n",
        ),
        (
            'type A @model {\n  b: B @connection(name: "AB") # one\n}\n'
            'type B @model { a: [A] @connection(name: "AB") id: ID! }\n',
            'type A @model {\n  b: B @belongsTo(fields: ["aBId"]) # one\n'
            '  aBId: ID @index(name: "gsi-AB", queryField: null)\n}\n'
            'type B @model { a: [A] @hasMany(indexName: "gsi-AB", fields: ["id"]) id: ID! }\n',
        ),
    ],
)
def test_what_is_left_reads_as_if_somebody_had_written_it(old: str, new: str) -> None:
    assert modernised(old) == new


@pytest.mark.parametrize("name", CASES)
def test_every_case_compiles_to_the_same_without_a_warning_and_stays_as_it_is(name: str) -> None:
    check(case(name))


def check(old: str) -> None:
    new = modernised(old)
    before, after = compile_models(old), compile_models(new)
    assert modernised(new) == new
    assert (after.schema, after.mappings) == (before.schema, before.mappings)
    assert not any("first transformer" in each.message for each in after.warnings)


@st.composite
def old_files(draw: st.DrawFn) -> str:
    """Two models in the first dialect, laid out in some way."""
    space = draw(st.sampled_from([" ", "\n  ", " # why\n", ",\n\n", "\r\n\t"]))
    between = draw(st.sampled_from([" ", "\n", " # end\n", ", "]))
    keys = ["", '@key(fields: ["b", "a"])', '@key(fields: ["a"])']
    more = [
        "@versioned",
        '@key(name: "byB", fields: ["b", "a"])',
        '@key(name: "byC", fields: ["c"])',
    ]
    on = [draw(st.sampled_from(keys)), *draw(st.lists(st.sampled_from(more), unique=True))]
    head = space.join(draw(st.permutations(["@model", *filter(None, on)])))
    one, other = draw(
        st.sampled_from(
            [
                ("", ""),
                ("many: [N2] @connection", ""),
                ("one: N2 @connection", "its: [N1] @connection"),
                ('many: [N2] @connection(name: "X")', 'its: N1 @connection(name: "X")'),
                ('one: N2 @connection(name: "X")', 'its: [N1] @connection(name: "X")'),
                ('one: N2 @connection(fields: ["c"])', ""),
            ]
        )
    )
    fields = between.join(["id: ID!", "a: ID!", "b: String!", "c: ID", one])
    first = f"type N1{space}{head}{space}{{{between}{fields}{between}}}"
    return f"{first}\ntype N2 @model {{ id: ID! {other} }}"


@given(old_files())
@settings(max_examples=percent(60))
def test_any_old_file_compiles_to_the_same_when_it_is_modern(old: str) -> None:
    check(old)

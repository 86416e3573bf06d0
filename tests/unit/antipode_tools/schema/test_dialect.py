"""The first transformer's directives, read as those of today."""

from __future__ import annotations

import pytest

from antipode_tools.schema.compiler import compile_models

TOLD = "of Amplify's first transformer: {}. antipode schema --modernise rewrites the file"


def same(old: str, new: str) -> None:
    """Both compile to the same; what is old is told of."""
    before, after = compile_models(old), compile_models(new)
    assert (before.schema, before.mappings) == (after.schema, after.mappings)
    assert before.warnings
    assert after.warnings == ()


B = "type B @model { id: ID!, a: ID }"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("type A @model @versioned { id: ID! }", "type A @model { id: ID! }"),
        (
            'type A @model @key(fields: ["x"]) { x: ID! }',
            "type A @model { x: ID! @primaryKey }",
        ),
        (
            'type A @model @key(fields: ["x", "y", "z"]) { x: ID!, y: Int!, z: ID! }',
            'type A @model { x: ID! @primaryKey(sortKeyFields: ["y", "z"]), y: Int!, z: ID! }',
        ),
        (
            'type A @model @key(name: "byX", fields: ["x"]) { id: ID!, x: ID }',
            'type A @model { id: ID!, x: ID @index(name: "byX", queryField: null) }',
        ),
        (
            'type A @model @key(name: "byX", fields: ["x", "y"], queryField: "these") '
            "{ id: ID!, x: ID, y: Int }",
            'type A @model { id: ID!, x: ID @index(name: "byX", sortKeyFields: ["y"], '
            'queryField: "these"), y: Int }',
        ),
        (
            f"type A @model {{ id: ID!, b: B @connection }} {B}",
            f"type A @model {{ id: ID!, b: B @hasOne }} {B}",
        ),
        (
            f"type A @model {{ id: ID!, b: [B] @connection(limit: 7) }} {B}",
            f"type A @model {{ id: ID!, b: [B] @hasMany(limit: 7) }} {B}",
        ),
        (
            f'type A @model {{ id: ID!, b: [B] @connection(name: "alone") }} {B}',
            f"type A @model {{ id: ID!, b: [B] @hasMany }} {B}",
        ),
        (
            f'type A @model {{ id: ID!, x: ID, b: B @connection(fields: ["x"]) }} {B}',
            f'type A @model {{ id: ID!, x: ID, b: B @belongsTo(fields: ["x"]) }} {B}',
        ),
        (
            'type A @model { id: ID!, b: [B] @connection(keyName: "byA", fields: ["id"]) } '
            'type B @model @key(name: "byA", fields: ["a"]) { id: ID!, a: ID }',
            'type A @model { id: ID!, b: [B] @hasMany(indexName: "byA", fields: ["id"]) } '
            'type B @model { id: ID!, a: ID @index(name: "byA", queryField: null) }',
        ),
        (
            'type A @model { id: ID!, bs: [B] @connection(name: "AB") } '
            'type B @model { id: ID!, a: A @connection(name: "AB") }',
            'type A @model { id: ID!, bs: [B] @hasMany(indexName: "gsi-AB", fields: ["id"]) } '
            'type B @model { id: ID!, a: A @belongsTo(fields: ["bAId"]), '
            'bAId: ID @index(name: "gsi-AB", queryField: null) }',
        ),
        (
            'type A @model { id: ID!, bs: [B] @connection(name: "AB"), '
            'cs: [B] @connection(name: "AC", keyField: "bAId", sortField: "at") } '
            'type B @model { id: ID!, at: Int, a: A @connection(name: "AB"), '
            'c: A @connection(name: "AC", keyField: "bAId") }',
            'type A @model { id: ID!, bs: [B] @hasMany(indexName: "gsi-AB", fields: ["id"]), '
            'cs: [B] @hasMany(indexName: "gsi-AC", fields: ["id"]) } '
            'type B @model { id: ID!, at: Int, a: A @belongsTo(fields: ["bAId"]), '
            'c: A @belongsTo(fields: ["bAId"]), bAId: ID @index(name: "gsi-AB", queryField: null) '
            '@index(name: "gsi-AC", sortKeyFields: ["at"], queryField: null) }',
        ),
        (
            'type A @model { id: ID!, bs: [B] @connection(name: "AB") } '
            'type B @model { id: ID!, of: ID!, a: A @connection(name: "AB", keyField: "of") }',
            'type A @model { id: ID!, bs: [B] @hasMany(indexName: "gsi-AB", fields: ["id"]) } '
            'type B @model { id: ID!, of: ID! @index(name: "gsi-AB", queryField: null), '
            'a: A @belongsTo(fields: ["of"]) }',
        ),
    ],
)
def test_each_form_is_what_amplify_makes_of_it_today(old: str, new: str) -> None:
    same(old, new)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            "type A\n  @model\n  @versioned {\n  id: ID!\n}",
            f"m:3: warning: A has @versioned, {TOLD.format('leave it out')}",
        ),
        (
            'type A @model\n  @key(fields: ["x"]) {\n  x: ID!\n}',
            'm:2: warning: A has @key(fields: ["x"]), ' + TOLD.format("write x: ID! @primaryKey"),
        ),
        (
            "type A @model {\n  id: ID!\n  a: [A] @connection(limit: 9)\n}",
            "m:3: warning: A has @connection(limit: 9), "
            + TOLD.format("write a: [A] @hasMany(limit: 9)"),
        ),
    ],
)
def test_each_is_told_of_in_its_line_with_what_to_write(source: str, told: str) -> None:
    assert [each.located("m") for each in compile_models(source).warnings] == [told]


def test_of_two_sides_each_is_told_of_and_what_is_added_is_not() -> None:
    source = """type A @model { id: ID!, bs: [B] @connection(name: "AB") }
type B @model { id: ID!, a: A @connection(name: "AB") }"""
    assert [each.located("m") for each in compile_models(source).warnings] == [
        'm:1: warning: A has @connection(name: "AB"), '
        + TOLD.format('write bs: [B] @hasMany(indexName: "gsi-AB", fields: ["id"])'),
        'm:2: warning: B has @connection(name: "AB"), '
        + TOLD.format('write a: A @belongsTo(fields: ["bAId"])'),
    ]

"""Relations: by which fields and which index the related items are found."""

from __future__ import annotations

import json

import pytest
from graphql import GraphQLObjectType

from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.diagnostics import Refused
from antipode_tools.schema.model import Model
from localaws.appsync import ports
from localaws.appsync.schema import build_schema

B = "type B @model { id: ID! }"
SORTED = 'type B @model { k: ID! @primaryKey(sortKeyFields: ["n"]) n: Int! }'


def a(relation: str, fields: str = "") -> str:
    return f"type A @model {{\n id: ID! {fields}\n{relation} }}\n"


def compiled(source: str) -> dict[str, Model]:
    return {model.name: model for model in compile_models(source).models}


def found_by(model: Model) -> dict[str, tuple[str, ...]]:
    """For each relation its model, the index if it goes by one, and its own fields."""
    return {
        each.field.name: (each.model, each.index.name if each.index else "", *each.by)
        for each in model.relations
    }


def fields(model: Model) -> list[str]:
    """What the model has beside its id and its relations."""
    related = {each.field.name for each in model.relations}
    return [
        f"{field.name}: {field.type}"
        for field in model.type.fields
        if field.name not in {"id", *related}
    ]


def indexes(model: Model) -> dict[str, list[str]]:
    return {index.name: [field.name for field in index.key] for index in model.indexes}


@pytest.mark.parametrize("kind", ["hasOne", "belongsTo"])
@pytest.mark.parametrize(
    ("relation", "declared", "other", "by", "held"),
    [
        ("b: B @{}", "", B, ("aBId",), ["aBId: ID"]),
        ("b: B! @{}", "", B, ("aBId",), ["aBId: ID!"]),
        ("b: B @{}", "aBId: ID!", B, ("aBId",), ["aBId: ID!"]),
        ('b: B @{}(fields: ["x"])', "x: ID", B, ("x",), ["x: ID"]),
        ('b: B @{}(fields: "x")', "x: String", B, ("x",), ["x: String"]),
        ("b: B @{}", "", SORTED, ("aBK", "aBN"), ["aBK: ID", "aBN: Int"]),
        (
            'b: B @{}(fields: ["x", "y"])',
            "x: ID, y: Int",
            SORTED,
            ("x", "y"),
            ["x: ID", "y: Int"],
        ),
    ],
)
def test_one_is_found_by_its_key_which_the_item_holds(
    kind: str, relation: str, declared: str, other: str, by: tuple[str, ...], held: list[str]
) -> None:
    model = compiled(a(relation.format(kind), declared) + other)["A"]
    assert found_by(model) == {"b": ("B", "", *by)}
    assert fields(model) == held


def test_many_are_found_by_an_index_of_a_key_that_they_hold() -> None:
    models = compiled(a("bs: [B] @hasMany") + "type B @model { id: ID!, a: A @belongsTo }")
    assert found_by(models["A"]) == {"bs": ("B", "gsi-A.bs", "id")}
    assert fields(models["B"]) == ["aBsId: ID"]
    assert indexes(models["B"]) == {"gsi-A.bs": ["aBsId"]}
    assert [index.query for index in models["B"].indexes] == [None]
    # The other side finds its one by the same field.
    assert found_by(models["B"]) == {"a": ("A", "", "aBsId")}


def test_a_key_of_several_fields_is_held_whole_on_the_other_side() -> None:
    models = compiled(
        'type A @model { k: ID! @primaryKey(sortKeyFields: ["n"]) n: Int! bs: [B] @hasMany }'
        " type B @model { id: ID!, a: A @belongsTo }"
    )
    assert found_by(models["A"]) == {"bs": ("B", "gsi-A.bs", "k", "n")}
    assert fields(models["B"]) == ["aBsK: ID", "aBsN: Int"]
    assert indexes(models["B"]) == {"gsi-A.bs": ["aBsK", "aBsN"]}
    assert found_by(models["B"]) == {"a": ("A", "", "aBsK", "aBsN")}


def test_many_are_found_by_an_index_that_is_named_and_so_is_the_counterpart() -> None:
    other = """type B @model {
      id: ID!
      of: ID! @index(name: "byA", sortKeyFields: ["at"])
      at: Int!
      a: A @belongsTo
    }"""
    models = compiled(a('bs: [B] @hasMany(indexName: "byA", limit: 7)') + other)
    assert found_by(models["A"]) == {"bs": ("B", "byA", "id")}
    assert [each.limit for each in models["A"].relations] == [7]
    assert found_by(models["B"]) == {"a": ("A", "", "of")}


def test_many_may_be_those_of_one_partition_of_their_own_key() -> None:
    model = compiled(a('bs: [B] @hasMany(fields: ["x"])', "x: ID") + SORTED)["A"]
    assert found_by(model) == {"bs": ("B", "", "x")}


@pytest.mark.parametrize("declared", ["", "aId: ID"])
@pytest.mark.parametrize(("kind", "type_"), [("hasMany", "[B]"), ("hasOne", "B")])
def test_references_name_the_fields_of_the_other_side(declared: str, kind: str, type_: str) -> None:
    other = f'type B @model {{ id: ID! {declared} a: A @belongsTo(references: ["aId"]) }}'
    models = compiled(a(f'b: {type_} @{kind}(references: ["aId"])') + other)
    assert found_by(models["A"]) == {"b": ("B", "gsi-A.b", "id")}
    assert indexes(models["B"]) == {"gsi-A.b": ["aId"]}
    assert fields(models["B"]) == ["aId: ID"]
    assert found_by(models["B"]) == {"a": ("A", "", "aId")}


def test_many_and_many_have_a_model_between_them() -> None:
    models = compiled(
        a('bs: [B] @manyToMany(relationName: "pairs", limit: 5)')
        + 'type B @model { k: ID! @primaryKey(sortKeyFields: ["n"]) n: Int!'
        ' as: [A] @manyToMany(relationName: "Pairs") }'
    )
    assert found_by(models["A"]) == {"bs": ("Pairs", "byA", "id")}
    assert found_by(models["B"]) == {"as": ("Pairs", "byB", "k", "n")}
    assert fields(models["Pairs"]) == ["aId: ID!", "bK: ID!", "bN: Int!"]
    assert indexes(models["Pairs"]) == {"byA": ["aId", "bK", "bN"], "byB": ["bK", "bN", "aId"]}
    assert found_by(models["Pairs"]) == {"a": ("A", "", "aId"), "b": ("B", "", "bK", "bN")}
    assert [models[name].relations[0].limit for name in ("A", "B")] == [5, 100]


def test_a_field_of_many_is_paged_filtered_and_sorted_as_a_list() -> None:
    other = 'type B @model { id: ID! x: ID! @index(name: "byX", sortKeyFields: ["n"]) n: Int }'
    text = compile_models(a('bs: [B] @hasMany(indexName: "byX")') + other).schema
    schema = build_schema(text, ports.AuthMode.API_KEY, only_mode=False).executable
    type_ = schema.type_map["A"]
    assert isinstance(type_, GraphQLObjectType)
    field = type_.fields["bs"]
    assert str(field.type) == "ModelBConnection"
    assert {name: str(argument.type) for name, argument in field.args.items()} == {
        "n": "ModelIntKeyConditionInput",
        "filter": "ModelBFilterInput",
        "sortDirection": "ModelSortDirection",
        "limit": "Int",
        "nextToken": "String",
    }


def test_a_related_item_is_never_announced() -> None:
    """Announcing reads no other table."""
    documents = json.loads(compile_models(a("b: B @hasOne, bs: [B] @hasMany") + B).documents)
    fields = documents["models"]["A"]["fields"]
    assert {"b", "bs"} & {*fields} == set()
    assert fields["aBId"] == "ID"


SHAPES = "@hasMany is for a list of a model, @hasOne and @belongsTo for one"
LISTS = "whose fields are {} and {}: each must be a list of the other"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (
            a("b: B @hasOne") + "type B { id: ID }",
            "A.b has @hasOne and is B, which is no model: relate it to a type with @model",
        ),
        (a("b: B @hasMany") + B, f"A.b has @hasMany and is B: {SHAPES}"),
        (a("b: [B] @belongsTo") + B, f"A.b has @belongsTo and is [B]: {SHAPES}"),
        (
            a('b: B @hasOne(fields: ["x"])') + B,
            "A.b goes by x, which A has not: name fields of A that hold the key of B",
        ),
        (
            a('b: B @hasOne(fields: ["x"])', "x: Int") + B,
            "A.b goes by A.x, which is Int, and finds by B.id, which is ID!: they must be of one "
            "type",
        ),
        (
            a('b: B @hasOne(fields: ["x", "id"])', "x: ID") + B,
            "A.b goes by x, id, and B by id: name a field for each of these, in their order",
        ),
        (
            a('b: B @belongsTo(fields: ["x"])', "x: ID") + SORTED,
            "A.b goes by x, and B by k, n: name a field for each of these, in their order",
        ),
        (
            a('b: [B] @hasMany(indexName: "byA", fields: ["id"])') + B,
            'A.b goes by the index byA, which B has not: give a field of it @index(name: "byA")',
        ),
        (
            a('b: [B] @hasMany(references: ["x", "y"])') + B,
            "A.b has the references x, y, and the key of A is id: name a field for each of these, "
            "in their order",
        ),
        (
            a('b: [B] @hasMany(references: ["x"])') + "type B @model { id: ID!, x: Int }",
            "A.b goes by A.id, which is ID!, and finds by B.x, which is Int: they must be of one "
            "type",
        ),
        (
            a('b: [B] @hasMany(references: ["x"], fields: ["id"])') + B,
            "A.b has fields and references: one of them says it all",
        ),
        (a("b: [B] @hasMany @hasOne") + B, "A.b has @hasMany and @hasOne: a field has one"),
        (
            a("b: [B] @hasMany(limit: 0)") + B,
            "A.b has @hasMany(limit:) with a value that it does not take: a number from 1 to 1000",
        ),
        (
            a("b: [B] @manyToMany") + B,
            'A.b has @manyToMany without relationName: @manyToMany(relationName: "PostTags")',
        ),
        (
            a('b: [B] @manyToMany(relationName: "AB")') + B,
            "@manyToMany(relationName: AB) joins two models by a field on each, and stands on 1: "
            "give it to one field of each",
        ),
        (
            a('b: B @manyToMany(relationName: "AB")')
            + 'type B @model { id: ID! a: [A] @manyToMany(relationName: "AB") }',
            f"@manyToMany(relationName: AB) joins A and B, {LISTS.format('B', '[A]')}",
        ),
        (
            a('b: [B] @manyToMany(relationName: "AB")')
            + 'type B @model { id: ID! c: [C] @manyToMany(relationName: "AB") }'
            + B.replace("B", "C"),
            f"@manyToMany(relationName: AB) joins A and B, {LISTS.format('[B]', '[C]')}",
        ),
        (
            a('b: [B] @manyToMany(relationName: "B")')
            + 'type B @model { id: ID! a: [A] @manyToMany(relationName: "B") }',
            "@manyToMany(relationName: B) makes a model B, and the file has a type of that name: "
            "choose another",
        ),
        (
            a('b: [A] @manyToMany(relationName: "AA") c: [A] @manyToMany(relationName: "AA")'),
            "@manyToMany(relationName: AA) joins A with itself, and the two keys of what is "
            "between would have one name: write a model between, with two fields that have an "
            "@index each, and two @hasMany",
        ),
    ],
)
def test_what_no_relation_can_be_is_refused_with_its_line(source: str, problem: str) -> None:
    with pytest.raises(Refused) as raised:
        compile_models(source)
    assert [each.located("m") for each in raised.value.diagnostics] == [f"m:3: {problem}"]


def test_a_relation_to_nowhere_is_refused() -> None:
    with pytest.raises(Refused) as raised:
        compile_models(a("b: Nowhere @hasOne"))
    [problem] = raised.value.diagnostics
    assert problem.located("m").startswith("m:3: A.b is Nowhere, which is neither a type of this ")


def test_a_circle_that_may_be_empty_somewhere_is_none() -> None:
    assert compile_models(a("b: B! @hasOne") + "type B @model { id: ID!, a: A @hasOne }").models

"""What a client can add to without reading it: numbers, and lists with @set."""

from __future__ import annotations

import json
import re

import pytest
from graphql import parse, validate

from antipode_tools.project.config import project_root
from antipode_tools.schema.compiler import Compiled, compile_models
from antipode_tools.schema.diagnostics import Refused
from antipode_tools.schema.environment import entry
from localaws.appsync import ports
from localaws.appsync.schema import build_schema


def compiled(fields: str, model: str = "@model") -> Compiled:
    return compile_models(f"type Card {model} {{ id: ID! {fields} }} enum Mood {{ GLAD SAD }}")


def addable(fields: str, model: str = "@model") -> list[str]:
    """What the argument `add` of updateCard takes; nothing where there is no such argument."""
    schema = compiled(fields, model).schema
    update = re.search(r"^  updateCard\((.*)\)", schema, re.MULTILINE)
    found = re.search(r"^input ModelCardAddInput \{\n(.*?)\}", schema, re.MULTILINE | re.DOTALL)
    has_argument = bool(update and update[1].endswith(", add: ModelCardAddInput"))
    assert has_argument == bool(found)
    return [line.strip() for line in found[1].splitlines()] if found else []


def test_numbers_and_sets_can_be_added_to() -> None:
    fields = """likes: Int! weight: Float tags: [String!] @set moods: [Mood] @set
        title: String until: AWSTimestamp list: [Int] done: Boolean"""

    assert addable(fields) == ["likes: Int", "weight: Float", "tags: [String!]", "moods: [Mood]"]


def test_a_model_without_either_has_no_such_argument() -> None:
    assert addable("title: String") == []


def test_a_model_without_the_mutation_has_no_such_argument() -> None:
    assert addable("likes: Int", "@model(mutations: { update: null })") == []


def test_what_must_be_known_to_be_written_cannot_be_added_to() -> None:
    fields = """board: ID @index(name: "byRow", sortKeyFields: ["row", "place"])
        row: Int place: Float
        room: ID @index(name: "byRoom", sortKeyFields: ["rank"]) rank: Int
        stock: Int @validate(type: gte, value: "0")"""

    assert addable(fields) == ["rank: Int"]
    assert addable('by: ID! @primaryKey(sortKeyFields: ["at"]) at: Int! likes: Int') == [
        "likes: Int"
    ]


def test_resolvers_are_told_of_sets_and_of_what_must_stay_an_int() -> None:
    fields = "likes: Int weight: Float tags: [AWSURL] @set days: [AWSTimestamp] @set"

    [model] = compiled(fields).models

    facts = json.loads(entry(model).partition("=")[2])
    assert facts == {
        "key": ["id"],
        "makesId": True,
        "sets": {"tags": "S", "days": "N"},
        "ints": ["likes"],
    }


def test_a_set_is_a_list_in_the_schema() -> None:
    schema = compiled("tags: [String!] @set").schema

    assert "@set" not in schema
    assert "  tags: [String]\n" in schema  # the type
    assert schema.count("  tags: [String!]\n") == 3  # create, update, add


@pytest.mark.parametrize(
    ("field", "why"),
    [
        *(
            (f"tags: {type_} @set", f"is {type_}: a set is a list of texts or of numbers")
            for type_ in ("String", "[[String]]", "[Boolean]", "[AWSJSON]", "[Part]")
        ),
        (
            "tags: [String]! @set",
            "is [String]!: DynamoDB keeps no empty set, which is read as null; make it [String]",
        ),
    ],
)
def test_what_dynamodb_keeps_in_no_set_is_refused(field: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        compile_models(f"type Part {{ a: Int }}\ntype Card @model {{ id: ID! part: Part {field} }}")

    [diagnostic] = refused.value.diagnostics
    assert diagnostic.located("m") == f"m:2: Card.tags has @set and {why}"


def test_the_guide_s_example_is_one() -> None:
    guide = (project_root() / "docs" / "models.md").read_text()
    section = guide.partition("## Counters and sets\n")[2].partition("\n## ")[0]
    models, mutation = re.findall(r"```graphql\n(.*?)```", section, re.DOTALL)
    schema = build_schema(compile_models(models).schema, ports.AuthMode.API_KEY, only_mode=False)

    assert validate(schema.executable, parse(mutation)) == []

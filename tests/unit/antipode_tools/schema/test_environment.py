"""What the resolvers are told of the models."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.diagnostics import Refused
from antipode_tools.schema.environment import MAX_CHARACTERS, VARIABLES, entry, variables
from antipode_tools.schema.model import Model
from tests.examples import percent
from tests.unit.antipode_tools.schema.any_models import models as any_models

MODES = (AuthMode.AWS_LAMBDA,)


def compiled(source: str) -> tuple[Model, ...]:
    return compile_models(source, modes=[AuthMode.AWS_LAMBDA]).models


def told(source: str) -> dict[str, Any]:
    """Of the first model, what stands behind its names."""
    facts: dict[str, Any] = json.loads(entry(compiled(source)[0], MODES).partition("=")[2])
    return facts


def test_a_model_that_says_nothing_has_its_names_and_its_key() -> None:
    [model] = compiled("type Todo @model { id: ID!, text: String }")
    assert entry(model) == (
        "Todo,getTodo,listTodos,createTodo,updateTodo,deleteTodo,"
        'onCreateTodo,onUpdateTodo,onDeleteTodo={"key":["id"],"makesId":true}'
    )


def test_names_that_are_left_out_or_given_are_those_of_the_entry() -> None:
    source = """type Note @model(
        queries: null
        mutations: { update: "edit", delete: null }
        subscriptions: { onCreate: null }
      ) { id: ID!, by: ID @index(name: "byBy", queryField: "notesOf") }"""
    [model] = compiled(source)
    assert (
        entry(model).partition("=")[0] == "Note,createNote,edit,notesOf,onUpdateNote,onDeleteNote"
    )


def test_all_that_differs_from_a_plain_model_is_told() -> None:
    source = """type Visit @model(timestamps: { createdAt: "madeAt", updatedAt: null })
      @auth(rules: [{ allow: owner, ownerField: "by" }]) {
        room: ID! @primaryKey(sortKeyFields: ["at", "guest"])
        at: AWSDateTime!
        guest: String! @index(name: "byGuest", sortKeyFields: ["at"], queryField: "visitsOf")
        words: String! @validate(type: minLength, value: "3", errorMessage: "say; more")
        stars: Int @default(value: "5")
        hidden: ID @index(name: "byHidden", queryField: null)
      }"""
    assert told(source) == {
        "key": ["room", "at", "guest"],
        "indexes": {
            "visitsOf": ["byGuest", "guest", "at"],
            "-byHidden": ["byHidden", "hidden"],
        },
        "required": ["words"],
        "defaults": {"stars": 5},
        "checks": {"words": [["minLength", "3", "say; more"]]},
        "ints": ["stars"],
        "times": ["madeAt", None],
        "rules": [{"by": "L", "owner": "by"}],
    }


def test_a_relation_is_told_by_the_fields_and_the_index_that_find_it() -> None:
    source = """type Board @model {
        id: ID!
        cards: [Card] @hasMany(indexName: "byBoard", fields: ["id"], limit: 20)
        notes: [Note] @hasMany
        sheet: Sheet @hasOne
      }
      type Card @model {
        id: ID!
        boardId: ID! @index(name: "byBoard", sortKeyFields: ["position"], queryField: null)
        position: Float!
      }
      type Note @model { id: ID!, text: String }
      type Sheet @model { id: ID!, text: String }"""
    assert told(source)["relations"] == {
        "cards": {
            "model": "Card",
            "by": ["id"],
            "limit": 20,
            "index": ["byBoard", "boardId", "position"],
        },
        "notes": {
            "model": "Note",
            "by": ["id"],
            "index": ["gsi-Board.notes", "boardNotesId"],
        },
        "sheet": {"model": "Sheet", "by": ["boardSheetId"]},
    }


def test_a_separator_within_a_text_separates_nothing() -> None:
    source = 'type M @model { id: ID!, a: String @default(value: "x;M2=y") }'
    text = "".join(variables(compiled(source)))
    assert text.count(";") == 0
    assert told(source)["defaults"] == {"a": "x;M2=y"}


@given(any_models())
@settings(max_examples=percent(40))
def test_whatever_the_models_the_variables_joined_are_the_entries(source: str) -> None:
    models = compile_models(source).models
    values = variables(models)
    assert len(values) == VARIABLES
    assert all(len(value) <= MAX_CHARACTERS for value in values)
    entries = "".join(values).split(";")
    assert entries == [entry(model) for model in models]
    for text in entries:
        assert json.loads(text.partition("=")[2])["key"]


def test_more_than_the_variables_hold_is_refused() -> None:
    models = "\n".join(
        f"type M{number} @model {{ id: ID!, {'f' * 200}{number}: String! }}" for number in range(70)
    )
    with pytest.raises(Refused) as raised:
        compile_models(models)
    [diagnostic] = raised.value.diagnostics
    assert diagnostic.message == (
        f"what the resolvers know of the models takes {length(models)} characters, and the API's "
        "environment has 40 variables of 511 for it. M10 takes most, 333: shorten the names of "
        "fields and operations, or deploy some models as a second stack"
    )


def length(models: str) -> int:
    each = (entry(compiled(line)[0]) for line in models.splitlines())
    return len(";".join(each))

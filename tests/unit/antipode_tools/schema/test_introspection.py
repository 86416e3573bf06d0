"""What Amplify's data client is told of the models, and what it cannot do with them.

That its documents are right is tests/clients/test_data_client.py's to show.
"""

from __future__ import annotations

from typing import Any

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.client_rules import check_client
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.introspection import introspection

# Parsed JSON.
Json = Any

MODELS = """
type Task @model(mutations: { delete: null }) {
  project: ID! @primaryKey(sortKeyFields: ["number"])
  number: Int!
  state: State!
    @index(name: "by-state", sortKeyFields: ["project", "number"], queryField: "inState")
  steps: [Step!]
}
type Step { text: String!, at: AWSTime }
enum State { OPEN DONE }
"""


def told(models: str, mode: AuthMode = AuthMode.API_KEY) -> Json:
    compiled = compile_models(models, modes=[mode])
    return introspection(compiled.definitions, compiled.models)


def warned(models: str, mode: AuthMode = AuthMode.API_KEY) -> list[str]:
    compiled = compile_models(models, modes=[mode])
    found = check_client(compiled.definitions, compiled.models)
    assert not any(each.refused for each in found)
    return [f"{each.line}: {each.message}" for each in found]


def field(name: str, type_: Json, **facts: bool) -> Json:
    base = {"name": name, "isArray": False, "type": type_, "isRequired": False, "attributes": []}
    return base | facts


def test_a_model_is_told_with_its_key_its_indexes_and_what_it_has_not() -> None:
    document = told(MODELS)
    task = document["models"]["Task"]
    stamps = {"createdAt": "AWSDateTime", "updatedAt": "AWSDateTime"}
    ours = {"version": "Int", "updatedIn": "String", "_change": {"nonModel": "Change"}}
    assert task["fields"] == {
        "project": field("project", "ID", isRequired=True),
        "number": field("number", "Int", isRequired=True),
        "state": field("state", {"enum": "State"}, isRequired=True),
        "steps": field(
            "steps", {"nonModel": "Step"}, isArray=True, isRequired=True, isArrayNullable=True
        ),
        **{name: field(name, type_, isReadOnly=True) for name, type_ in (stamps | ours).items()},
    }
    assert {name: its for name, its in task.items() if name != "fields"} == {
        "name": "Task",
        "pluralName": "Tasks",
        "syncable": False,
        "attributes": [
            {"type": "model", "properties": {"mutations": {"delete": None}}},
            {"type": "key", "properties": {"fields": ["project", "number"]}},
            {
                "type": "key",
                "properties": {
                    "name": "ByState",
                    "queryField": "inState",
                    "fields": ["state", "project", "number"],
                },
            },
        ],
        "primaryKeyInfo": {
            "isCustomPrimaryKey": True,
            "primaryKeyFieldName": "project",
            "sortKeyFieldNames": ["number"],
        },
    }
    assert document["nonModels"]["Step"] == {
        "name": "Step",
        "fields": {"text": field("text", "String", isRequired=True), "at": field("at", "AWSTime")},
    }
    assert list(document["nonModels"]) == ["Step", "Change"]
    assert document["enums"]["State"] == {"name": "State", "values": ["OPEN", "DONE"]}
    assert warned(MODELS) == []


def test_the_plural_is_the_one_in_the_name_of_the_list() -> None:
    assert (
        told('type Item @model(queries: { list: "listItem" }) { id: ID! }')["models"]["Item"][
            "pluralName"
        ]
        == "Item"
    )
    mouse = told("type Mouse @model(queries: { list: null }) { id: ID! }")["models"]["Mouse"]
    assert mouse["pluralName"] == "Mice"
    assert mouse["attributes"] == [{"type": "model", "properties": {"queries": {"list": None}}}]


RELATED = """
type Blog @model { id: ID!, posts: [Post] @hasMany(references: ["blogId"]) }
type Post @model {
  id: ID!
  blogId: ID
  blog: Blog @belongsTo(references: ["blogId"])
  cover: Cover @hasOne
  sheet: Sheet @hasOne(references: ["postId"])
}
type Cover @model { id: ID! }
type Sheet @model { id: ID!, postId: ID }
"""


def test_what_an_item_holds_the_key_of_is_got_and_the_rest_is_listed() -> None:
    models = told(RELATED)["models"]
    assert {
        name: each["association"]
        for model in ("Blog", "Post")
        for name, each in models[model]["fields"].items()
        if "association" in each
    } == {
        "posts": {"connectionType": "HAS_MANY", "associatedWith": ["blogId"]},
        "blog": {"connectionType": "BELONGS_TO", "targetNames": ["blogId"]},
        # In Amplify's schema it has one; in the client's words it belongs to it.
        "cover": {"connectionType": "BELONGS_TO", "targetNames": ["postCoverId"]},
        "sheet": {"connectionType": "HAS_ONE", "associatedWith": ["postId"], "targetNames": []},
    }
    assert models["Blog"]["fields"]["posts"]["type"] == {"model": "Post"}
    assert models["Post"]["fields"]["blogId"] == field("blogId", "ID")
    assert warned(RELATED) == []


def test_a_relation_that_the_client_would_read_by_other_fields_is_told() -> None:
    models = """
type Match @model { id: ID!, home: Team @hasOne(fields: ["area", "club"]), area: ID!, club: ID! }
type Team @model { region: ID! @primaryKey(sortKeyFields: ["name"]), name: ID! }
type Place @model { id: ID!, code: ID!, all: [Site] @hasMany(indexName: "its", fields: ["code"]) }
type Site @model { id: ID!, place: ID! @index(name: "its") }
"""
    fields = told(models)["models"]
    assert "association" not in fields["Match"]["fields"]["home"]
    assert "association" not in fields["Place"]["fields"]["all"]
    assert warned(models) == [
        "2: Match.home() cannot be read later, as the client would look for it by other fields than"
        " area, club: ask for it at once, in selectionSet",
        "4: Place.all() cannot be read later, as the client would look for it by other fields than"
        " code: ask for it at once, in selectionSet",
    ]


def test_a_relation_to_what_cannot_be_listed_is_told() -> None:
    models = """
type Blog @model { id: ID!, posts: [Post] @hasMany(references: ["blogId"]) }
type Post @model(queries: null) { id: ID!, blogId: ID }
"""
    assert warned(models) == [
        "2: Blog.posts() cannot be read later, as the client has no Post.list: ask for it at once,"
        " in selectionSet"
    ]


def test_what_is_called_otherwise_is_left_out_and_told() -> None:
    models = """
type Note
  @model(
    queries: { get: "note", list: "notes" }
    mutations: { create: "addNote" }
    subscriptions: { onCreate: ["onNote"], onDelete: null }
  ) { id: ID! }
"""
    assert told(models)["models"]["Note"]["attributes"] == [
        {
            "type": "model",
            "properties": {
                "queries": {"get": None, "list": None},
                "mutations": {"create": None},
                "subscriptions": {"onCreate": None, "onDelete": None},
            },
        }
    ]
    hint = "name it so, or call it with client.graphql()"
    assert warned(models) == [
        f"3: Note.create is addNote here, and the client would call createNote: {hint}",
        f"3: Note.get is note here, and the client would call getNote: {hint}",
        f"3: Note.list is notes here, and the client would call listNotes: {hint}",
        f"3: Note.onCreate is onNote here, and the client would call onCreateNote: {hint}",
    ]


def test_an_owner_is_written_and_asked_by_as_other_fields_are() -> None:
    models = """
type Note @model @auth(rules: [{ allow: owner }]) {
  id: ID!
  owner: String @index(name: "mine", queryField: "mine")
}
"""
    note = told(models, AuthMode.AWS_LAMBDA)["models"]["Note"]
    assert note["fields"]["owner"] == field("owner", "String")
    assert note["attributes"][1:] == [
        {"type": "key", "properties": {"name": "mine", "queryField": "mine", "fields": ["owner"]}}
    ]
    assert warned(models, AuthMode.AWS_LAMBDA) == []


def test_what_the_client_cannot_select_is_left_out_and_told() -> None:
    models = """
type Shelf @model { id: ID!, things: [Thing], box: Box, note: String }
union Thing = Book | Lid
type Book { name: String }
type Lid { wide: Float }
type Box { inside: Thing }
type Tree { name: String, children: [Tree] }
"""
    document = told(models)
    assert list(document["models"]["Shelf"]["fields"])[:2] == ["id", "note"]
    assert list(document["nonModels"]) == ["Book", "Lid", "Change"]
    hint = "which the client cannot select: ask for it with client.graphql()"
    assert warned(models) == [
        f"2: Shelf.box is Box, {hint}",
        f"2: Shelf.things is [Thing], {hint}",
        f"6: Box.inside is Thing, {hint}",
        f"7: Tree.children is [Tree], {hint}",
    ]


def test_operations_of_the_users_own_are_told_with_what_they_take() -> None:
    models = """
type Card @model { id: ID!, title: String }
type Page { cards: [Card], total: Int }
union Found = Card | Page
input Place { column: String!, before: [ID!] }
type Query {
  page(text: String!, labels: [String!], places: [Place]!): Page @function(name: "Search")
  anything: Found @function(name: "Search")
}
type Mutation { move(id: ID!, to: Place): Card @function(name: "Move") }
type Subscription { onMoved: Card @aws_subscribe(mutations: ["move"]) }
"""
    document = told(models)
    text = {"name": "text", "isArray": False, "type": "String", "isRequired": True}
    members = {"isArray": True, "isRequired": True, "isArrayNullable": True}
    labels = {"name": "labels", "type": "String", **members}
    places = {
        "name": "places",
        "isArray": True,
        "type": {"input": "Place"},
        "isRequired": False,
        "isArrayNullable": False,
    }
    card = {"isArray": False, "type": {"model": "Card"}, "isRequired": False}
    to = {"name": "to", "isArray": False, "type": {"input": "Place"}, "isRequired": False}
    assert document["queries"] == {
        "page": {
            "name": "page",
            "isArray": False,
            "type": {"nonModel": "Page"},
            "isRequired": False,
            "arguments": {"text": text, "labels": labels, "places": places},
        }
    }
    assert document["mutations"] == {
        "move": {
            "name": "move",
            **card,
            "arguments": {"id": {**text, "name": "id", "type": "ID"}, "to": to},
        }
    }
    assert document["subscriptions"] == {"onMoved": {"name": "onMoved", **card}}
    assert document["inputs"] == {
        "Place": {
            "name": "Place",
            "attributes": {
                "column": {**text, "name": "column"},
                "before": {"name": "before", "type": "ID", **members},
            },
        }
    }
    assert warned(models) == [
        "8: Query.anything is Found, which the client cannot select: ask for it with"
        " client.graphql()"
    ]

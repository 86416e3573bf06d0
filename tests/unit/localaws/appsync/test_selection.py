"""`ctx.info`, and what the data of an error may show."""

from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    build_schema,
    execute_sync,
    parse,
    print_ast,
)

from localaws.appsync.documents import fragments_of
from localaws.appsync.ports import Json
from localaws.appsync.selection import fields_in, filtered, info_of

SCHEMA = build_schema(
    """
    type Query { getPost(id: ID): Post  node: Node  either: Either }
    type Post implements Node {
      id: ID  postId: ID  title: String  content: String
      author(id: ID): Author  secondAuthor(id: ID): Author  comments: [Comment]
    }
    type Author { authorId: ID name: String }
    type Comment { id: ID }
    type Blog implements Node { id: ID category: String }
    interface Node { id: ID }
    union Either = Post | Blog
    """
)


def info(query: str, variables: dict[str, Json] | None = None) -> Json:
    """The info of the first root field."""
    seen: list[Json] = []

    def resolve(_: Json, info: GraphQLResolveInfo[Any], /, **__: Json) -> None:
        seen.append(info_of(info, variables or {}, print_ast))

    execute_sync(SCHEMA, parse(query), field_resolver=resolve, variable_values=variables)
    return seen[0]


def test_the_guides_example() -> None:
    assert info(
        """
        query ($postId: ID, $authorId: ID) {
          getPost(id: $postId) {
            postId
            title
            secondTitle: title
            content
            author(id: $authorId) { authorId name }
            secondAuthor(id: "789") { authorId }
            ... on Post { inlineFragComments: comments { id } }
            ... postFrag
          }
        }
        fragment postFrag on Post { postFragComments: comments { id } }
        """,
        {"postId": "123", "authorId": "456"},
    ) == {
        "fieldName": "getPost",
        "parentTypeName": "Query",
        "variables": {"postId": "123", "authorId": "456"},
        "selectionSetList": [
            "postId",
            "title",
            "secondTitle",
            "content",
            "author",
            "author/authorId",
            "author/name",
            "secondAuthor",
            "secondAuthor/authorId",
            "inlineFragComments",
            "inlineFragComments/id",
            "postFragComments",
            "postFragComments/id",
        ],
        "selectionSetGraphQL": "{\n"
        "  postId\n"
        "  title\n"
        "  secondTitle: title\n"
        "  content\n"
        "  author(id: $authorId) {\n    authorId\n    name\n  }\n"
        '  secondAuthor(id: "789") {\n    authorId\n  }\n'
        "  ... on Post {\n    inlineFragComments: comments {\n      id\n    }\n  }\n"
        "  ...postFrag\n"
        "}",
    }


@pytest.mark.parametrize(
    ("selection", "listed"),
    [
        ("node { id ... on Post { title } ... on Node { same: id } }", ["id", "same"]),
        ("either { __typename ... on Post { title } }", ["__typename"]),
        ("getPost { ... on Node { id } ... { title } }", ["id", "title"]),
        ("getPost { id id comments { id } comments { id } }", ["id", "comments", "comments/id"]),
        ("getPost { id @skip(if: true) title @include(if: $yes) }", ["title"]),
        ("getPost { title @skip(if: $yes) id @include(if: false) postId }", ["postId"]),
    ],
)
def test_the_list_has_what_belongs_to_the_type_and_is_included(
    selection: str, listed: list[str]
) -> None:
    query = f"query ($yes: Boolean = true) {{ {selection} }}"
    assert info(query)["selectionSetList"] == listed


def test_the_data_of_an_error_shows_what_was_asked_for() -> None:
    document = parse(
        "{ getPost { key: id ...F author { name } } } fragment F on Post { comments { id } }"
    )
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    fragments = fragments_of(document)
    nodes: list[FieldNode] = list(fields_in(operation.selection_set, fragments))
    data = {
        "id": "1",
        "title": "hidden",
        "comments": [{"id": "2", "text": "hidden"}],
        "author": None,
    }
    assert filtered(data, nodes, fragments) == {
        "key": "1",
        "comments": [{"id": "2"}],
        "author": None,
    }
    assert filtered("a text", nodes, fragments) == "a text"


def test_a_fragment_is_spread_once_however_often_it_stands() -> None:
    doubling = "".join(f"fragment F{n} on Post {{ ...F{n + 1} ...F{n + 1} }} " for n in range(64))
    query = "{ getPost { ...F0 } } " + doubling + "fragment F64 on Post { id }"
    assert info(query)["selectionSetList"] == ["id"]
    document = parse(query)
    spread = fragments_of(document)["F0"]
    assert [
        node.name.value for node in fields_in(spread.selection_set, fragments_of(document))
    ] == ["id"]

"""Query texts, and what becomes of them."""

import pytest
from graphql import parse

from localaws.appsync.documents import (
    MAX_KEPT_CHARACTERS,
    MAX_TOKENS,
    Documents,
    InvalidDocument,
    RequestRefused,
    depth_of,
    root_keys,
)
from localaws.appsync.ports import AuthMode
from localaws.appsync.schema import build_schema
from tests.unit.localaws.appsync.fakes import SDL

SCHEMA = build_schema(SDL, AuthMode.API_KEY, only_mode=True)


@pytest.fixture
def documents() -> Documents:
    return Documents(SCHEMA, introspection=True, depth_limit=0)


@pytest.mark.parametrize(
    "query", ["", "meow", "{", "{}", "{ items { } }", "{ " * 10_000, "{ items { id } " * MAX_TOKENS]
)
def test_what_does_not_parse_is_a_malformed_request(documents: Documents, query: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        documents.prepare(query)
    assert (refused.value.status, refused.value.error_type, refused.value.message) == (
        400,
        "MalformedHttpRequestException",
        "Unable to parse GraphQL query.",
    )


def test_a_document_is_prepared_once_unless_it_is_long(documents: Documents) -> None:
    short, long = "{ items { id } }", "{ items { id } }" + " " * MAX_KEPT_CHARACTERS
    assert documents.prepare(short) is documents.prepare(short)
    assert documents.prepare(long) is not documents.prepare(long)


def test_an_operation_is_found_by_its_name_or_by_being_the_only_one(documents: Documents) -> None:
    one = documents.prepare("query A { items { id } }")
    assert one.operation(None) is one.operation("A")
    two = documents.prepare("query A { items { id } } query B { items { name } }")
    assert two.operation("B") is two.operations[1]
    with pytest.raises(RequestRefused, match=r"^Missing operation name\.$"):
        two.operation(None)
    with pytest.raises(RequestRefused, match=r"^Unknown operation named 'C'\.$"):
        two.operation("C")


def test_without_introspection_the_schema_has_no_such_field_but_typename() -> None:
    closed = Documents(SCHEMA, introspection=False, depth_limit=0)
    closed.prepare("{ __typename items { __typename } }")
    for query in ("{ __schema { types { name } } }", '{ __type(name: "Item") { name } }'):
        with pytest.raises(InvalidDocument, match="is undefined @ '__"):
            closed.prepare(query)


@pytest.mark.parametrize(
    ("query", "depth"),
    [
        ("{ items { id } }", 2),
        ("{ items { ... on Item { part { size } } } }", 3),
        ("{ items { ...F } } fragment F on Item { parts { size } }", 3),
        ("query A { items { id } } query B { items { parts { size } } }", 3),
        ("{ __typename }", 1),
        ("fragment F on Item { id }", 0),
    ],
)
def test_depth_counts_nested_fields_and_no_fragments(query: str, depth: int) -> None:
    assert depth_of(parse(query)) == depth


def test_root_keys_are_those_of_the_response(documents: Documents) -> None:
    document = documents.prepare(
        "query { a: items { id } ...F ... on Query { c: items { id } } } "
        "fragment F on Query { items { id } a: items { id } }"
    )
    assert root_keys(document, document.operations[0]) == {"a", "items", "c"}

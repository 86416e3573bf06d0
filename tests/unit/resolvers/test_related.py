"""A field that is one item of another model."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .expressions import shown
from .models import ENVIRONMENT

Resolver = Callable[[str, HandlerName, Json], Evaluation]

NOTHING = {"operation": "Scan", "limit": 1, "segment": 0, "totalSegments": 1_000_000}


def of_card(field: str, source: Json, **rest: Json) -> Json:
    return {
        "arguments": {},
        "env": ENVIRONMENT,
        "info": {"fieldName": field, "parentTypeName": "Card"},
        "source": source,
        "stash": {},
        **rest,
    }


@pytest.mark.parametrize(
    ("field", "source", "key"),
    [
        ("board", {"boardId": "b"}, {"id": {"S": "b"}}),
        (
            "message",
            {"room": "r", "sentAt": 7, "sender": "ada"},
            {"room": {"S": "r"}, "sentAt#sender": {"S": "7#ada"}},
        ),
    ],
)
def test_a_whole_key_gets_the_item_consistently(
    resolver: Resolver, field: str, source: Json, key: Json
) -> None:
    evaluation = resolver("related", HandlerName.REQUEST, of_card(field, source))

    assert evaluation == Evaluation({"operation": "GetItem", "key": key, "consistentRead": True})


def test_a_part_of_a_key_gets_the_first_item(resolver: Resolver) -> None:
    given = of_card("latest", {"room": "r", "sentAt": "2026"})

    request = resolver("related", HandlerName.REQUEST, given).result

    assert {**request, "query": shown(request["query"])} == {
        "operation": "Query",
        "query": "room = 'r' AND begins_with(sentAt#sender, '2026#')",
        "limit": 1,
        "consistentRead": True,
    }


def test_an_index_gets_the_first_item(resolver: Resolver) -> None:
    request = resolver("related", HandlerName.REQUEST, of_card("sheet", {"id": "c"})).result

    assert {**request, "query": shown(request["query"])} == {
        "operation": "Query",
        "query": "cardId = 'c'",
        "limit": 1,
        "index": "gsi-Card.sheet",
    }


@pytest.mark.parametrize(
    ("result", "item"),
    [
        (None, None),
        ({"id": "b"}, {"id": "b"}),
        ({"items": [], "nextToken": None}, None),
        ({"items": [{"id": "b"}], "nextToken": "t"}, {"id": "b"}),
    ],
)
def test_the_item_is_returned_or_null(resolver: Resolver, result: Json, item: Json) -> None:
    given = of_card("board", {"boardId": "b"}, result=result)

    assert resolver("related", HandlerName.RESPONSE, given) == Evaluation(result=item)


@pytest.mark.parametrize(
    ("field", "source"),
    [
        ("board", {}),
        ("board", {"boardId": None}),
        ("message", {"room": "r", "sentAt": None, "sender": "ada"}),
    ],
)
def test_without_a_value_it_is_null_whatever_is_read(
    resolver: Resolver, field: str, source: Json
) -> None:
    request = resolver("related", HandlerName.REQUEST, of_card(field, source))
    answered = of_card(field, source, result={"items": [{"id": "other"}], "nextToken": None})

    assert request == Evaluation(result=NOTHING)
    assert resolver("related", HandlerName.RESPONSE, answered) == Evaluation(result=None)


def test_an_error_is_passed_on(resolver: Resolver) -> None:
    failed = {"type": "DynamoDB:DynamoDbException", "message": "no"}
    given = of_card("board", {"boardId": "b"}, error=failed)

    evaluation = resolver("related", HandlerName.RESPONSE, given)

    assert evaluation.error == HandlerError("no", "DynamoDB:DynamoDbException")

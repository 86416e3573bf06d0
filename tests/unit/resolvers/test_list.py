from __future__ import annotations

from collections.abc import Callable

import pytest

from local.appsync.ports import Evaluation, HandlerError, HandlerName, Json

Resolver = Callable[[str, HandlerName, Json], Evaluation]


def scan(**rest: Json) -> Json:
    return {"operation": "Scan", "limit": 100, "consistentRead": True, **rest}


def context(**arguments: Json) -> Json:
    return {"arguments": arguments, "stash": {}}


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"filter": None, "limit": None, "nextToken": None},
        {"filter": {}},
        {"filter": {"item": {}, "or": []}},
    ],
)
def test_without_arguments_a_first_page_is_read(resolver: Resolver, arguments: Json) -> None:
    evaluation = resolver("list", HandlerName.REQUEST, context(**arguments))

    assert evaluation == Evaluation(result=scan())


def test_a_limit_and_a_token_are_passed_on(resolver: Resolver) -> None:
    evaluation = resolver("list", HandlerName.REQUEST, context(limit=5, nextToken="t"))

    assert evaluation.result == scan(limit=5, nextToken="t")


def test_a_limit_is_cut_to_the_largest(resolver: Resolver) -> None:
    assert resolver("list", HandlerName.REQUEST, context(limit=5000)).result == scan(limit=1000)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(resolver: Resolver, limit: int) -> None:
    evaluation = resolver("list", HandlerName.REQUEST, context(limit=limit))

    message = f"limit is {limit}, must be at least 1"
    assert evaluation.error == HandlerError(message, "BadRequest")


@pytest.mark.parametrize(
    ("filter", "expression", "values"),
    [
        ({"item": {"eq": "x"}}, "(#item = :item_eq)", {":item_eq": {"S": "x"}}),
        (
            {"version": {"between": [1, 3]}},
            "(#version BETWEEN :version_between_start AND :version_between_end)",
            {":version_between_start": {"N": 1}, ":version_between_end": {"N": 3}},
        ),
        (
            {"id": {"in": ["a", "b"]}},
            "(#id IN (:id_in_0, :id_in_1))",
            {":id_in_0": {"S": "a"}, ":id_in_1": {"S": "b"}},
        ),
        (
            {"item": {"beginsWith": "x"}, "or": None},
            "(begins_with(#item,:item_beginsWith))",
            {":item_beginsWith": {"S": "x"}},
        ),
        (
            {"or": [{"item": {"contains": "x"}}, {"not": {"item": {"notContains": "y"}}}]},
            "((contains(#item,:or_0_item_contains)) OR"
            " (NOT (NOT contains(#item,:or_1_not_item_notContains))))",
            {":or_0_item_contains": {"S": "x"}, ":or_1_not_item_notContains": {"S": "y"}},
        ),
    ],
)
def test_a_filter_is_rendered(
    resolver: Resolver, filter: Json, expression: str, values: Json
) -> None:
    request = resolver("list", HandlerName.REQUEST, context(filter=filter)).result

    assert request["filter"]["expression"] == expression
    assert request["filter"]["expressionValues"] == values


def test_a_filter_without_values_has_none(resolver: Resolver) -> None:
    filter = {"item": {"attributeExists": False}}

    request = resolver("list", HandlerName.REQUEST, context(filter=filter)).result

    assert request["filter"] == {
        "expression": "(attribute_not_exists(#item))",
        "expressionNames": {"#item": "item"},
    }


def test_a_page_is_returned(resolver: Resolver) -> None:
    page = {"items": [{"id": "a"}], "nextToken": "t", "scannedCount": 7}

    evaluation = resolver("list", HandlerName.RESPONSE, {**context(), "result": page})

    assert evaluation.result == {"items": [{"id": "a"}], "nextToken": "t"}


def test_an_error_is_passed_on(resolver: Resolver) -> None:
    failed = {"type": "DynamoDB:DynamoDbException", "message": "no"}

    evaluation = resolver("list", HandlerName.RESPONSE, {**context(), "error": failed})

    assert evaluation.error == HandlerError("no", "DynamoDB:DynamoDbException")

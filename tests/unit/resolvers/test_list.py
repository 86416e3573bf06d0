from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .keys import INDEXES, KEYS, OWNERS

Resolver = Callable[[str, HandlerName, Json], Evaluation]


def scan(**rest: Json) -> Json:
    return {"operation": "Scan", "limit": 100, "consistentRead": True, **rest}


def query(expression: str, names: Json, values: Json, **rest: Json) -> Json:
    return {
        "operation": "Query",
        "query": {
            "expression": expression,
            "expressionNames": names,
            "expressionValues": values,
        },
        "limit": 100,
        "consistentRead": True,
        "scanIndexForward": True,
        **rest,
    }


OF_CUSTOMER = query(
    "(#customer = :customer_eq)", {"#customer": "customer"}, {":customer_eq": {"S": "c"}}
)


def context(model: str = "ItemsModel", **arguments: Json) -> Json:
    return {
        "arguments": arguments,
        "env": {**KEYS, **OWNERS, **INDEXES},
        "info": {"fieldName": f"list{model}"},
        "stash": {},
    }


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

    message = f"limit is {limit}, and must be at least 1"
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


def test_of_a_partition_the_items_are_queried(resolver: Resolver) -> None:
    evaluation = resolver("list", HandlerName.REQUEST, context("Order", customer="c"))

    assert evaluation == Evaluation(result=OF_CUSTOMER)


def test_a_query_takes_limit_token_filter_and_direction(resolver: Resolver) -> None:
    arguments = {
        "customer": "c",
        "limit": 5000,
        "nextToken": "t",
        "filter": {"note": {"eq": "x"}, "or": None},
        "sortDirection": "DESC",
    }

    evaluation = resolver("list", HandlerName.REQUEST, context("Order", **arguments))

    assert evaluation.result == {
        **OF_CUSTOMER,
        "limit": 1000,
        "nextToken": "t",
        "filter": {
            "expression": "(#note = :note_eq)",
            "expressionNames": {"#note": "note"},
            "expressionValues": {":note_eq": {"S": "x"}},
        },
        "scanIndexForward": False,
    }


@pytest.mark.parametrize("range", [None, {}, {"eq": None, "lt": None}])
def test_a_sort_key_without_a_condition_is_no_condition(resolver: Resolver, range: Json) -> None:
    given = context("Order", customer="c", number=range, sortDirection="ASC")

    assert resolver("list", HandlerName.REQUEST, given) == Evaluation(result=OF_CUSTOMER)


@pytest.mark.parametrize(
    ("range", "expression", "values"),
    [
        ({"eq": 7}, "(#number = :number_eq)", {":number_eq": {"N": 7}}),
        ({"lt": 7, "gt": None}, "(#number < :number_lt)", {":number_lt": {"N": 7}}),
        ({"le": 7}, "(#number <= :number_le)", {":number_le": {"N": 7}}),
        ({"gt": 7}, "(#number > :number_gt)", {":number_gt": {"N": 7}}),
        ({"ge": 7}, "(#number >= :number_ge)", {":number_ge": {"N": 7}}),
        (
            {"between": [1, 3]},
            "(#number BETWEEN :number_between_start AND :number_between_end)",
            {":number_between_start": {"N": 1}, ":number_between_end": {"N": 3}},
        ),
        (
            {"beginsWith": "2026-"},
            "(begins_with(#number,:number_beginsWith))",
            {":number_beginsWith": {"S": "2026-"}},
        ),
    ],
)
def test_a_sort_key_bounds_the_query(
    resolver: Resolver, range: Json, expression: str, values: Json
) -> None:
    given = context("Order", customer="c", number=range)

    request = resolver("list", HandlerName.REQUEST, given).result

    assert request["query"] == {
        "expression": f"(#customer = :customer_eq) AND {expression}",
        "expressionNames": {"#customer": "customer", "#number": "number"},
        "expressionValues": {":customer_eq": {"S": "c"}, **values},
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"customer": "c", "number": {"gt": 1, "lt": 7}},
            "number has gt and lt, and can have only one of them",
        ),
        ({"number": {"eq": 7}}, "number is given without customer, which it needs"),
        (
            {"customer": None, "sortDirection": "ASC"},
            "sortDirection is given without customer, which it needs",
        ),
        (
            {"customer": "c", "filter": {"number": {"gt": 7}}},
            "filter has number, a field of the key: with customer given, use the arguments",
        ),
        (
            {
                "customer": "c",
                "filter": {"or": [{"note": {"eq": "n"}}, {"not": {"customer": {"eq": "d"}}}]},
            },
            "filter has customer, a field of the key: with customer given, use the arguments",
        ),
    ],
)
def test_what_dynamodb_would_refuse_is_refused_in_words(
    resolver: Resolver, arguments: Json, message: str
) -> None:
    evaluation = resolver("list", HandlerName.REQUEST, context("Order", **arguments))

    assert evaluation.error == HandlerError(message, "BadRequest")


def test_without_a_partition_a_key_may_be_in_the_filter(resolver: Resolver) -> None:
    given = context("Order", filter={"customer": {"eq": "c"}})

    request = resolver("list", HandlerName.REQUEST, given).result

    assert request["operation"] == "Scan"
    assert request["filter"]["expressionNames"] == {"#customer": "customer"}


def test_an_index_is_queried_by_its_own_key_and_not_consistently(resolver: Resolver) -> None:
    given = context(
        "OrderByState",
        state="PAID",
        createdAt={"beginsWith": "2026-"},
        sortDirection="DESC",
        filter={"customer": {"eq": "c"}, "number": {"gt": 7}},
    )

    evaluation = resolver("list", HandlerName.REQUEST, given)

    assert evaluation.result == {
        "operation": "Query",
        "index": "byState",
        "query": {
            "expression": "(#state = :state_eq)"
            " AND (begins_with(#createdAt,:createdAt_beginsWith))",
            "expressionNames": {"#state": "state", "#createdAt": "createdAt"},
            "expressionValues": {
                ":state_eq": {"S": "PAID"},
                ":createdAt_beginsWith": {"S": "2026-"},
            },
        },
        # The table's own key is no part of the index's.
        "filter": {
            "expression": "(#customer = :customer_eq) AND (#number > :number_gt)",
            "expressionNames": {"#customer": "customer", "#number": "number"},
            "expressionValues": {":customer_eq": {"S": "c"}, ":number_gt": {"N": 7}},
        },
        "limit": 100,
        "scanIndexForward": False,
    }


def test_an_index_may_have_no_sort_key(resolver: Resolver) -> None:
    request = resolver("list", HandlerName.REQUEST, context("OrderByNote", note="n")).result

    assert request == {
        "operation": "Query",
        "index": "byNote",
        "query": {
            "expression": "(#note = :note_eq)",
            "expressionNames": {"#note": "note"},
            "expressionValues": {":note_eq": {"S": "n"}},
        },
        "limit": 100,
        "scanIndexForward": True,
    }


def test_a_filter_by_the_indexs_key_is_refused_in_words(resolver: Resolver) -> None:
    given = context("OrderByState", state="PAID", filter={"createdAt": {"gt": "2026"}})

    evaluation = resolver("list", HandlerName.REQUEST, given)

    assert evaluation.error == HandlerError(
        "filter has createdAt, a field of the key: with state given, use the arguments",
        "BadRequest",
    )


def test_a_page_is_returned(resolver: Resolver) -> None:
    page = {"items": [{"id": "a"}], "nextToken": "t", "scannedCount": 7}

    evaluation = resolver("list", HandlerName.RESPONSE, {**context(), "result": page})

    assert evaluation.result == {"items": [{"id": "a"}], "nextToken": "t"}


def test_an_error_is_passed_on(resolver: Resolver) -> None:
    failed = {"type": "DynamoDB:DynamoDbException", "message": "no"}

    evaluation = resolver("list", HandlerName.RESPONSE, {**context(), "error": failed})

    assert evaluation.error == HandlerError("no", "DynamoDB:DynamoDbException")

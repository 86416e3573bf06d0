"""Filters and conditions as DynamoDB's expressions: what they find is what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from localaws.appsync.ports import HandlerError, HandlerName, Json
from tests.examples import percent

from .any_filters import FILTERS, ITEMS, attributes, holds
from .expressions import shown
from .models import ENVIRONMENT
from .served import Resolver, Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TOO_LONG = HandlerError(
    "filter has more parts than can be asked for at once: ask for less", "BadRequest"
)
TOO_MUCH = HandlerError(
    "filter has more conditions than DynamoDB takes, which is 300 operators in 4096 characters: "
    "ask for less",
    "BadRequest",
)


def context(filter: Json) -> Json:
    return {
        "arguments": {"filter": filter},
        "env": ENVIRONMENT,
        "info": {"fieldName": "listItemsModel", "parentTypeName": "Query"},
        "stash": {},
    }


def rendered(resolver: Resolver, filter: Json) -> Json:
    evaluation = resolver("list", HandlerName.REQUEST, context(filter))
    assert evaluation.error is None
    return evaluation.result.get("filter")


@pytest.mark.parametrize(
    ("filter", "expression"),
    [
        ({"a": {"eq": "x"}}, "a = 'x'"),
        ({"a": {"ne": 1}}, "a <> 1"),
        ({"a": {"lt": 1, "gt": 0}}, "a < 1 AND a > 0"),
        ({"a": {"le": 1}, "b": {"ge": 0}}, "a <= 1 AND b >= 0"),
        ({"a": {"eq": True}}, "a = True"),
        ({"a": {"eq": None}}, "attribute_not_exists(a)"),
        ({"a": {"ne": None}}, "attribute_exists(a)"),
        ({"a": {"attributeExists": True}}, "attribute_exists(a)"),
        ({"a": {"attributeExists": False}}, "attribute_not_exists(a)"),
        ({"a": {"attributeType": "string"}}, "attribute_type(a, 'S')"),
        ({"a": {"attributeType": "_null"}}, "attribute_type(a, 'NULL')"),
        ({"a": {"contains": "x"}}, "contains(a, 'x')"),
        ({"a": {"notContains": "x"}}, "NOT contains(a, 'x')"),
        ({"a": {"beginsWith": "x"}}, "begins_with(a, 'x')"),
        ({"a": {"between": [1, 3]}}, "(a BETWEEN 1 AND 3)"),
        ({"a": {"size": {"ge": 2, "ne": 5}}}, "size(a) >= 2 AND size(a) <> 5"),
        ({"a": {"size": {"between": [1, 3]}}}, "(size(a) BETWEEN 1 AND 3)"),
        ({"and": [{"a": {"eq": 1}}, {"b": {"eq": 2}}]}, "(a = 1 AND b = 2)"),
        ({"or": [{"a": {"eq": 1}}, {"b": {"eq": 2}}]}, "(a = 1 OR b = 2)"),
        (
            {"or": [{"a": {"eq": 1}, "b": {"eq": 2}}, {"c": {"eq": 3}}]},
            "((a = 1 AND b = 2) OR c = 3)",
        ),
        ({"not": {"a": {"eq": 1}}}, "NOT (a = 1)"),
        ({"not": {"a": {"between": [1, 3]}}}, "NOT (a BETWEEN 1 AND 3)"),
        ({"not": {"or": [{"a": {"eq": 1}}, {"b": {"eq": 2}}]}}, "NOT (a = 1 OR b = 2)"),
        ({"not": {"not": {"a": {"eq": 1}}}}, "NOT (NOT (a = 1))"),
        ({"a": {"eq": 1}, "or": [{"b": {"eq": 2}}]}, "a = 1 AND b = 2"),
        ({"or": [{"and": [{"or": [{"a": {"eq": 1}}]}]}]}, "a = 1"),
    ],
)
def test_a_filter_is_rendered(resolver: Resolver, filter: Json, expression: str) -> None:
    assert shown(rendered(resolver, filter)) == expression


@pytest.mark.parametrize(
    "filter",
    [
        None,
        {},
        {"a": None},
        {"a": {}},
        {"a": {"lt": None, "between": None, "attributeExists": None, "size": None}},
        {"a": {"size": {}}},
        {"a": {"size": {"eq": None}}},
        {"and": []},
        {"or": []},
        {"not": {}},
        {"and": None, "or": None, "not": None},
        {"or": [{}, None, {"a": {}}, {"and": [{"or": []}]}], "not": {"not": {"a": {}}}},
    ],
)
def test_what_asks_for_nothing_is_no_filter(resolver: Resolver, filter: Json) -> None:
    assert rendered(resolver, filter) is None


def test_an_empty_member_of_an_or_asks_for_nothing_rather_than_for_everything(
    resolver: Resolver,
) -> None:
    assert shown(rendered(resolver, {"or": [{}, {"a": {"eq": 1}}]})) == "a = 1"


@pytest.mark.parametrize("between", [[], [1], [1, 2, 3], [1, None]])
def test_a_between_of_other_than_two_values_is_refused(resolver: Resolver, between: Json) -> None:
    evaluation = resolver("list", HandlerName.REQUEST, context({"a": {"between": between}}))

    assert evaluation.error is not None
    assert evaluation.error.type == "BadRequest"
    assert evaluation.error.message.startswith("a is asked for between [")


@pytest.mark.parametrize(
    "filter",
    [
        {"or": [{"a": {"eq": "x"}}] * 5000},
        {"and": [{"or": [{"a": {"eq": 1}}] * 500}] * 10},
        {"or": [{"or": [{"a": {"eq": 1}}] * 30}] * 30},
        {"and": [{"and": [{"and": [{}] * 40}] * 40}] * 40},
    ],
)
def test_no_filter_loses_conditions_that_a_loop_would_stop_before(
    resolver: Resolver, filter: Json
) -> None:
    # AppSync ends a loop after 1,000 items without a word.
    evaluation = resolver("list", HandlerName.REQUEST, context(filter))

    assert (evaluation.error, evaluation.logs) == (TOO_LONG, ())


@pytest.mark.parametrize(
    "filter",
    [
        {"or": [{"a": {"eq": 1}}] * 151},
        {"or": [{"a": {"notContains": "x"}}] * 120},
        {"or": [{"a": {"attributeExists": False}}] * 140},
        {"not": {"or": [{"not": {"a": {"eq": 1}}}] * 101}},
    ],
)
def test_more_conditions_than_dynamodb_takes_are_refused_in_words(
    resolver: Resolver, filter: Json
) -> None:
    assert resolver("list", HandlerName.REQUEST, context(filter)).error == TOO_MUCH


def test_as_many_conditions_as_dynamodb_takes_are_taken(resolver: Resolver) -> None:
    filter = {"or": [{"a": {"eq": n}} for n in range(150)]}

    expression = rendered(resolver, filter)["expression"]

    assert (expression.count(" = "), expression.count(" OR ")) == (150, 149)
    assert len(expression) <= 4096


def test_a_filter_of_too_many_levels_is_refused(resolver: Resolver) -> None:
    filter: Json = {"a": {"eq": 1}}
    for _ in range(19):
        filter = {"and": [filter]}
    assert shown(rendered(resolver, filter)) == "a = 1"

    evaluation = resolver("list", HandlerName.REQUEST, context({"not": filter}))

    assert evaluation.error == HandlerError(
        "filter is nested more than 20 deep: join its parts into fewer", "BadRequest"
    )


# -- Any filter, any items ----------------------------------------------------------------------


@pytest.fixture
def table(dynamodb: DynamoDBClient, resolver: Resolver) -> Iterator[Table]:
    table = Table(dynamodb, resolver, ["id"])
    yield table
    table.drop()


@given(filter=FILTERS, items=ITEMS)
@settings(
    max_examples=percent(50),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_filter_finds_what_it_says(
    dynamodb: DynamoDBClient, table: Table, filter: Json, items: list[dict[str, Json]]
) -> None:
    table.clear()
    for number, item in enumerate(items):
        dynamodb.put_item(TableName="table", Item=attributes({"id": str(number), **item}))

    found = table.serve("list", "listItemsModel", {"filter": filter})["items"]

    wanted = [
        {"id": str(number), **item}
        for number, item in enumerate(items)
        if holds(filter, item) is not False
    ]
    assert sorted(found, key=lambda each: each["id"]) == wanted


@given(filter=FILTERS)
@settings(
    max_examples=percent(100),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_expression_has_what_dynamodb_refuses(resolver: Resolver, filter: Json) -> None:
    expression = rendered(resolver, filter)

    if expression is not None:
        shown(expression)
        assert expression.get("expressionValues") != {}
        assert not list(_doubled(expression["expression"]))


def _doubled(expression: str) -> Iterator[str]:
    """What stands in two pairs of parentheses, which DynamoDB calls redundant."""
    opened: list[int] = []
    closed: dict[int, int] = {}
    for place, character in enumerate(expression):
        if character == "(":
            opened.append(place)
        elif character == ")":
            closed[opened.pop()] = place
    for start, end in closed.items():
        if closed.get(start + 1) == end - 1:
            yield expression[start : end + 1]

"""Filters and conditions as DynamoDB's expressions: what they find is what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localaws.appsync.ports import HandlerError, HandlerName, Json
from tests.examples import percent

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

# Fields that are called as placeholders are, here and in AppSync's own helpers.
TEXTS = ("x", "or_0_x", "faa", "a_eq", "and_0_or_0_x")
NUMBERS = ("n", "or_0_n", "fab", "fab_end", "size")
# moto fails at the size of what is missing, which DynamoDB has none of.
SIZED = "sized"

_texts = st.text("ab", max_size=3)
_prefixes = st.text("ab", min_size=1, max_size=2)
_numbers = st.integers(-2, 3)


def _comparisons(
    values: st.SearchStrategy[Json], **more: st.SearchStrategy[Json]
) -> st.SearchStrategy[Json]:
    operators: dict[str, st.SearchStrategy[Json]] = {
        **dict.fromkeys(("eq", "ne"), st.none() | values),
        **dict.fromkeys(("lt", "le", "gt", "ge"), st.none() | values),
        "between": st.lists(values, min_size=2, max_size=2).map(sorted),
        "attributeExists": st.booleans(),
        "attributeType": st.sampled_from(["string", "number", "list"]),
        **more,
    }
    return st.fixed_dictionaries({}, optional=operators).filter(lambda each: len(each) < 4)


_in_text = {"contains": _prefixes, "notContains": _prefixes, "beginsWith": _prefixes}
_size = st.fixed_dictionaries({}, optional={"eq": _numbers, "ge": _numbers})
_fields = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(TEXTS, _comparisons(_texts, **_in_text)),
        SIZED: _comparisons(_texts, **_in_text, size=_size),
        **dict.fromkeys(NUMBERS, _comparisons(_numbers)),
    },
).filter(lambda each: len(each) < 4)


def _nested(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    groups = {
        "and": st.lists(inner, max_size=3),
        "or": st.lists(inner, max_size=3),
        "not": inner,
    }
    return st.builds(
        lambda fields, group: {**fields, **group},
        _fields,
        st.fixed_dictionaries({}, optional=groups),
    )


FILTERS = st.recursive(_fields, _nested, max_leaves=6)
ITEMS = st.lists(
    st.fixed_dictionaries(
        {SIZED: _texts},
        optional={**dict.fromkeys(TEXTS, _texts), **dict.fromkeys(NUMBERS, _numbers)},
    ),
    min_size=1,
    max_size=3,
)

_KINDS = {"string": str, "number": int, "list": list}


def holds(filter: Json, item: Mapping[str, Json]) -> bool | None:
    """Whether a filter is true of an item; None if it asks for nothing."""
    asked = [each for each in _parts(filter, item) if each is not None]
    return all(asked) if asked else None


def _parts(filter: Json, item: Mapping[str, Json]) -> Iterator[bool | None]:
    for name, value in filter.items():
        if name == "not":
            inner = holds(value, item)
            yield None if inner is None else not inner
        elif name in ("and", "or"):
            members = [each for each in (holds(f, item) for f in value) if each is not None]
            join = all if name == "and" else any
            yield join(members) if members else None
        else:
            for operator, operand in value.items():
                yield _compared(operator, item.get(name), operand)


def _compared(operator: str, value: Json, operand: Json) -> bool | None:
    if operator == "size":
        sizes = [
            _compared(op, None if value is None else len(value), n) for op, n in operand.items()
        ]
        return all(sizes) if sizes else None
    if operand is None:
        return {"eq": value is None, "ne": value is not None}.get(operator)
    match operator:
        case "attributeExists":
            return (value is not None) is operand
        case "ne":
            return bool(value != operand)
        case "notContains":
            return value is None or operand not in value
    if value is None:
        return False
    match operator:
        case "attributeType":
            return isinstance(value, _KINDS[operand])
        case "between":
            return bool(operand[0] <= value <= operand[1])
        case "contains":
            return operand in value
        case "beginsWith":
            return bool(value.startswith(operand))
        case _:
            orders: dict[str, bool] = {
                "eq": value == operand,
                "lt": value < operand,
                "le": value <= operand,
                "gt": value > operand,
                "ge": value >= operand,
            }
            return orders[operator]


@pytest.fixture
def table(dynamodb: DynamoDBClient, resolver: Resolver) -> Iterator[Table]:
    table = Table(dynamodb, resolver, ["id"])
    yield table
    table.drop()


@given(filter=FILTERS, items=ITEMS)
@settings(
    max_examples=percent(100),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_filter_finds_what_it_says(
    dynamodb: DynamoDBClient, table: Table, filter: Json, items: list[dict[str, Json]]
) -> None:
    table.clear()
    for number, item in enumerate(items):
        attributes = {
            name: {"S": value} if isinstance(value, str) else {"N": str(value)}
            for name, value in item.items()
        }
        dynamodb.put_item(TableName="table", Item={"id": {"S": str(number)}, **attributes})

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

"""Argument filters and enhanced filters, against the guide and against a naive reading of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from localaws.appsync.comparisons import Operator
from localaws.appsync.filters import FilterError, argument_filter, enhanced_filter
from tests.examples import percent

# -- Arguments ------------------------------------------------------------------------------


def test_no_argument_hears_everything() -> None:
    everything = argument_filter({})
    for announced in ({"id": "a"}, {}, None, [{"id": "a"}]):
        assert everything.matches(announced)


def test_every_argument_must_equal_the_field_of_its_name() -> None:
    both = argument_filter({"id": "a", "size": 1})
    assert both.matches({"id": "a", "size": 1, "item": "x"})
    assert not both.matches({"id": "a", "size": 2})
    assert not both.matches({"id": "b", "size": 1})


def test_a_null_argument_matches_only_null() -> None:
    null = argument_filter({"id": None})
    assert null.matches({"id": None})
    assert not null.matches({"id": "a"})
    assert not null.matches({"id": ""})
    assert not null.matches({"id": 0})
    assert not null.matches({"id": False})


def test_a_field_that_the_mutation_did_not_select_never_matches() -> None:
    assert not argument_filter({"id": "a"}).matches({"item": "a"})
    assert not argument_filter({"id": None}).matches({"item": "a"})


def test_a_list_of_objects_is_heard_only_by_unfiltered_subscriptions() -> None:
    assert not argument_filter({"id": "a"}).matches([{"id": "a"}])
    assert not argument_filter({"id": None}).matches(None)


@pytest.mark.parametrize(
    ("argument", "field"),
    [
        (1, True),
        (0, False),
        (1, "1"),
        ("A", "a"),
        ([1], [True]),
        ([1, 2], [1]),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1}, {"a": True}),
    ],
)
def test_values_that_only_resemble_each_other_do_not_match(argument: Any, field: Any) -> None:
    assert not argument_filter({"x": argument}).matches({"x": field})
    assert not argument_filter({"x": field}).matches({"x": argument})


@pytest.mark.parametrize("value", [1, 1.5, "a", True, None, [1, "a"], {"a": [None]}])
def test_a_value_matches_itself(value: Any) -> None:
    assert argument_filter({"x": value}).matches({"x": value})


def test_an_integer_equals_the_same_float() -> None:
    assert argument_filter({"x": 1}).matches({"x": 1.0})


@pytest.mark.parametrize(
    ("written", "double"),
    [(57100359099836490, 5.710035909983649e16), (-53046648464537300, -5.30466484645373e16)],
)
def test_a_number_beyond_those_that_a_double_tells_apart_equals_it_as_javascript_writes_it(
    written: int, double: float
) -> None:
    assert written != double  # the double's own digits are others
    for operator, value in (("eq", written), ("in", [written]), ("le", written), ("ge", written)):
        assert enhanced_filter(single("x", operator, value)).matches({"x": double})
    assert not enhanced_filter(single("x", "between", [written, 1e300])).matches({"x": double})


def test_a_number_beyond_all_doubles_is_like_none_of_them() -> None:
    assert not argument_filter({"x": 10**400}).matches({"x": 1e300})
    assert enhanced_filter(single("x", "lt", 10**400)).matches({"x": 1e300})


# -- Enhanced filters: operators ------------------------------------------------------------


def single(field: str, operator: str, value: Any) -> dict[str, Any]:
    """A filter of one condition, as toSubscriptionFilter writes it."""
    condition = {"fieldName": field, "operator": operator, "value": value}
    return {"filterGroup": [{"filters": [condition]}]}


# The guide's own examples first, then what they leave open.
@pytest.mark.parametrize(
    ("operator", "value", "matching", "others"),
    [
        ("eq", "AWS AppSync", ["AWS AppSync"], ["aws appsync", "AWS", None, 1]),
        ("eq", True, [True], [False, 1, "true"]),
        ("ne", "AWS AppSync", ["AWS", ""], ["AWS AppSync", None, 1, True]),
        ("le", 5, [5, 4.9, -1], [6, "4", None, True]),
        ("lt", 5, [4], [5, 6, "4", None, False]),
        ("ge", 5, [5, 6], [4, "6", None]),
        ("gt", 5, [6], [5, 4, "6", None]),
        ("gt", "b", ["c", "ba"], ["b", "B", 3]),
        ("contains", 10, [[10], [9, 10.0], 10], [[9], [], ["10"], "10", 100, None]),
        ("contains", "launch", ["a launch", "launch", ["launch"]], ["Launch", ["a launch"], 1]),
        ("notContains", 10, [[9], [], ["10"], 11], [[10], "10", None]),
        ("notContains", "launch", ["Launch", "", ["a launch"]], ["a launch", ["launch"], 1, None]),
        ("beginsWith", "AWS", ["AWS", "AWS AppSync"], ["aws", " AWS", ["AWS"], None, 1]),
        ("in", [1, 2, 3], [1, 3.0], [4, "1", True, None, [1]]),
        ("in", ["a", 1], ["a", 1], ["b", 2, None]),
        ("notIn", [1, 2, 3], [4, 0.5], [1, 2.0, "4", None, True, [4]]),
        ("between", [1, 5], [2, 3, 4], [1, 5, 0, 6, "3", None, [3], True]),
        ("between", ["a", "c"], ["b", "ab"], ["a", "c", "B", 2]),
        ("containsAny", [10, 15], [[10, 11], [15, 20, 30]], [[11], [], ["10"], 10, None]),
    ],
)
def test_an_operator_matches_as_the_guide_says(
    operator: str, value: Any, matching: list[Any], others: list[Any]
) -> None:
    condition = enhanced_filter(single("field", operator, value))
    assert [field for field in matching if not condition.matches({"field": field})] == []
    assert [field for field in others if condition.matches({"field": field})] == []


@pytest.mark.parametrize("operator", list(Operator))
def test_a_missing_field_matches_no_operator(operator: Operator) -> None:
    value: Any = "a"
    if operator in (Operator.IN, Operator.NOT_IN, Operator.CONTAINS_ANY, Operator.BETWEEN):
        value = ["a", "b"]
    condition = enhanced_filter(single("field", operator, value))
    assert not condition.matches({})
    assert not condition.matches(None)


def test_a_nested_field_is_reached_through_five_names() -> None:
    deep = enhanced_filter(single("a.b.c.d.e", "eq", 1))
    assert deep.matches({"a": {"b": {"c": {"d": {"e": 1}}}}})
    assert not deep.matches({"a": {"b": {"c": {"d": {"e": 2}}}}})
    assert not deep.matches({"a": {"b": {"c": None}}})


def test_a_path_does_not_go_through_lists() -> None:
    assert not enhanced_filter(single("a.b", "eq", 1)).matches({"a": [{"b": 1}]})


# -- Enhanced filters: logic and form -------------------------------------------------------

BOTH_OR_THIRD = {
    "filterGroup": [
        {
            "filters": [
                {"fieldName": "userId", "operator": "eq", "value": 1},
                {"fieldName": "group", "operator": "in", "value": ["Admin", "Developer"]},
            ]
        },
        {"filters": [{"fieldName": "severity", "operator": "ge", "value": 9}]},
    ]
}


@pytest.mark.parametrize("form", [BOTH_OR_THIRD, json.dumps(BOTH_OR_THIRD)])
def test_conditions_join_with_and_and_filters_with_or(form: Any) -> None:
    group = enhanced_filter(form)
    assert group.matches({"userId": 1, "group": "Admin"})
    assert group.matches({"userId": 2, "group": "Guest", "severity": 9})
    assert not group.matches({"userId": 1, "group": "Guest", "severity": 1})
    assert not group.matches({"userId": 2, "group": "Admin"})


def conditions(*fields: str) -> dict[str, Any]:
    return {"filters": [{"fieldName": name, "operator": "eq", "value": 1} for name in fields]}


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ("{", "subscription filter is not valid JSON."),
        ("[" * 100_000, "subscription filter is not valid JSON."),
        (None, "subscription filter needs a non-empty list `filterGroup`."),
        ({"filterGroup": []}, "subscription filter needs a non-empty list `filterGroup`."),
        ({"filterGroup": [{}]}, "subscription filter needs a non-empty list `filters`."),
        (
            {"filterGroup": [{"filters": ["x"]}]},
            "subscription filter needs fieldName, operator and value.",
        ),
        (single("", "eq", 1), "subscription filter has invalid fieldName."),
        (single("a", "EQ", 1), "subscription filter has invalid operator `EQ`."),
        (single("a", "like", 1), "subscription filter has invalid operator `like`."),
        (single("a.b.c.d.e.f", "eq", 1), "subscription filter exceeds maximum nested level 5."),
        (
            {"filterGroup": [conditions("a", "a")]},
            "subscription filter uses same fieldName multiple time.",
        ),
        (
            {"filterGroup": [conditions("a", "b", "c", "d", "e", "f")]},
            "Filters exceed maximum attributes limit 5 for subscription.",
        ),
        (
            {"filterGroup": [conditions("a")] * 11},
            "Filters combination exceed maximum limit 10 for subscription.",
        ),
        (
            single("a", "in", [1, 2, 3, 4, 5, 6]),
            "subscription exceeds maximum value limit 5 for operator `in`.",
        ),
        (
            single("a", "notIn", [1, 2, 3, 4, 5, 6]),
            "subscription exceeds maximum value limit 5 for operator `notIn`.",
        ),
        (
            single("a", "containsAny", list(range(21))),
            "subscription exceeds maximum value limit 20 for operator `containsAny`.",
        ),
        (
            single("a", "eq", "x" * 257),
            "subscription filter exceeds maximum string length 256.",
        ),
        (
            single("a", "in", ["x" * 257]),
            "subscription filter exceeds maximum string length 256.",
        ),
    ],
)
def test_a_filter_outside_the_limits_is_refused(group: Any, message: str) -> None:
    with pytest.raises(FilterError) as refused:
        enhanced_filter(group)
    assert refused.value.message == message


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("eq", None),
        ("eq", [1]),
        ("ne", {"a": 1}),
        ("le", True),
        ("gt", None),
        ("contains", True),
        ("notContains", [1]),
        ("beginsWith", 1),
        ("in", []),
        ("in", "abc"),
        ("in", [True]),
        ("notIn", [None]),
        ("between", [1]),
        ("between", [1, 2, 3]),
        ("between", [1, "2"]),
        ("containsAny", []),
        ("containsAny", None),
    ],
)
def test_a_value_that_the_operator_does_not_take_is_refused(operator: str, value: Any) -> None:
    with pytest.raises(FilterError) as refused:
        enhanced_filter(single("a", operator, value))
    assert refused.value.message == (
        f"subscription filter has invalid filter value for operator `{operator}`."
    )


def test_the_limits_themselves_are_allowed() -> None:
    enhanced_filter({"filterGroup": [conditions("a", "b", "c", "d", "e")] * 10})
    enhanced_filter(single("a", "containsAny", list(range(20))))
    enhanced_filter(single("a", "eq", "x" * 256))


def test_in_counts_as_so_many_alternatives() -> None:
    def with_values(*counts: int) -> dict[str, Any]:
        filters = [
            {"fieldName": f"f{n}", "operator": "in", "value": list(range(count))}
            for n, count in enumerate(counts)
        ]
        return {"filterGroup": [{"filters": filters}]}

    enhanced_filter(with_values(5, 2))
    with pytest.raises(FilterError, match="exceed maximum limit 10"):
        enhanced_filter(with_values(3, 4))


# -- A naive reading ------------------------------------------------------------------------

scalars = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.sampled_from([0.5, 1.0]))
texts = st.sampled_from(["", "a", "ab", "A", "b"])
numbers = st.one_of(st.integers(-2, 2), st.sampled_from([0.5, 1.0]))
ordered = st.one_of(numbers, texts)
fields = st.one_of(scalars, texts, st.lists(ordered, max_size=3))
values: dict[str, st.SearchStrategy[Any]] = {
    "eq": st.one_of(st.booleans(), ordered),
    "ne": st.one_of(st.booleans(), ordered),
    "le": ordered,
    "lt": ordered,
    "ge": ordered,
    "gt": ordered,
    "contains": ordered,
    "notContains": ordered,
    "beginsWith": texts,
    "in": st.lists(ordered, min_size=1, max_size=3),
    "notIn": st.lists(ordered, min_size=1, max_size=5),
    "between": st.one_of(st.tuples(numbers, numbers), st.tuples(texts, texts)).map(list),
    "containsAny": st.lists(ordered, min_size=1, max_size=5),
}


@st.composite
def one_condition(draw: st.DrawFn) -> dict[str, Any]:
    operator = draw(st.sampled_from(sorted(values)))
    return {"operator": operator, "value": draw(values[operator])}


def typed(value: Any) -> tuple[str, Any]:
    """A value that Python compares as JSON would: by its type's name, then itself."""
    names = {bool: "boolean", int: "number", float: "number", str: "string", list: "list"}
    return names.get(type(value), "null"), value


def same(one: Any, other: Any) -> bool:
    return typed(one) == typed(other)


def naive(operator: str, field: Any, value: Any) -> bool:
    one_type = typed(field)[0] == typed(value)[0]
    holds: dict[str, Callable[[], bool]] = {
        "eq": lambda: same(field, value),
        "ne": lambda: one_type and field != value,
        "le": lambda: one_type and field <= value,
        "lt": lambda: one_type and field < value,
        "ge": lambda: one_type and field >= value,
        "gt": lambda: one_type and field > value,
        "contains": lambda: (
            any(same(each, value) for each in field)
            if isinstance(field, list)
            else one_type and (value in field if isinstance(field, str) else field == value)
        ),
        "notContains": lambda: (
            (isinstance(field, list) or one_type) and not naive("contains", field, value)
        ),
        "beginsWith": lambda: one_type and field[: len(value)] == value,
        "in": lambda: any(same(field, each) for each in value),
        "notIn": lambda: (
            typed(field)[0] in {typed(each)[0] for each in value}
            and not any(same(field, each) for each in value)
        ),
        "between": lambda: naive("gt", field, value[0]) and naive("lt", field, value[1]),
        "containsAny": lambda: (
            isinstance(field, list) and any(same(a, b) for a in field for b in value)
        ),
    }
    return holds[operator]()


@settings(max_examples=percent(400))
@given(condition=one_condition(), field=fields)
def test_an_operator_agrees_with_a_naive_reading(condition: dict[str, Any], field: Any) -> None:
    chosen = enhanced_filter(single("f", condition["operator"], condition["value"]))
    expected = naive(condition["operator"], field, condition["value"])
    assert chosen.matches({"f": field}) is expected


@given(
    group=st.lists(
        st.dictionaries(st.sampled_from(["f", "g", "n.f"]), one_condition(), min_size=1),
        min_size=1,
        max_size=3,
    ),
    announced=st.dictionaries(st.sampled_from(["f", "g"]), fields),
    nested=st.one_of(st.none(), st.dictionaries(st.just("f"), fields)),
)
def test_a_filter_group_agrees_with_a_naive_reading(
    group: list[dict[str, dict[str, Any]]], announced: dict[str, Any], nested: Any
) -> None:
    form = {
        "filterGroup": [
            {"filters": [{"fieldName": name, **condition} for name, condition in each.items()]}
            for each in group
        ]
    }
    try:
        chosen = enhanced_filter(form)
    except FilterError:
        reject()  # too many combinations
    flat = {**announced, **{f"n.{name}": value for name, value in (nested or {}).items()}}
    expected = any(
        all(
            name in flat and naive(condition["operator"], flat[name], condition["value"])
            for name, condition in each.items()
        )
        for each in group
    )
    assert chosen.matches({**announced, "n": nested}) is expected


@given(
    group=st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(["filterGroup", "filters", "fieldName", "operator", "value"]),
                inner,
            ),
        ),
    )
)
def test_any_json_is_a_filter_or_a_filter_error(group: Any) -> None:
    with suppress(FilterError):
        enhanced_filter(group).matches({"f": 1})

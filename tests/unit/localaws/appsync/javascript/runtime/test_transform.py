"""Filters, as EvaluateCode has been seen to render them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync.javascript.evaluator import CodeRunner
from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

Run = Callable[..., Evaluation]
Value = Callable[..., Json]


def rendered(expression: str, names: str, **values: Json) -> Json:
    return {
        "expression": expression,
        "expressionNames": {f"#{name}": name for name in names.split()},
        "expressionValues": {f":{name}": value for name, value in values.items()},
    }


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({"v": {"eq": "x"}}, rendered("(#v = :v_eq)", "v", v_eq={"S": "x"})),
        ({"v": {"ne": "x"}}, rendered("(#v <> :v_ne)", "v", v_ne={"S": "x"})),
        ({"v": {"lt": 1}}, rendered("(#v < :v_lt)", "v", v_lt={"N": 1})),
        ({"v": {"le": 1.5}}, rendered("(#v <= :v_le)", "v", v_le={"N": 1.5})),
        ({"v": {"gt": True}}, rendered("(#v > :v_gt)", "v", v_gt={"BOOL": True})),
        ({"v": {"ge": None}}, rendered("(#v >= :v_ge)", "v", v_ge={"NULL": None})),
        (
            {"v": {"eq": {"a": [1]}}},
            rendered("(#v = :v_eq)", "v", v_eq={"M": {"a": {"L": [{"N": 1}]}}}),
        ),
        (
            {"v": {"contains": "x"}},
            rendered("(contains(#v,:v_contains))", "v", v_contains={"S": "x"}),
        ),
        (
            {"v": {"notContains": "x"}},
            rendered("(NOT contains(#v,:v_notContains))", "v", v_notContains={"S": "x"}),
        ),
        (
            {"v": {"beginsWith": "x"}},
            rendered("(begins_with(#v,:v_beginsWith))", "v", v_beginsWith={"S": "x"}),
        ),
        (
            {"v": {"between": [1, 9, 3]}},
            rendered(
                "(#v BETWEEN :v_between_start AND :v_between_end)",
                "v",
                v_between_start={"N": 1},
                v_between_end={"N": 9},
            ),
        ),
        (
            {"v": {"in": ["a", "b"]}},
            rendered("(#v IN (:v_in_0, :v_in_1))", "v", v_in_0={"S": "a"}, v_in_1={"S": "b"}),
        ),
        ({"v": {"attributeExists": True}}, rendered("(attribute_exists(#v))", "v")),
        ({"v": {"attributeExists": False}}, rendered("(attribute_not_exists(#v))", "v")),
        (
            {"v": {"attributeType": "_null"}},
            rendered("(attribute_type(#v,:v_attributeType))", "v", v_attributeType={"S": "NULL"}),
        ),
        ({"v": {"size": {"gt": 2}}}, rendered("(size(#v) > :v_size_gt)", "v", v_size_gt={"N": 2})),
        (
            {"v": {"size": {"size": {"gt": 1}}}},
            rendered("(size(#v) > :v_size_size_gt)", "v", v_size_size_gt={"N": 1}),
        ),
        (
            {"v": {"size": {"gt": 2, "lt": 5}}},
            rendered(
                "((size(#v) > :v_size_gt) AND (size(#v) < :v_size_lt))",
                "v",
                v_size_gt={"N": 2},
                v_size_lt={"N": 5},
            ),
        ),
        (
            {"a": {"eq": 1}, "b": {"eq": 2}},
            rendered("(#a = :a_eq) AND (#b = :b_eq)", "a b", a_eq={"N": 1}, b_eq={"N": 2}),
        ),
        (
            {"v": {"ge": 1, "le": 5}},
            rendered("((#v >= :v_ge) AND (#v <= :v_le))", "v", v_ge={"N": 1}, v_le={"N": 5}),
        ),
        ({"and": [{"a": {"eq": 1}}]}, rendered("(#a = :and_0_a_eq)", "a", and_0_a_eq={"N": 1})),
        (
            {"or": [{"a": {"eq": 1}}, {"b": {"eq": 2}}]},
            rendered(
                "((#a = :or_0_a_eq) OR (#b = :or_1_b_eq))",
                "a b",
                or_0_a_eq={"N": 1},
                or_1_b_eq={"N": 2},
            ),
        ),
        (
            {"not": {"not": {"a": {"eq": 1}}}},
            rendered("(NOT (NOT (#a = :not_not_a_eq)))", "a", not_not_a_eq={"N": 1}),
        ),
        (
            {"and": [{"or": [{"a": {"eq": 1}}, {"b": {"eq": 2}}]}, {"not": {"c": {"eq": 3}}}]},
            rendered(
                "(((#a = :and_0_or_0_a_eq) OR (#b = :and_0_or_1_b_eq)) AND"
                " (NOT (#c = :and_1_not_c_eq)))",
                "a b c",
                and_0_or_0_a_eq={"N": 1},
                and_0_or_1_b_eq={"N": 2},
                and_1_not_c_eq={"N": 3},
            ),
        ),
        (
            {"a.b": {"eq": 1}},
            {
                "expression": "(#a.b = :a.b_eq)",
                "expressionNames": {"#a.b": "a.b"},
                "expressionValues": {":a.b_eq": {"N": 1}},
            },
        ),
        ({}, rendered("", "")),
        ({"and": []}, rendered("", "")),
        ({"v": {}}, rendered("", "v")),
        ({"not": {}}, rendered("(NOT )", "")),
        ({"v": {"in": []}}, rendered("(null)", "v")),
        ({"a": {"eq": 1}, "b": {}}, rendered("(#a = :a_eq) AND ", "a b", a_eq={"N": 1})),
    ],
)
def test_a_filter_is_rendered_as_a_json_text(value: Value, filter: Json, expected: Json) -> None:
    texts = value(
        "[util.transform.toDynamoDBFilterExpression(ctx.args.filter),"
        " util.transform.toDynamoDBConditionExpression(ctx.args.filter)]",
        arguments={"filter": filter},
    )

    assert [json.loads(text) for text in texts] == [expected, expected]


@pytest.mark.parametrize(
    "filter",
    [
        None,
        [],
        "string",
        {"v": {"foo": 1}},
        {"v": "x"},
        {"a": {"b": {"eq": 1}}},
        {"and": {"a": {"eq": 1}}},
        {"and": None},
        {"and": [{"a": {"eq": 1}}, None]},
        {"not": [{"a": {"eq": 1}}]},
        {"v": {"between": [1]}},
        {"v": {"between": "x"}},
        {"v": {"in": "x"}},
        {"v": {"attributeExists": "yes"}},
        {"v": {"attributeType": "S"}},
        {"v": {"size": 3}},
    ],
)
def test_a_filter_that_cannot_be_rendered_is_null(value: Value, filter: Json) -> None:
    expression = "util.transform.toDynamoDBFilterExpression(ctx.args.filter)"

    assert value(expression, arguments={"filter": filter}) is None


def test_the_guides_search_is_rendered(value: Value) -> None:
    search = {
        "upvotes": {"ne": 15, "range": [10, 20]},
        "title": {"eq": "hihihi", "wildcard": "h*i"},
    }

    text = value("util.transform.toElasticsearchQueryDSL(ctx.args.s)", arguments={"s": search})

    upvotes = [
        {"bool": {"must_not": {"term": {"upvotes": 15}}}},
        {"range": {"upvotes": {"gte": 10, "lte": 20}}},
    ]
    title = [{"term": {"title": "hihihi"}}, {"wildcard": {"title": "h*i"}}]
    assert json.loads(text) == {
        "bool": {"must": [{"bool": {"must": upvotes}}, {"bool": {"must": title}}]}
    }


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ({"a": {"gt": 1}}, {"range": {"a": {"gt": 1}}}),
        ({"a": {"lte": 1}}, {"range": {"a": {"lte": 1}}}),
        ({"a": {"match": "x"}}, {"match": {"a": "x"}}),
        ({"a": {"matchPhrasePrefix": "x"}}, {"match_phrase_prefix": {"a": "x"}}),
        ({"a": {"multiMatch": "x"}}, {"multi_match": {"query": "x", "fields": ["a"]}}),
        ({"a": {"exists": True}}, {"exists": {"field": "a"}}),
        ({"a": {"exists": False}}, {"bool": {"must_not": {"exists": {"field": "a"}}}}),
        ({"or": [{"a": {"eq": 1}}]}, {"bool": {"should": [{"term": {"a": 1}}]}}),
        ({"and": [{"a": {"eq": 1}}]}, {"bool": {"must": [{"term": {"a": 1}}]}}),
        ({"not": {"a": {"eq": 1}}}, {"bool": {"must_not": {"term": {"a": 1}}}}),
    ],
)
def test_a_search_is_rendered(value: Value, search: Json, expected: Json) -> None:
    text = value("util.transform.toElasticsearchQueryDSL(ctx.args.s)", arguments={"s": search})

    assert json.loads(text) == expected


def test_a_search_with_an_unknown_operator_is_refused(run: Run) -> None:
    evaluation = run("return util.transform.toElasticsearchQueryDSL({a: {near: 1}})")

    message = "toElasticsearchQueryDSL knows no operator 'near'"
    assert evaluation.error == HandlerError(message, "Code")


def group(*filters: tuple[str, str, Json]) -> Json:
    return {
        "filters": [
            {"fieldName": name, "operator": operator, "value": value}
            for name, operator, value in filters
        ]
    }


GUIDE = {
    "percentageUp": {"lte": 50, "gte": 20},
    "and": [{"title": {"ne": "Book1"}}, {"downvotes": {"gt": 2000}}],
    "or": [{"author": {"eq": "Admin"}}, {"isPublished": {"eq": False}}],
}
BOTH = (("title", "ne", "Book1"), ("downvotes", "gt", 2000))
ADMIN, UNPUBLISHED = ("author", "eq", "Admin"), ("isPublished", "eq", False)
BELOW, ABOVE = ("percentageUp", "lte", 50), ("percentageUp", "gte", 20)


@pytest.mark.parametrize(
    ("arguments", "groups"),
    [
        ([{"a": {"eq": 1}}], [group(("a", "eq", 1))]),
        ([{"a.b": {"between": [1, 9]}}], [group(("a.b", "between", [1, 9]))]),
        ([{"a": {"eq": 1, "ne": 2}}], [group(("a", "eq", 1)), group(("a", "ne", 2))]),
        ([{"a": {"bogus": 1}}], [group(("a", "bogus", 1))]),
        ([{"not": {"a": {"eq": 1}}}], [group(("not", "a", {"eq": 1}))]),
        (
            [{"and": [{"a": {"eq": 1}}, {"or": [{"b": {"eq": 2}}, {"c": {"eq": 3}}]}]}],
            [group(("a", "eq", 1), ("b", "eq", 2)), group(("a", "eq", 1), ("c", "eq", 3))],
        ),
        (
            [GUIDE],
            [
                group(BELOW, *BOTH, ADMIN),
                group(BELOW, *BOTH, UNPUBLISHED),
                group(ABOVE, *BOTH, ADMIN),
                group(ABOVE, *BOTH, UNPUBLISHED),
            ],
        ),
        ([GUIDE, ["percentageUp", "author"]], [group(*BOTH, UNPUBLISHED)]),
        (
            [
                GUIDE,
                ["percentageUp", "author"],
                {"upvotes": {"gte": 250}, "author": {"eq": "Person1"}},
            ],
            [
                group(*BOTH, UNPUBLISHED, ("upvotes", "gte", 250)),
                group(*BOTH, UNPUBLISHED, ("author", "eq", "Person1")),
            ],
        ),
        ([{}, [], {"r": {"eq": 1}}], [group(("r", "eq", 1))]),
        ([{"a": {"eq": 1}, "and": [{"b": {"eq": 2}}]}, ["b"]], [group(("a", "eq", 1))]),
        ([{}], []),
        ([{"a": {}}], []),
        ([{"and": []}], []),
    ],
)
def test_a_subscription_filter_is_multiplied_out(
    value: Value, arguments: Json, groups: Json
) -> None:
    filter = value("util.transform.toSubscriptionFilter(...ctx.args.a)", arguments={"a": arguments})

    assert filter == {"filterGroup": groups}


@pytest.mark.parametrize("filter", [None, [], '{"a":{"eq":1}}'])
def test_what_is_no_subscription_filter_is_null(value: Value, filter: Json) -> None:
    expression = "util.transform.toSubscriptionFilter(ctx.args.filter)"

    assert value(expression, arguments={"filter": filter}) is None


def test_two_renderings_in_one_filter_share_no_placeholder(value: Value) -> None:
    filter = {"or_0_x": {"eq": 1}, "or": [{"x": {"eq": 2}}, {"x": {"eq": 3}}]}
    text = value("util.transform.toDynamoDBFilterExpression(ctx.args)", arguments=filter)
    assert json.loads(text) == {
        "expression": "(#or_0_x = :or_0_x_eq) AND ((#x = :or_0_x_eq_2) OR (#x = :or_1_x_eq))",
        "expressionNames": {"#or_0_x": "or_0_x", "#x": "x"},
        "expressionValues": {
            ":or_0_x_eq": {"N": 1},
            ":or_0_x_eq_2": {"N": 2},
            ":or_1_x_eq": {"N": 3},
        },
    }


PARTS = st.lists(st.sampled_from(["x", "or", "0", "1", "eq", "2"]), min_size=1, max_size=3)
FIELDS = PARTS.map("_".join).filter(lambda name: name != "or")
LEAVES = st.dictionaries(FIELDS, st.just({"eq": 1, "ne": 2}), min_size=1, max_size=3)
FILTERS = st.builds(
    lambda leaf, alternatives: {**leaf, "or": alternatives},
    LEAVES,
    st.lists(LEAVES, min_size=1, max_size=3),
)


@given(filter=FILTERS)
def test_every_operand_has_a_placeholder_of_its_own(runner: CodeRunner, filter: Json) -> None:
    code = (
        "export function request(ctx) {"
        " return util.transform.toDynamoDBFilterExpression(ctx.args); }"
    )
    evaluation = runner.run(code, HandlerName.REQUEST, {"arguments": filter})
    rendered = json.loads(evaluation.result)
    operands = 2 * (len(filter) - 1 + sum(map(len, filter["or"])))
    placeholders = re.findall(r":[\w]+", rendered["expression"])
    assert sorted(placeholders) == sorted(rendered["expressionValues"])
    assert len(placeholders) == operands

"""Expressions that DynamoDB refuses, or reads otherwise than an engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync.dynamodb_expressions import ExpressionRefused, added_to, checked
from localaws.appsync.ports import Json

NAMES = {"#a": "a", "#b": "b", "#dotted": "a.b"}


def update(text: str, **values: Json) -> Json:
    return {
        "UpdateExpression": text,
        "ExpressionAttributeNames": NAMES,
        "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()},
    }


@pytest.mark.parametrize(
    ("text", "one", "two"),
    [
        ("SET a = :v, #a = :v", "[a]", "[a]"),
        ("SET #a.#b = :v REMOVE #a", "[a, b]", "[a]"),
        ("REMOVE a[0], a[0].b", "[a, [0]]", "[a, [0], b]"),
        ("ADD #a :v SET b = :v DELETE a :v", "[a]", "[a]"),
    ],
)
def test_paths_that_overlap_are_refused(text: str, one: str, two: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        checked(update(text, v={"N": "1"}))
    assert str(refused.value) == (
        "Invalid UpdateExpression: Two document paths overlap with each other; "
        f"must remove or rewrite one of these paths; path one: {one}, path two: {two}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "SET a.b = :v, a.c = :v REMOVE a[1], b",
        "SET #dotted = :v, #b = if_not_exists(#b, :v) + :v",
        "SET #a = list_append(#a, :v), #b = #a",
    ],
)
def test_other_updates_go_to_the_engine_as_they_are(text: str) -> None:
    arguments = update(text, v={"N": "1"})
    assert checked(arguments) == arguments


@pytest.mark.parametrize(("kind", "value"), [("L", []), ("S", "1"), ("NS", ["1"])])
def test_arithmetic_on_what_is_no_number_is_refused(kind: str, value: Json) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        checked(update("SET b = #a + :v", v={kind: value}))
    assert str(refused.value) == (
        "Invalid UpdateExpression: Incorrect operand type for operator or function; "
        f"operator or function: +, operand type: {kind}"
    )


def test_the_attributes_that_an_update_counts_with_are_found() -> None:
    text = "SET #a = #a.#b - :v, b = c[1] + d, e = :v + :v, f = if_not_exists(f, :v) + :v"
    assert added_to(update(text)) == [("a", "b"), ("c", 1), ("d",)]


def test_a_key_in_a_querys_filter_is_refused_and_no_other_name() -> None:
    arguments = {
        "FilterExpression": "x.id = :id AND begins_with(#a, :id)",
        "ExpressionAttributeNames": NAMES,
        "ExpressionAttributeValues": {":id": {"N": "1"}},
    }
    assert checked(arguments, {"id", "size"}) == arguments
    with pytest.raises(ExpressionRefused) as refused:
        checked(arguments, {"a"})
    assert str(refused.value) == (
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: a"
    )


def test_begins_with_is_said_as_a_range_which_a_number_is_never_in() -> None:
    arguments = {
        "FilterExpression": "NOT begins_with ( #a , :v ) OR a = :v",
        "ExpressionAttributeValues": {":v": {"S": "ab"}},
    }
    assert checked(arguments) == {
        "FilterExpression": "NOT (#a >= :v AND #a < :v__end) OR a = :v",
        "ExpressionAttributeValues": {":v": {"S": "ab"}, ":v__end": {"S": "ac"}},
    }


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("(begins_with(a,:v))", "(a >= :v AND a < :v__end)"),
        ("((begins_with(a,:v)) OR b)", "((a >= :v AND a < :v__end) OR b)"),
        ("(begins_with(a,:v) OR b)", "((a >= :v AND a < :v__end) OR b)"),
        ("(NOT begins_with(a,:v))", "(NOT (a >= :v AND a < :v__end))"),
    ],
)
def test_a_range_is_in_no_parentheses_that_dynamodb_finds_redundant(
    text: str, rewritten: str
) -> None:
    arguments = {
        "FilterExpression": text,
        "ExpressionAttributeValues": {":v": {"S": "ab"}},
    }
    assert checked(arguments)["FilterExpression"] == rewritten


WORDS = st.text(st.sampled_from("ab\ud7ff\ue000\U0010fffe\U0010ffff"), max_size=4)


@given(WORDS, WORDS)
def test_the_range_holds_the_texts_that_begin_so_and_no_others(prefix: str, text: str) -> None:
    arguments = {
        "FilterExpression": "begins_with(a, :v)",
        "ExpressionAttributeValues": {":v": {"S": prefix}},
    }
    values = checked(arguments)["ExpressionAttributeValues"]
    if ":v__end" in values:
        assert (prefix <= text < values[":v__end"]["S"]) == text.startswith(prefix)

"""Expressions that DynamoDB refuses, or reads otherwise than an engine."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync.dynamodb_expressions import ExpressionRefused, checked
from localaws.appsync.dynamodb_operands import counted_with
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


def test_what_an_update_counts_with_is_found() -> None:
    text = (
        "SET #a = #a.#b - :v, b = (c[1] + d), e = (:v) + (:v), "
        "f = (if_not_exists(f, :v)) + :v, g = list_append(g, :v)"
    )
    one = {"N": "1"}
    assert counted_with(update(text, v=one)) == [
        [("a", "b")],
        [one],
        [("c", 1)],
        [("d",)],
        [one],
        [one],
        [("f",), one],
        [one],
    ]


def test_a_key_in_a_querys_filter_is_refused_and_no_other_name() -> None:
    arguments = {
        "FilterExpression": "x.id = :id AND contains(#a, :id)",
        "ExpressionAttributeNames": NAMES,
        "ExpressionAttributeValues": {":id": {"N": "1"}},
    }
    assert checked(arguments, {"id", "size"}) == arguments
    with pytest.raises(ExpressionRefused) as refused:
        checked(arguments, {"a"})
    assert str(refused.value) == (
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: a"
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("NOT begins_with ( #a , :v ) OR a = :v", "NOT (#a >= :v AND #a < :v__end) OR a = :v"),
        ("(begins_with(a.b[0], :v))", "(a.b[0] >= :v AND a.b[0] < :v__end)"),
        ("c = :v AND begins_with(a, :v)", "c = :v AND a >= :v AND a < :v__end"),
        ("((begins_with(a,:v)) OR b)", "((a >= :v AND a < :v__end) OR b)"),
        ("(begins_with(a,:v) OR b)", "(a >= :v AND a < :v__end OR b)"),
        ("(NOT begins_with(a,:v))", "(NOT (a >= :v AND a < :v__end))"),
    ],
)
def test_begins_with_is_written_as_a_range_without_needless_parentheses(
    written: str, expected: str
) -> None:
    arguments = {
        "FilterExpression": written,
        "ExpressionAttributeValues": {":v": {"S": "ab"}},
    }
    assert checked(arguments) == {
        "FilterExpression": expected,
        "ExpressionAttributeValues": {":v": {"S": "ab"}, ":v__end": {"S": "ac"}},
    }


def test_the_ranges_end_takes_no_value_of_the_resolvers() -> None:
    values = {":v": {"S": "ab"}, ":v__end": {"N": "1"}}
    text = "begins_with(a, :v) AND b = :v__end"
    assert checked({"FilterExpression": text, "ExpressionAttributeValues": values}) == {
        "FilterExpression": "a >= :v AND a < :v__end_ AND b = :v__end",
        "ExpressionAttributeValues": {**values, ":v__end_": {"S": "ac"}},
    }


@pytest.mark.parametrize("member", ["FilterExpression", "ConditionExpression"])
def test_a_prefix_that_is_neither_text_nor_binary_is_refused(member: str) -> None:
    values = {":v": {"N": "5"}}
    with pytest.raises(ExpressionRefused) as refused:
        checked({member: "begins_with(a, :v)", "ExpressionAttributeValues": values})
    assert str(refused.value) == (
        f"Invalid {member}: Incorrect operand type for operator or function; "
        "operator or function: begins_with, operand type: N"
    )


def is_in_range(prefix: Json, value: Any) -> bool:
    """Whether a value meets what stands for `begins_with`, as DynamoDB compares."""
    arguments = {
        "FilterExpression": "begins_with(a, :v)",
        "ExpressionAttributeValues": {":v": prefix},
    }
    [(kind, start)] = prefix.items()
    end = checked(arguments)["ExpressionAttributeValues"].get(":v__end")
    return bool(start <= value and (end is None or value < end[kind]))


TEXTS = st.text(st.sampled_from("ab\ud7ff\ue000\U0010fffe\U0010ffff"), max_size=4)
BINARIES = st.lists(st.sampled_from([0, 1, 254, 255]), max_size=4).map(bytes)


@given(TEXTS, TEXTS)
def test_the_range_holds_the_texts_that_begin_so_and_no_others(prefix: str, text: str) -> None:
    assert is_in_range({"S": prefix}, text) == text.startswith(prefix)


@given(BINARIES, BINARIES)
def test_the_range_holds_the_bytes_that_begin_so_and_no_others(
    prefix: bytes, content: bytes
) -> None:
    assert is_in_range({"B": prefix}, content) == content.startswith(prefix)

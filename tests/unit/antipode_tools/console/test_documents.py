"""Mistakes, as somebody types them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.console.api_schema import understood
from antipode_tools.console.documents import Checked, Problem, check

SCHEMA = understood("type Query { one: Item } type Item { id: ID other: Item }")


@pytest.mark.parametrize(
    ("text", "checked"),
    [
        ("{ one { id } }", Checked((), "query")),
        ("{\n  one { ", Checked((Problem("Syntax Error: Expected Name, found <EOF>.", 2, 9),))),
        (
            "{\n  two\n}",
            Checked((Problem("Cannot query field 'two' on type 'Query'.", 2, 3),), "query"),
        ),
        (
            "query A { one { id } } query B { one { id } }",
            Checked((Problem("one operation is sent at a time, and here are 2", 1, 1),)),
        ),
        ("", Checked((Problem("Syntax Error: Unexpected <EOF>.", 1, 1),))),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_column(text: str, checked: Checked) -> None:
    assert check(SCHEMA, text) == checked


@given(st.text())
def test_whatever_is_typed_is_judged(text: str) -> None:
    checked = check(SCHEMA, text)
    assert all(each.line >= 1 and each.column >= 1 for each in checked.problems)

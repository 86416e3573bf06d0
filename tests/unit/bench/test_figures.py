"""Percentiles, and the two forms in which figures are shown."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.figures import Figure, as_json, as_table, percentile

VALUES = st.lists(st.floats(0, 1_000), min_size=1)


@pytest.mark.parametrize(("percent", "expected"), [(0, 1.0), (50, 50.0), (99, 99.0), (100, 100.0)])
def test_a_percentile_of_a_hundred_values_is_the_one_of_its_rank(
    percent: int, expected: float
) -> None:
    assert percentile([float(value) for value in range(100, 0, -1)], percent) == expected


def test_a_percentile_of_few_values_is_one_of_them() -> None:
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([3.0, 1.0, 2.0], 99) == 3.0


@given(VALUES, st.integers(1, 100))
def test_so_many_percent_do_not_exceed_a_percentile_and_fewer_stay_under_it(
    values: list[float], percent: int
) -> None:
    found = percentile(values, percent)
    wanted = len(values) * percent / 100
    assert sum(value <= found for value in values) >= wanted
    assert sum(value < found for value in values) < wanted


def test_no_values_have_no_percentile() -> None:
    with pytest.raises(ValueError, match=r"^no values, so no percentile$"):
        percentile([], 50)


def test_a_table_shows_three_digits_and_what_the_aim_is() -> None:
    figures = [
        Figure("write to notification, p50", 61.44, "ms", aim=200),
        Figure("growth", -0.1234, "MB"),
        Figure("notifications", 12_345.6, "a second"),
        Figure("nothing", 0, "MB"),
    ]
    assert as_table(figures).splitlines() == [
        "case                        value   unit      aim",
        "write to notification, p50  61.4    ms        under 200",
        "growth                      -0.123  MB",
        "notifications               12,346  a second",
        "nothing                     0       MB",
    ]


def test_json_is_a_list_of_the_figures_whole() -> None:
    figures = [Figure("up", 12.345, "s", aim=20), Figure("first write", 900.0, "ms")]
    assert json.loads(as_json(figures)) == [
        {"case": "up", "value": 12.345, "unit": "s", "aim": 20},
        {"case": "first write", "value": 900.0, "unit": "ms", "aim": None},
    ]

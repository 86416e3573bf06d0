"""So many a second, and a second's worth at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync.realtime.allowance import Allowance


def test_a_burst_of_one_seconds_allowance_passes_and_no_more() -> None:
    allowance = Allowance(3)
    assert [allowance.take(10.0) for _ in range(5)] == [True, True, True, False, False]


def test_the_allowance_refills_up_to_one_seconds_worth() -> None:
    allowance = Allowance(2)
    assert [allowance.take(0.0) for _ in range(3)] == [True, True, False]
    assert [allowance.take(0.5) for _ in range(2)] == [True, False]
    assert [allowance.take(60.0) for _ in range(3)] == [True, True, False]


@given(
    per_second=st.integers(1, 20),
    steps=st.lists(st.floats(0, 2), min_size=1, max_size=100),
)
def test_no_span_of_time_lets_more_through_than_its_share(
    per_second: int, steps: list[float]
) -> None:
    allowance = Allowance(per_second)
    now, taken = 0.0, 0
    for step in steps:
        now += step
        taken += allowance.take(now)
    assert taken <= per_second * (1 + now) + 1e-6

"""How long to wait."""

from __future__ import annotations

import pytest
from antipode.relay.backoff import full_jitter


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 0.1), (2, 0.2), (3, 0.4), (6, 3.2), (7, 5.0), (100_000, 5.0)]
)
def test_the_longest_wait_doubles_up_to_a_bound(attempts: int, seconds: float) -> None:
    assert full_jitter(attempts, lambda: 1.0) == seconds


@pytest.mark.parametrize("drawn", [0.0, 0.25, 0.5])
def test_a_wait_is_any_part_of_the_longest(drawn: float) -> None:
    assert full_jitter(3, lambda: drawn) == drawn * 0.4

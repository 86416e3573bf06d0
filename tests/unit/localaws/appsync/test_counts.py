"""What an API counts, and what of its time."""

from __future__ import annotations

import pytest

from localaws.appsync.counts import UPDATE_BYTES, Counts
from tests.fakes.clock import Clock


def test_an_update_is_billed_by_five_kilobytes_begun() -> None:
    counts = Counts()
    for size in (1, UPDATE_BYTES, UPDATE_BYTES + 1):
        counts.tells(size)
    assert (counts.updates, counts.bytes_told) == (4, 2 * UPDATE_BYTES + 2)


def test_its_time_is_from_the_first_deed_to_the_last() -> None:
    clock = Clock(100.0)
    counts = Counts(clock)
    assert (counts.seconds, counts.connection_s) == (0, 0)
    counts.requested()
    clock.now += 30
    counts.announces()
    clock.now += 3_600  # nothing happens
    assert counts.seconds == 30
    assert (counts.requests, counts.announced) == (1, 1)


def test_a_connection_counts_as_long_as_anything_happens() -> None:
    clock = Clock(100.0)
    counts = Counts(clock)
    counts.opened("short")
    counts.opened("long")
    clock.now += 10
    counts.closed("short")
    clock.now += 10
    counts.requested()
    clock.now += 3_600
    assert counts.connection_s == pytest.approx(10 + 20)

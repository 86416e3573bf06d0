"""How fast a backfill writes."""

from __future__ import annotations

from antipode_tools.operate.backfill.pace import Pace


def test_it_writes_no_more_in_a_second_than_it_is_told() -> None:
    pace, now, written = Pace(50), 100.0, 0
    while now < 110.0:
        now += pace.wait_s(now)
        pace.spend(5, now)
        written += 5
    assert 495 <= written <= 510


def test_one_large_item_is_waited_for_afterwards() -> None:
    pace = Pace(10)
    assert pace.wait_s(100.0) == 0
    pace.spend(400, 100.0)
    assert pace.wait_s(100.0) == 40


def test_a_pause_is_not_caught_up_on() -> None:
    pace = Pace(10)
    pace.spend(10, 100.0)
    pace.spend(10, 500.0)
    assert pace.wait_s(500.0) == 1


def test_it_halves_when_it_is_throttled_and_comes_back_by_steps() -> None:
    pace = Pace(80)
    for _ in range(3):
        pace.throttled(100.0)
    assert pace.rate == 10
    rates = []
    for second in (115.0, 130.0, 145.0, 1000.0):
        pace.taken(second)
        rates.append(pace.rate)
    assert rates == [30, 50, 70, 80]


def test_it_never_comes_to_a_halt_nor_above_what_it_was_told() -> None:
    pace = Pace(3)
    for _ in range(10):
        pace.throttled(100.0)
    assert (pace.rate, pace.wait_s(100.0)) == (1, 1)
    slow = Pace(0.5)
    slow.throttled(100.0)
    assert (slow.rate, slow.wait_s(100.0)) == (0.5, 2)

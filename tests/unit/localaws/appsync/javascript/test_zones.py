from __future__ import annotations

from localaws.appsync.javascript.zones import periods_of

HOUR_MS = 3_600_000


def test_a_zone_is_described_by_its_changes() -> None:
    periods = periods_of("Europe/Berlin")

    assert periods is not None
    assert periods[0] == (0, HOUR_MS, "CET")
    assert (1521939600000, 2 * HOUR_MS, "CEST") in periods  # 2018-03-25T01:00:00Z
    assert (1540688400000, HOUR_MS, "CET") in periods  # 2018-10-28T01:00:00Z


def test_a_zone_without_changes_is_one_period() -> None:
    assert periods_of("Etc/UTC") == ((0, 0, "UTC"),)


def test_an_unknown_zone_is_none() -> None:
    assert periods_of("Mars/Olympus") is None
    assert periods_of("../etc/passwd") is None
    assert periods_of("") is None

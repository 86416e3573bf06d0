"""Records to invocations."""

from __future__ import annotations

from antipode_tools.operate.redrive.backlog import Entry
from antipode_tools.operate.redrive.identity import identify
from antipode_tools.operate.redrive.portions import MOST_BYTES, portions
from antipode_tools.operate.redrive.spool import Slot
from tests.unit.antipode_tools.operate.redrive.fakes import record


def entries(*sizes: int) -> list[Entry]:
    identity = identify(record("a", 1))
    return [Entry(identity, Slot(0, size)) for size in sizes]


def sizes_of(given: list[Entry]) -> list[list[int]]:
    return [[entry.slot.size for entry in portion] for portion in portions(given)]


def test_nothing_makes_no_portion() -> None:
    assert sizes_of([]) == []


def test_a_portion_has_at_most_a_hundred_records() -> None:
    assert [len(portion) for portion in sizes_of(entries(*[1] * 201))] == [100, 100, 1]


def test_a_portion_has_at_most_six_million_bytes_commas_included() -> None:
    half = MOST_BYTES // 2

    assert sizes_of(entries(half - 1, half - 1, 1)) == [[half - 1, half - 1], [1]]
    assert sizes_of(entries(half, half, 1)) == [[half], [half, 1]]


def test_a_record_that_is_too_large_goes_alone() -> None:
    assert sizes_of(entries(1, MOST_BYTES + 1, 1)) == [[1], [MOST_BYTES + 1], [1]]

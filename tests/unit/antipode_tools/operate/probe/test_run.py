"""The probe against Regions that tell of what is written in them, or do not."""

from __future__ import annotations

import pytest

from antipode_tools.operate.probe.matrix import Kind, Matrix
from antipode_tools.operate.probe.run import Plan, Result, run
from antipode_tools.operate.stacks.errors import OperationError
from tests.unit.antipode_tools.operate.probe.regions import Fate, Regions, serving, told_once

NAMES = ["ireland", "sydney"]
PLAN = Plan(items=2, pause_s=0, within_s=5)


def probed(fate: Fate = told_once, *, within_s: float = 5, refuses: str = "") -> Result:
    regions = Regions(fate, frozenset({refuses}))
    with serving(regions, NAMES) as endpoints:
        return run(endpoints, Plan(PLAN.items, 0, within_s), sleep=lambda seconds: None)


def counted(matrix: Matrix) -> dict[tuple[str, str], tuple[int, int, int]]:
    return {
        (writer, listener): (len(cell.milliseconds), cell.lost, cell.doubled)
        for writer, row in matrix.items()
        for listener, cell in row.items()
    }


def test_every_region_hears_of_every_write_and_the_first_item_does_not_count() -> None:
    result = probed()
    assert result.problems == []
    assert counted(result.matrix) == {
        (writer, listener): (6, 0, 0) for writer in NAMES for listener in NAMES
    }


def test_what_a_region_does_not_tell_is_lost_there() -> None:
    result = probed(
        lambda listener, kind: int((listener, kind) != ("sydney", Kind.UPDATE)), within_s=0.2
    )
    assert counted(result.matrix) == {
        (writer, listener): (4, 2, 0) if listener == "sydney" else (6, 0, 0)
        for writer in NAMES
        for listener in NAMES
    }


def test_a_region_that_refuses_to_be_written_to_is_a_problem_and_the_others_go_on() -> None:
    result = probed(refuses="ireland")
    assert result.problems == ["ireland refused a write: Unauthorized: no"]
    assert counted(result.matrix)["sydney", "ireland"] == (6, 0, 0)
    assert counted(result.matrix)["ireland", "sydney"] == (0, 0, 0)


def test_a_region_that_cannot_be_subscribed_in_stops_the_probe() -> None:
    with serving(Regions(), NAMES) as endpoints:
        pass
    with pytest.raises(OperationError, match="cannot subscribe in ireland"):
        run(endpoints, PLAN)

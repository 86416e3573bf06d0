"""Where a drill does not run."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from antipode_tools.world.drills.running import alone, cancelled, check
from antipode_tools.world.drills.scenarios import scenarios
from antipode_tools.world.errors import WorldError
from tests.fakes.world import a_region, a_world

BOTH = (a_region(), a_region("sydney", "ap-southeast-2"))


def test_a_drill_needs_two_regions_and_its_model_and_its_clients_an_address() -> None:
    drills = scenarios("ireland", "sydney")
    check(a_world(*BOTH), drills["split"])
    with pytest.raises(WorldError, match="one Region"):
        check(a_world(), drills["split"])
    without = a_world(BOTH[0], a_region("sydney", "ap-southeast-2", tables={"Todo": "t"}))
    with pytest.raises(WorldError, match="no model ItemsModel"):
        check(without, drills["split"])
    with pytest.raises(WorldError, match="no shared name"):
        check(a_world(*BOTH), drills["shared-name"])


async def test_a_client_that_swallows_its_cancellation_is_ended_all_the_same() -> None:
    heard = 0

    async def deaf() -> None:
        nonlocal heard
        while heard < 2:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                heard += 1

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    await cancelled(task, patience_s=0.01)
    assert (task.done(), heard) == (True, 2)


def test_two_drills_do_not_run_at_once(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with alone(tmp_path), pytest.raises(WorldError, match="another drill runs"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass

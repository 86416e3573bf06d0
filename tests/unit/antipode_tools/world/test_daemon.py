from __future__ import annotations

import io
import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from antipode_tools.project import world_file
from antipode_tools.world.daemon import answered, published
from antipode_tools.world.deployment.update import Update
from antipode_tools.world.errors import AFRESH, WorldError
from antipode_tools.world.progress import Report, Step, StepState
from tests.fakes.world import a_world

STEP = Step("build", "the functions and their layer", StepState.STARTED)
TOLD = {"part": "build", "work": STEP.work, "state": "started", "seconds": 0.0}
ADDED = {"changed": ["template.yaml"], "added": ["Todo"], "removed": [], "indexes": []}


WORLD = a_world()


def test_world_json_is_there_for_a_block_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    with published(file, lambda: WORLD):
        assert world_file.read(file) == WORLD
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert list(tmp_path.iterdir()) == [file]
    assert list(tmp_path.iterdir()) == []


def test_whoever_reads_world_json_while_it_is_written_anew_reads_it_whole(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    worlds = [WORLD, replace(WORLD, project="another")]
    with published(file, lambda: worlds.pop(0)) as publish, file.open() as reader:
        publish()
        assert json.load(reader) == WORLD.as_json()
        assert world_file.read(file) == replace(WORLD, project="another")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == []


def test_world_json_goes_when_the_world_fails(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    with pytest.raises(LookupError), published(file, lambda: WORLD):
        raise LookupError
    assert not file.exists()


def test_what_changes_when_the_world_has_ended_is_written_nowhere(tmp_path: Path) -> None:
    with published(tmp_path / "world.json", lambda: WORLD) as publish:
        pass
    publish()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_world_half_wrote_does_not_stand_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "world.new").write_text("{")
    with published(tmp_path / "world.json", lambda: WORLD):
        assert world_file.read(tmp_path / "world.json") == WORLD


async def told(outcome: Update | Exception | None) -> list[Any]:
    """What is told of an update that reports one step and then comes to this."""

    async def update(report: Report) -> Update | None:
        report(STEP)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    output = io.BytesIO()
    await answered(update, output)
    return [json.loads(line) for line in output.getvalue().splitlines()]


async def test_an_update_is_reported_step_by_step_with_what_it_did_at_its_end() -> None:
    update = Update(("template.yaml",), added=("Todo",))
    assert await told(update) == [{"step": TOLD}, {"updated": ADDED}]
    assert await told(None) == [{"step": TOLD}, {"ready": True}]


async def test_an_update_that_fails_is_reported_and_the_world_goes_on() -> None:
    refused = WorldError("sam deploy failed", "no such type", AFRESH)
    assert await told(refused) == [{"step": TOLD}, {"failed": refused.as_json()}]
    mistake = {"what": "the update failed", "why": "KeyError('x')", "remedy": AFRESH}
    assert await told(KeyError("x")) == [{"step": TOLD}, {"failed": mistake}]

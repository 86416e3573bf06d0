"""What `antipode up` prints, read back; and a world of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from antipode_tools.cli.display import progress
from antipode_tools.world.progress import Step, StepState
from bench.starting import addresses, steps


def test_the_seconds_of_each_step_are_read_from_what_is_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with progress() as report:
        report(Step("engine", "starting MiniStack", StepState.STARTED))
        report(Step("engine", "starting MiniStack", StepState.DONE, 0.44))
        report(Step("ireland", "stack antipode in eu-west-1", StepState.DONE, 12.34))
        report(Step("appsync", "serving each Region's API", StepState.FAILED, 1.0))
    assert steps(capfd.readouterr().err) == {
        "engine, starting MiniStack": 0.4,
        "ireland, stack antipode in eu-west-1": 12.3,
    }


def test_a_world_is_given_files_and_ports_of_its_own(tmp_path: Path) -> None:
    given = addresses(tmp_path)
    assert given.keys() == {"ANTIPODE_STATE", "ANTIPODE_PORT"}
    assert given["ANTIPODE_STATE"] == str(tmp_path)
    assert 1024 <= int(given["ANTIPODE_PORT"]) <= 65_533

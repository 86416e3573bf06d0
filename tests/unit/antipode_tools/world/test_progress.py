from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, replace

import pytest

from antipode_tools.world.progress import Step, StepState, step


def test_a_step_is_reported_when_it_begins_and_when_it_ends() -> None:
    told: list[Step] = []
    with step(told.append, "build", "the functions"):
        assert told == [Step("build", "the functions", StepState.STARTED)]
    assert [replace(each, seconds=0) for each in told[1:]] == [
        Step("build", "the functions", StepState.DONE)
    ]
    assert told[1].seconds > 0


def test_a_step_that_fails_is_reported_and_the_error_goes_on() -> None:
    told: list[Step] = []
    with pytest.raises(LookupError), step(told.append, "build", "the functions"):
        raise LookupError
    assert [each.state for each in told] == [StepState.STARTED, StepState.FAILED]


def test_a_cancelled_step_has_not_failed() -> None:
    told: list[Step] = []
    with pytest.raises(asyncio.CancelledError), step(told.append, "build", "the functions"):
        raise asyncio.CancelledError
    assert [each.state for each in told] == [StepState.STARTED]


def test_a_step_is_the_same_after_its_way_between_processes() -> None:
    told = Step("build", "the functions", StepState.DONE, 1.5)
    assert Step.from_json(json.loads(json.dumps(asdict(told)))) == told

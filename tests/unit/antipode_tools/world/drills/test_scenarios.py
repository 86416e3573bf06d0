from __future__ import annotations

import pytest

from antipode_tools.project.conditions import Conditions
from antipode_tools.world.drills.scenarios import Scenario, scenarios
from antipode_tools.world.orders import Order, carry_out

KNOWN = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}
ALL = scenarios("ireland", "sydney")


@pytest.mark.parametrize("scenario", ALL.values(), ids=ALL)
def test_a_drills_steps_are_in_their_order_and_each_order_changes_something(
    scenario: Scenario,
) -> None:
    times = [step.at for step in scenario.steps]
    assert times == sorted(times)
    assert all(0 < at < 1 for at in times)
    conditions = Conditions()
    for step in scenario.steps:
        if isinstance(step.do, Order):
            done = carry_out(step.do, conditions, KNOWN)
            assert done.conditions != conditions
            conditions = done.conditions

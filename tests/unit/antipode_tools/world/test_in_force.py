from __future__ import annotations

import random

import pytest

from antipode_tools.project.conditions import ConditionError
from antipode_tools.world.in_force import USUAL_LAG_S, InForce
from antipode_tools.world.orders import Order
from localaws.trouble import Trouble

IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"
BOTH = ("ireland", "sydney")


def in_force() -> InForce:
    return InForce({"ireland": IRELAND, "sydney": SYDNEY}, random.Random(1))


def test_the_network_is_what_was_asked_for() -> None:
    there = in_force()
    assert there.network(IRELAND, SYDNEY) == USUAL_LAG_S
    there.carry_out(Order("lag", BOTH, lag_s=2, jitter_s=0.5, one_way=True))
    lags = [there.network(IRELAND, SYDNEY) for _ in range(100)]
    assert all(lag is not None and 1.5 <= lag <= 2.5 for lag in lags)
    assert len(set(lags)) > 1
    assert there.network(SYDNEY, IRELAND) == USUAL_LAG_S
    there.carry_out(Order("cut", BOTH))
    assert (there.network(IRELAND, SYDNEY), there.network(SYDNEY, IRELAND)) == (None, None)


def test_a_lost_region_is_dark_until_it_is_recovered() -> None:
    there = in_force()
    there.carry_out(Order("lose", ("sydney",)))
    there.carry_out(Order("cut", BOTH))
    assert (there.is_dark(SYDNEY), there.is_dark(IRELAND)) == (True, False)
    assert there.lost == ["sydney"]
    there.carry_out(Order("lose", ("sydney",), silent=True))
    assert there.gates[SYDNEY].is_silent
    there.carry_out(Order("recover", ("sydney",)))
    assert not there.is_dark(SYDNEY)
    assert there.network(IRELAND, SYDNEY) is None, "they are still cut off"


def test_an_api_is_in_the_trouble_that_was_asked_for() -> None:
    there = in_force()
    there.carry_out(Order("throttle", ("ireland",), a_second=5))
    there.carry_out(Order("fail", ("ireland",), share=0.5, silent=True))
    assert there.troubles == {IRELAND: Trouble(5, 0.5, True), SYDNEY: Trouble()}
    there.carry_out(Order("heal"))
    assert there.troubles[IRELAND] == Trouble()


def test_whoever_watches_is_told_of_changes_and_not_of_what_is_refused() -> None:
    there, told = in_force(), list[str]()
    there.watch(lambda: told.append("changed"))
    there.carry_out(Order("cut", BOTH))
    with pytest.raises(ConditionError):
        there.carry_out(Order("lose", ("atlantis",)))
    assert told == ["changed"]

from __future__ import annotations

from typing import Any

import pytest

from antipode_tools.project.conditions import ConditionError, Conditions, Link, Loss, Trouble
from antipode_tools.world.orders import Order, carry_out

IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"
KNOWN = {"ireland": IRELAND, "sydney": SYDNEY}
BOTH = ("ireland", "sydney")


@pytest.mark.parametrize(
    ("order", "after"),
    [
        (
            Order("lag", BOTH, lag_s=0.8, jitter_s=0.1),
            Conditions({(IRELAND, SYDNEY): Link(0.8, 0.1), (SYDNEY, IRELAND): Link(0.8, 0.1)}),
        ),
        (
            Order("lag", BOTH, lag_s=0.8, one_way=True),
            Conditions({(IRELAND, SYDNEY): Link(0.8)}),
        ),
        (
            Order("cut", (SYDNEY, "ireland")),
            Conditions({(SYDNEY, IRELAND): Link(cut=True), (IRELAND, SYDNEY): Link(cut=True)}),
        ),
        (Order("lose", ("sydney",)), Conditions({}, {SYDNEY: Trouble(Loss.REFUSED)})),
        (Order("lose", ("sydney",), silent=True), Conditions({}, {SYDNEY: Trouble(Loss.SILENT)})),
        (
            Order("throttle", ("ireland",), a_second=50),
            Conditions({}, {IRELAND: Trouble(None, 50)}),
        ),
        (Order("fail", ("ireland",), share=0.1), Conditions({}, {IRELAND: Trouble(failing=0.1)})),
    ],
)
def test_an_order_is_in_force_until_everything_is_healed(order: Order, after: Conditions) -> None:
    done = carry_out(order, Conditions(), KNOWN)
    assert (done.conditions, done.said) == (after, "done")
    assert carry_out(Order("heal"), after, KNOWN).conditions == Conditions()


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (Order("cut", BOTH), "they are cut already"),
        (Order("lose", ("sydney",)), "it is lost already"),
        (Order("recover", ("ireland",)), "it was not lost"),
        (Order("heal", ("ireland", "virginia")), "there was nothing to heal"),
        (Order("throttle", ("ireland",), a_second=None), "that is in force already"),
    ],
)
def test_an_order_that_changes_nothing_says_so(order: Order, said: str) -> None:
    before = Conditions().cutting(IRELAND, SYDNEY).losing(SYDNEY, Loss.REFUSED)
    done = carry_out(order, before, {**KNOWN, "virginia": "us-east-1"})
    assert (done.conditions, done.said) == (before, said)


def test_healing_nothing_says_so() -> None:
    assert carry_out(Order("heal"), Conditions(), KNOWN).said == "there was nothing to heal"


def test_the_last_region_may_be_lost_and_that_is_told() -> None:
    before = Conditions().losing(IRELAND, Loss.REFUSED)
    done = carry_out(Order("lose", ("sydney",)), before, KNOWN)
    assert done.conditions.region(SYDNEY).lost is Loss.REFUSED
    assert done.said == "done; no Region is left: antipode recover brings one back"


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (Order("lag", BOTH, lag_s=-1), "zero or more"),
        (Order("lag", BOTH, lag_s=1, jitter_s=2), "between zero and the lag"),
        (Order("lag", BOTH, lag_s=1, jitter_s=-1), "between zero and the lag"),
        (Order("throttle", ("ireland",), a_second=0), "more than zero"),
        (Order("fail", ("ireland",), share=1.1), "between 0% and 100%"),
        (Order("fail", ("ireland",), share=-0.1), "between 0% and 100%"),
        (Order("cut", ("ireland", "ireland")), "no distance from itself"),
        (Order("cut", ("ireland", IRELAND)), "no distance from itself"),
        (Order("lose", ("atlantis",)), "no Region atlantis; it has ireland, sydney"),
        (Order("cut", ("ireland",)), "cut takes 2 Regions, not 1"),
        (Order("heal", ("ireland",)), "heal takes 0 or 2 Regions, not 1"),
        (Order("explode", ("ireland",)), "explode is none of lag, cut"),
    ],
)
def test_an_order_that_cannot_be_is_refused_in_words(order: Order, why: str) -> None:
    with pytest.raises(ConditionError, match=why):
        carry_out(order, Conditions(), KNOWN)


@pytest.mark.parametrize(
    "told",
    [
        [],
        5,
        None,
        {},
        {"do": "lag", "when": "now"},
        {"do": "cut", "regions": 5},
        {"do": "lag", "regions": ["ireland", "sydney"], "lag_s": "soon"},
        {"do": "lag", "regions": ["ireland", "sydney"], "lag_s": float("inf")},
        {"do": "fail", "regions": ["ireland"], "share": None},
    ],
)
def test_what_is_no_order_is_refused(told: Any) -> None:
    with pytest.raises(ConditionError, match="this is no order"):
        Order.from_json(told)


def test_an_order_is_read_as_it_was_written() -> None:
    order = Order("lag", BOTH, lag_s=1, jitter_s=0.5, one_way=True)
    assert Order.from_json({**vars(order), "regions": [*BOTH]}) == order

"""What a canary is asked by a probe, and what it takes for no probe."""

from __future__ import annotations

import json

import pytest
from antipode.canary.errors import OrderError
from antipode.canary.order import Noted, Order, as_answer, as_event, ordered
from antipode.json_values import Json

ORDER = Order("7f3a", ("eu-west-1", "ap-southeast-2"), 10, 0.1, 30.0)


def test_an_order_arrives_as_it_was_sent() -> None:
    assert ordered(json.loads(json.dumps(as_event(ORDER)))) == ORDER


@pytest.mark.parametrize("event", [{}, None, {"version": "0", "detail-type": "Scheduled Event"}])
def test_what_a_schedule_sends_is_no_order(event: Json) -> None:
    assert ordered(event) is None


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"version": 2}, "this canary knows version 1 of probes, and not 2"),
        ({"run": "a/../b"}, "what is asked is no probe"),
        ({"run": ""}, "what is asked is no probe"),
        ({"items": 0}, "what is asked is no probe"),
        ({"regions": []}, "what is asked is no probe"),
        ({"pause_s": "long"}, "what is asked is no probe"),
    ],
)
def test_what_is_no_order_is_refused(asked: Json, why: str) -> None:
    event = {"probe": {**as_event(ORDER)["probe"], **asked}}
    with pytest.raises(OrderError) as raised:
        ordered(event)
    assert str(raised.value) == why


def test_the_answer_says_its_version() -> None:
    assert as_answer(Noted(problems=["no"])) == {
        "version": 1,
        "writes": [],
        "heard": [],
        "problems": ["no"],
    }

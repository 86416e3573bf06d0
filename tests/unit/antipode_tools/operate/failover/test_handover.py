"""What comes next, by what is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.failover.handover import (
    NEW,
    Action,
    Held,
    Next,
    Seen,
    Silent,
    Status,
    Step,
    Stop,
    next_step,
    plan,
)
from antipode_tools.operate.waiting import Wait
from tests.unit.antipode_tools.operate.failover.fakes import (
    IRELAND,
    NAME,
    SYDNEY,
    WISH,
    held,
    target,
)


def seen(
    ireland: Held | Silent | None, sydney: Held | Silent | None, pointer: str | None = None
) -> Seen:
    return Seen({IRELAND: ireland, SYDNEY: sydney}, pointer)


SERVED = held(SYDNEY, Status.SUCCESS)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (seen(held(IRELAND, Status.SUCCESS), None), Step(Action.DISASSOCIATE, IRELAND)),
        (seen(held(IRELAND, Status.FAILED), None), Step(Action.DISASSOCIATE, IRELAND)),
        (
            seen(held(IRELAND, Status.PROCESSING), None),
            Wait("AppSync is still working on the name in eu-west-1"),
        ),
        (seen(held(IRELAND), None), Step(Action.DELETE, IRELAND)),
        (seen(None, None), Step(Action.CREATE, SYDNEY)),
        (seen(None, held(SYDNEY)), Step(Action.ASSOCIATE, SYDNEY)),
        (
            seen(None, held(SYDNEY, Status.PROCESSING)),
            Wait("AppSync is still working on the name in ap-southeast-2"),
        ),
        (seen(None, held(SYDNEY, Status.FAILED)), Step(Action.DISASSOCIATE, SYDNEY)),
        (
            seen(None, held(SYDNEY, Status.SUCCESS, "another-api")),
            Step(Action.DISASSOCIATE, SYDNEY),
        ),
        (seen(None, SERVED), Step(Action.POINT, SYDNEY)),
        (seen(None, SERVED, target(IRELAND)), Step(Action.POINT, SYDNEY)),
        (seen(None, SERVED, target(SYDNEY)), None),
        (
            seen(held(IRELAND, Status.SUCCESS), Silent("no answer"), target(IRELAND)),
            Stop("ap-southeast-2, which the name is to move to, does not answer: no answer"),
        ),
    ],
)
def test_what_comes_next(state: Seen, expected: Next) -> None:
    assert next_step(state, WISH) == expected


def test_a_silent_region_stops_it_before_anything_is_done() -> None:
    found = next_step(seen(Silent("no answer"), None), WISH)
    assert isinstance(found, Stop)
    assert found.why.startswith("eu-west-1 does not answer, and may hold the name: no answer.")


def test_a_region_that_is_lost_is_passed_over() -> None:
    state = seen(Silent("no answer"), None)
    assert next_step(state, replace(WISH, lost=True)) == Step(Action.CREATE, SYDNEY)


def test_the_whole_hand_over_is_foreseen() -> None:
    planned = plan(seen(held(IRELAND, Status.SUCCESS), None, target(IRELAND)), WISH)
    assert [step.described(NAME) for step in planned.steps] == [
        "take the API off api.example.com in eu-west-1",
        "delete api.example.com in eu-west-1",
        "create api.example.com in ap-southeast-2",
        "put api.example.com in front of the API of ap-southeast-2",
        "point the DNS record of api.example.com to ap-southeast-2",
    ]
    assert planned.stop is None


def helds(region: str) -> st.SearchStrategy[Held | None]:
    statuses = st.sampled_from([None, *Status])
    apis = st.sampled_from(["another-api", WISH.api_id])
    some = st.builds(lambda status, api: held(region, status, api), statuses, apis)
    return st.one_of(st.none(), some)


@given(helds(IRELAND), helds(SYDNEY), st.sampled_from([None, target(IRELAND), target(SYDNEY), "x"]))
def test_from_any_state_the_plan_ends_with_the_name_served(
    ireland: Held | None, sydney: Held | None, pointer: str | None
) -> None:
    planned = plan(seen(ireland, sydney, pointer), WISH)
    assert planned.stop is None
    assert len(planned.steps) == len(set(planned.steps)) <= 6
    order = [list(Action).index(step.action) for step in planned.steps if step.region == SYDNEY]
    assert order == sorted(order)


def test_where_the_new_distribution_is_not_known_yet_the_record_is_foreseen_too() -> None:
    planned = plan(seen(None, None, NEW.target + " of old"), WISH)
    assert planned.steps[-1] == Step(Action.POINT, SYDNEY)

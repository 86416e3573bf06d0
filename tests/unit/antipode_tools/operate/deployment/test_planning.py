"""In which order stacks are deployed, and with what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from antipode_tools.operate.cleanup.leftovers import StackState, Table
from antipode_tools.operate.deployment.planning import DAY_S, Plan, Step, plan, under_way
from antipode_tools.operate.deployment.standing import Seen, Standing, Wish
from antipode_tools.operate.waiting import Wait
from tests.unit.antipode_tools.operate.deployment.fakes import (
    AWAY,
    HOME,
    IRELAND,
    KEY_ENDS,
    NOW,
    PARAMETERS,
    SYDNEY,
    TABLE,
    THIRD,
    VIRGINIA,
    nothing,
    of_three,
    stack,
    standing,
    wish,
)

OPEN = {"DeletionProtection": "false"}
PROTECT = Step(IRELAND, "protect the tables", {"DeletionProtection": "true"})
KEY = {"ApiKeyExpires": KEY_ENDS}


def planned(seen: Seen, wanted: Wish, *, tables_change: bool = False) -> Plan:
    return plan(seen, wanted, now=NOW, tables_change=tables_change)


def test_a_first_deployment_makes_the_owner_open_then_the_others_and_protects_at_last() -> None:
    assert planned(nothing(HOME, AWAY), wish(SYDNEY, IRELAND)) == Plan(
        [
            Step(IRELAND, "make its stack", OPEN | KEY),
            Step(SYDNEY, "make its stack", KEY),
            PROTECT,
        ]
    )


def test_a_first_deployment_that_was_interrupted_stays_open_until_the_last_step() -> None:
    seen = {**nothing(AWAY), HOME: Standing(stack(DeletionProtection="false"))}
    assert [str(step) for step in planned(seen, wish()).steps] == [
        "deploy ireland: update its stack with DeletionProtection=false",
        f"deploy sydney: make its stack with ApiKeyExpires={KEY_ENDS}",
        "deploy ireland: protect the tables with DeletionProtection=true",
    ]


def test_a_later_deployment_goes_in_the_order_that_was_named() -> None:
    update = "update its stack"
    assert planned(standing(HOME, AWAY), wish(SYDNEY, IRELAND)) == Plan(
        [Step(SYDNEY, update), Step(IRELAND, update)]
    )


def test_the_owner_goes_first_where_tables_change() -> None:
    steps = planned(standing(HOME, AWAY), wish(SYDNEY, IRELAND), tables_change=True).steps
    assert [step.region for step in steps] == [IRELAND, SYDNEY]


def test_a_further_region_comes_after_its_replica_and_the_relay_stays_off() -> None:
    full = Table(holds_items=True, replicas=frozenset({AWAY}))
    seen = {**standing(HOME, AWAY), **nothing(THIRD)}
    seen[HOME] = replace(seen[HOME], tables={TABLE: full})
    every = [of_three(IRELAND), of_three(SYDNEY), VIRGINIA]
    assert planned(seen, wish(VIRGINIA, every[0], every=every)) == Plan(
        [
            Step(every[0], f"make replicas in {THIRD}"),
            Step(VIRGINIA, "make its stack", KEY | {"RelayEnabled": "false"}),
        ],
        (
            "the tables hold items, so virginia is made with its relay off, lest it announce them"
            " all: a day later, antipode deploy virginia --relay-on",
        ),
    )


def taken_in(**replicas: Table) -> dict[str, Standing]:
    """A stack in the home Region that holds tables which were there before, and nothing else."""
    found = replace(stack("IMPORT_COMPLETE"), parameters={})
    return {HOME: Standing(found, replicas), **nothing(AWAY, THIRD)}


def test_what_is_deployed_to_tables_that_were_taken_in_has_its_relay_off_at_first() -> None:
    seen = taken_in(**{TABLE: Table(holds_items=True)})
    off = {"RelayEnabled": "false"}
    found = planned(seen, wish())
    assert found.steps == [
        Step(IRELAND, "add the rest to the tables of its stack", KEY | off),
        Step(SYDNEY, "make its stack", KEY | off),
    ]
    assert found.notes == tuple(
        f"the tables hold items, so {name} is made with its relay off, lest it announce them all:"
        f" a day later, antipode deploy {name} --relay-on"
        for name in ("ireland", "sydney")
    )


def test_tables_that_were_taken_in_empty_have_their_relay_on() -> None:
    [first, _] = planned(taken_in(**{TABLE: Table()}), wish()).steps
    assert first == Step(IRELAND, "add the rest to the tables of its stack", KEY)


def test_the_relay_of_a_further_region_is_on_where_the_tables_are_empty() -> None:
    [_, made] = planned({**standing(HOME), **nothing(AWAY)}, wish()).steps
    assert made == Step(SYDNEY, "make its stack", KEY)


def test_what_samconfig_names_is_left_to_it() -> None:
    named = replace(SYDNEY, parameters={**PARAMETERS, "RelayEnabled": "true", "ApiKeyExpires": "7"})
    full = {TABLE: Table(holds_items=True)}
    seen = {HOME: Standing(stack(), full), AWAY: Standing()}
    [step] = planned(seen, wish(named, every=[IRELAND, named])).steps
    assert step.overrides == {}


def test_a_region_without_keys_is_given_none() -> None:
    signed = replace(IRELAND, parameters={**PARAMETERS, "AuthMode": "AWS_IAM"})
    [step, _] = planned(nothing(HOME), wish(signed, every=[signed])).steps
    assert step.overrides == OPEN


@pytest.mark.parametrize(
    ("age_h", "when"),
    [
        (20, "until antipode deploy sydney --relay-on in 4 h"),
        (25, "until antipode deploy sydney --relay-on"),
    ],
)
def test_a_relay_that_is_off_stays_off_until_it_is_asked_for(age_h: int, when: str) -> None:
    off = replace(stack(RelayEnabled="false"), created=NOW - age_h * DAY_S / 24)
    seen = {**standing(HOME), AWAY: Standing(off)}
    assert planned(seen, wish(SYDNEY)) == Plan(
        [Step(SYDNEY, "update its stack")],
        (f"the relay in sydney is off and stays off, {when}",),
    )
    assert planned(seen, replace(wish(SYDNEY), relay_on=True)) == Plan(
        [Step(SYDNEY, "switch its relay on", {"RelayEnabled": "true"})]
    )


def test_a_region_that_is_not_named_is_left_alone() -> None:
    assert planned(standing(HOME, AWAY), wish(SYDNEY)).steps == [Step(SYDNEY, "update its stack")]


def test_aws_is_left_to_finish_what_it_is_at() -> None:
    busy = replace(stack("UPDATE_IN_PROGRESS"), state=StackState.BUSY)
    seen = {**standing(HOME), AWAY: Standing(busy)}
    assert under_way(seen, wish()) == Wait(f"the stack in {AWAY} is UPDATE_IN_PROGRESS")
    filling = {**standing(HOME), AWAY: Standing(None, {TABLE: Table(settled=False)})}
    assert under_way(filling, wish()) == Wait(f"DynamoDB is working on table {TABLE} in {AWAY}")
    assert under_way(standing(HOME, AWAY), wish()) is None

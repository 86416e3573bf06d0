"""What is deleted, in which order, and what forbids it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.cleanup.leftovers import (
    Bucket,
    Leftovers,
    Secret,
    Seen,
    Stack,
    StackState,
    Table,
    Wish,
)
from antipode_tools.operate.cleanup.planning import Action, Stop, next_step, plan
from antipode_tools.operate.waiting import Wait
from tests.unit.antipode_tools.operate.cleanup.fakes import (
    BUCKET,
    IRELAND,
    SECRET,
    SYDNEY,
    TABLE,
    failed_deployment,
)

WISH = Wish(home=IRELAND)
VIRGINIA = "us-east-1"
REGIONS = (IRELAND, SYDNEY, VIRGINIA)


def test_replicas_go_after_the_stacks_and_the_home_table_after_its_replicas() -> None:
    steps, stop = plan(failed_deployment(), WISH)
    assert stop is None
    assert [str(step) for step in steps] == [
        f"switch off the deletion protection of table {TABLE} in {SYDNEY}",
        f"switch off the deletion protection of table {TABLE} in {IRELAND}",
        f"remove the replicas of secret {SECRET} of {IRELAND}",
        f"delete the stack in {IRELAND}",
        f"delete table {TABLE} in {SYDNEY}",
        f"delete table {TABLE} in {IRELAND}",
        f"delete bucket {BUCKET} in {IRELAND}, with all that it holds",
        f"delete secret {SECRET} in {IRELAND}",
    ]


def refused(ireland: Leftovers, wish: Wish = WISH) -> Stop:
    stop = next_step({IRELAND: ireland}, wish)
    assert isinstance(stop, Stop)
    return stop


@pytest.mark.parametrize(
    ("ireland", "reason"),
    [
        (
            Leftovers(Stack(StackState.STANDING, "CREATE_COMPLETE")),
            "the stack in eu-west-1 is deployed (CREATE_COMPLETE), not left over:"
            " cleanup deletes no such stack, sam delete does",
        ),
        (
            Leftovers(None, {TABLE: Table(holds_items=True)}),
            f"table {TABLE} in eu-west-1 holds items: --with-items deletes them too",
        ),
        (
            Leftovers(None, {}, {BUCKET: Bucket(holds_objects=True)}),
            f"bucket {BUCKET} in eu-west-1 holds objects: --with-items deletes them too",
        ),
        (
            Leftovers(None, {TABLE: Table(foreign="it has no stream")}),
            f"table {TABLE} in eu-west-1 is not this project's: it has no stream",
        ),
        (
            Leftovers(None, {TABLE: Table(replicas=frozenset({SYDNEY}))}),
            f"table {TABLE} in eu-west-1 has a replica in {SYDNEY}: name every Region that has one",
        ),
        (
            Leftovers(secret=Secret(SECRET, frozenset({SYDNEY}))),
            f"secret {SECRET} in eu-west-1 has a replica in {SYDNEY}: name every Region that has"
            " one",
        ),
        (
            Leftovers(secret=Secret(SECRET, foreign="it is tagged as one of stack shop")),
            f"secret {SECRET} in eu-west-1 is not this project's: it is tagged as one of stack"
            " shop",
        ),
    ],
)
def test_what_forbids_it_is_said_before_anything_is_done(ireland: Leftovers, reason: str) -> None:
    assert refused(ireland) == Stop((reason,))


def test_items_go_where_they_are_asked_to() -> None:
    seen = {
        IRELAND: Leftovers(
            None, {TABLE: Table(holds_items=True)}, {BUCKET: Bucket(holds_objects=True)}
        )
    }
    steps, stop = plan(seen, replace(WISH, with_items=True))
    assert [step.action for step in steps] == [Action.DELETE_TABLE, Action.DELETE_BUCKET]
    assert stop is None


def test_items_do_not_excuse_a_table_of_somebody_elses() -> None:
    left = Leftovers(None, {TABLE: Table(holds_items=True, foreign="it has no stream")})
    stop = refused(left, replace(WISH, with_items=True))
    assert stop == Stop((f"table {TABLE} in eu-west-1 is not this project's: it has no stream",))


def test_a_stack_under_way_is_waited_for_and_may_yet_succeed() -> None:
    busy = {IRELAND: Leftovers(Stack(StackState.BUSY, "ROLLBACK_IN_PROGRESS"))}
    assert next_step(busy, WISH) == Wait("the stack in eu-west-1 is ROLLBACK_IN_PROGRESS")


def test_nothing_left_is_nothing_to_do() -> None:
    assert plan({IRELAND: Leftovers(), SYDNEY: Leftovers()}, WISH) == ([], None)


@st.composite
def half_way_states(draw: st.DrawFn) -> Seen:
    """Any state that a failed deployment, or a clean-up that broke off, can leave."""
    states = [StackState.FAILED, StackState.UNDELETED, StackState.BUSY]
    stacks = st.none() | st.sampled_from(states).map(lambda state: Stack(state, state.name))
    names = [TABLE, "antipode-Todo"]
    there = {region: {name for name in names if draw(st.booleans())} for region in REGIONS}
    listed = st.frozensets(st.sampled_from(REGIONS))
    return {
        region: Leftovers(
            draw(stacks),
            {
                name: Table(
                    settled=draw(st.booleans()),
                    protected=draw(st.booleans()),
                    replicas=draw(listed) - {region},
                )
                for name in sorted(there[region])
            },
            {BUCKET: Bucket()} if draw(st.booleans()) else {},
            draw(st.none() | listed.map(lambda regions: Secret(SECRET, regions)))
            if region == IRELAND
            else None,
        )
        for region in REGIONS
    }


@given(half_way_states())
def test_from_any_half_way_state_everything_goes_once_and_in_order(seen: Seen) -> None:
    steps, stop = plan(seen, WISH)

    assert stop is None
    assert len(set(steps)) == len(steps)
    order = {action: place for place, action in enumerate(Action)}
    order[Action.DELETE_STACK_WITHOUT] = order[Action.DELETE_STACK]
    assert [order[step.action] for step in steps] == sorted(order[step.action] for step in steps)
    tables = [step.region for step in steps if step.action is Action.DELETE_TABLE]
    assert tables == sorted(tables, key=lambda region: region == IRELAND)
    gone = {(step.region, step.name) for step in steps}
    assert gone == {
        (region, name)
        for region, left in seen.items()
        for name in [
            *left.tables,
            *left.buckets,
            *([""] if left.stack else []),
            *([SECRET] if left.secret else []),
        ]
    }


@given(half_way_states(), st.sampled_from(REGIONS))
def test_one_table_with_items_keeps_everything(seen: Seen, region: str) -> None:
    left = seen[region]
    full = {**left.tables, TABLE: Table(holds_items=True)}
    assert isinstance(next_step({**seen, region: replace(left, tables=full)}, WISH), Stop)

"""What to delete next, given what is left.

The order: protection off and the secret's replicas removed, so that no deletion is refused
half-way; the stacks; the replicas outside the home Region, and only then its table, since DynamoDB
does not delete the table that a new replica was filled from within 24 hours while that replica
exists; the buckets; the secret.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

from antipode_tools.operate.cleanup.leftovers import (
    Bucket,
    Leftovers,
    Secret,
    Seen,
    StackState,
    Table,
    Wish,
    refusals,
)
from antipode_tools.operate.waiting import Wait


class Action(Enum):
    """What can be done, each in one Region."""

    UNPROTECT = "switch off the deletion protection of table {name} in {region}"
    RELEASE_SECRET = "remove the replicas of secret {name} of {region}"
    DELETE_STACK = "delete the stack in {region}"
    DELETE_STACK_WITHOUT = "delete the stack in {region}, apart from its tables and bucket"
    DELETE_TABLE = "delete table {name} in {region}"
    DELETE_BUCKET = "delete bucket {name} in {region}, with all that it holds"
    DELETE_SECRET = "delete secret {name} in {region}"


@dataclass(frozen=True)
class Step:
    """One action.

    Args:
        name: the table's or the bucket's.
    """

    action: Action
    region: str
    name: str = ""

    def __str__(self) -> str:
        return self.action.value.format(name=self.name, region=self.region)


@dataclass(frozen=True)
class Stop:
    """It cannot go on."""

    reasons: tuple[str, ...]


Thing = TypeVar("Thing", Table, Bucket)

Next = Step | Wait | Stop | None


def next_step(seen: Seen, wish: Wish) -> Next:
    """What comes next; None where nothing is left."""
    if reasons := tuple(refusals(seen, wish)):
        return Stop(reasons)
    return next(_outstanding(seen, wish), None)


def _outstanding(seen: Seen, wish: Wish) -> Iterator[Step | Wait]:
    yield from _under_way(seen)
    ordered = sorted(seen.items(), key=lambda each: (each[0] == wish.home, each[0]))
    for region, left in ordered:
        for name, table in left.tables.items():
            if table.protected:
                yield Step(Action.UNPROTECT, region, name)
    for region, left in ordered:
        if left.secret and left.secret.replicas:
            yield Step(Action.RELEASE_SECRET, region, left.secret.name)
    for region, left in ordered:
        if left.stack:
            yield _stack_goes(region, left.stack.state)
    for region, left in ordered:
        for name, table in left.tables.items():
            yield _table_goes(region, name, table, wish)
    for region, left in ordered:
        for name in left.buckets:
            yield Step(Action.DELETE_BUCKET, region, name)
    for region, left in ordered:
        if left.secret:
            yield Step(Action.DELETE_SECRET, region, left.secret.name)


def _under_way(seen: Seen) -> Iterator[Wait]:
    for region, left in seen.items():
        if left.stack and left.stack.state is StackState.BUSY:
            yield Wait(f"the stack in {region} is {left.stack.status}")
        for name, table in left.tables.items():
            if not table.settled:
                yield Wait(f"DynamoDB is working on table {name} in {region}")


def _stack_goes(region: str, state: StackState) -> Step:
    undeleted = state is StackState.UNDELETED
    return Step(Action.DELETE_STACK_WITHOUT if undeleted else Action.DELETE_STACK, region)


def _table_goes(region: str, name: str, table: Table, wish: Wish) -> Step | Wait:
    # By now the other Regions' tables are gone: the order has them first.
    if region == wish.home and table.replicas:
        where = ", ".join(sorted(table.replicas))
        return Wait(f"DynamoDB has not let go of the replica of {name} in {where}")
    return Step(Action.DELETE_TABLE, region, name)


# -- What would be done ---------------------------------------------------------------------------


def plan(seen: Seen, wish: Wish) -> tuple[list[Step], Stop | None]:
    """The steps if every one went well and AWS finished what it is at, and what forbids them."""
    steps: list[Step] = []
    while found := next_step(seen, wish):
        match found:
            case Step():
                steps.append(found)
                seen = after(found, seen)
            case Wait():
                seen = finished(seen)
            case Stop():
                return steps, found
    return steps, None


def after(step: Step, seen: Seen) -> Seen:
    """What is left when AWS has finished a step."""
    left = seen[step.region]
    match step.action:
        case Action.UNPROTECT:
            open_ = replace(left.tables[step.name], protected=False)
            left = replace(left, tables={**left.tables, step.name: open_})
        case Action.DELETE_STACK | Action.DELETE_STACK_WITHOUT:
            left = replace(left, stack=None)
        case Action.DELETE_TABLE:
            seen = {region: _without_replica(each, step) for region, each in seen.items()}
            left = replace(seen[step.region], tables=_without(left.tables, step.name))
        case Action.DELETE_BUCKET:
            left = replace(left, buckets=_without(left.buckets, step.name))
        case Action.RELEASE_SECRET:
            left = replace(left, secret=Secret(step.name))
        case Action.DELETE_SECRET:
            left = replace(left, secret=None)
    return {**seen, step.region: left}


def _without_replica(left: Leftovers, step: Step) -> Leftovers:
    if step.name not in left.tables:
        return left
    table = left.tables[step.name]
    fewer = replace(table, replicas=table.replicas - {step.region})
    return replace(left, tables={**left.tables, step.name: fewer})


def _without(things: Mapping[str, Thing], name: str) -> Mapping[str, Thing]:
    return {each: thing for each, thing in things.items() if each != name}


def finished(seen: Seen) -> Seen:
    """What is left when AWS has finished what it is at: a stack in the making fails once more."""
    return {region: _finished(left, seen) for region, left in seen.items()}


def _finished(left: Leftovers, seen: Seen) -> Leftovers:
    stack = left.stack
    if stack and stack.state is StackState.BUSY:
        stack = replace(stack, state=StackState.FAILED)
    return replace(
        left,
        stack=stack,
        tables={name: _settled(name, table, seen) for name, table in left.tables.items()},
    )


def _settled(name: str, table: Table, seen: Seen) -> Table:
    # A replica that its own Region no longer knows is on its way out.
    known = frozenset(region for region in table.replicas if name in seen[region].tables)
    return replace(table, settled=True, replicas=known)

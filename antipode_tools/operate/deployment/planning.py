"""Which stack is deployed when, and with which parameters, by what stands.

Nothing is remembered between two runs. What a run has done it sees by its empty change set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from antipode_tools.operate.cleanup.leftovers import StackState
from antipode_tools.operate.deployment.standing import Seen, Stack, Wish, added
from antipode_tools.operate.waiting import Wait
from antipode_tools.project.auth_mode import AuthMode, of_stack
from antipode_tools.project.regions import Region

_HOUR_S = 3600.0
DAY_S = 24 * _HOUR_S

# AppSync takes at most 365 days, and rounds down to the hour.
# https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateApiKey.html
_KEY_LIVES_S = 364 * DAY_S


@dataclass(frozen=True)
class Step:
    """One deployment of one stack.

    Args:
        why: what it is for, after "deploy ireland".
        overrides: parameters beside those of samconfig.toml, which they prevail over.
    """

    region: Region
    why: str
    overrides: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        named = "".join(f" {name}={value}" for name, value in self.overrides.items())
        return f"deploy {self.region.name}: {self.why}{' with' if named else ''}{named}"


@dataclass(frozen=True)
class Plan:
    """The steps in their order, and what has to be known beside them."""

    steps: Sequence[Step]
    notes: Sequence[str] = ()


def under_way(seen: Seen, wish: Wish) -> Wait | None:
    """What AWS is at now, which has to end first."""
    return next(_under_way(seen, wish), None)


def _under_way(seen: Seen, wish: Wish) -> Iterator[Wait]:
    for code, standing in seen.items():
        if standing.stack and standing.stack.state is StackState.BUSY:
            yield Wait(f"the stack in {code} is {standing.stack.status}")
    for code in (wish.home, *(region.code for region in wish.chosen)):
        for name, table in seen[code].tables.items():
            if not table.settled:
                yield Wait(f"DynamoDB is working on table {name} in {code}")


def plan(seen: Seen, wish: Wish, *, now: float, tables_change: bool) -> Plan:
    """The deployments, where nothing forbids them.

    Args:
        now: seconds since 1970.
        tables_change: whether the owner's change set touches tables. The other stacks need them.
    """
    opened = wish.chose(wish.home) and _opens(seen, wish)
    steps = [
        _step(region, seen, wish, now=now, opened=opened)
        for region in _ordered(seen, wish, tables_change=tables_change)
    ]
    if opened:
        protects = {"DeletionProtection": "true"}
        steps.append(Step(wish.owner, "protect the tables", protects))
    return Plan(steps, tuple(_notes(seen, wish, now)))


def relay_due(stack: Stack) -> float:
    """From when on the relay of a Region that was made without announces nothing of the filling of
    its tables, which is over before the stack is made. A stream keeps 24 hours."""
    return stack.created + DAY_S


def _opens(seen: Seen, wish: Wish) -> bool:
    """Whether the owner goes without protection until the last step: when it is made, so that
    CloudFormation can take its tables back, and where it goes without now."""
    owner = seen[wish.home].stack
    wanted = wish.owner.parameters.get("DeletionProtection", "true") == "true"
    return wanted and (owner is None or not owner.protects)


def _ordered(seen: Seen, wish: Wish, *, tables_change: bool) -> list[Region]:
    first = tables_change or seen[wish.home].stack is None or bool(added(seen, wish))
    if not first:
        return list(wish.chosen)
    return sorted(wish.chosen, key=lambda region: region.code != wish.home)


def _step(region: Region, seen: Seen, wish: Wish, *, now: float, opened: bool) -> Step:
    stack = seen[region.code].stack
    owns = region.code == wish.home
    overrides: dict[str, str] = {"DeletionProtection": "false"} if owns and opened else {}
    if stack is None or stack.imported:
        why = "add the rest to the tables of its stack" if stack else "make its stack"
        return Step(region, why, overrides | _at_first(region, seen, wish, now))
    if wish.relay_on and not stack.relays:
        return Step(region, "switch its relay on", overrides | {"RelayEnabled": "true"})
    if owns and (new := sorted(added(seen, wish))):
        return Step(region, f"make replicas in {', '.join(new)}", overrides)
    return Step(region, "update its stack", overrides)


def _at_first(region: Region, seen: Seen, wish: Wish, now: float) -> dict[str, str]:
    """What a stack is made with, unless samconfig.toml names it."""
    chosen: dict[str, str] = {}
    if AuthMode.API_KEY in of_stack(region.parameters):
        ends = (now + _KEY_LIVES_S) // _HOUR_S * _HOUR_S
        chosen["ApiKeyExpires"] = str(int(ends))
    taken_in = seen[region.code].stack is not None
    if (region.code != wish.home or taken_in) and _full(seen, wish):
        chosen["RelayEnabled"] = "false"
    return {name: value for name, value in chosen.items() if name not in region.parameters}


def _full(seen: Seen, wish: Wish) -> bool:
    return any(table.holds_items for table in seen[wish.home].tables.values())


def _notes(seen: Seen, wish: Wish, now: float) -> Iterator[str]:
    for region in wish.chosen:
        stack = seen[region.code].stack
        named = "RelayEnabled" in region.parameters
        new = stack is None or stack.imported
        if new and "RelayEnabled" in _at_first(region, seen, wish, now):
            yield (
                f"the tables hold items, so {region.name} is made with its relay off, lest it"
                f" announce them all: a day later, antipode deploy {region.name} --relay-on"
            )
        elif stack and not stack.relays and not wish.relay_on and not named:
            yield f"the relay in {region.name} is off and stays off, {_when(stack, region, now)}"


def _when(stack: Stack, region: Region, now: float) -> str:
    hours = (relay_due(stack) - now) / _HOUR_S
    command = f"antipode deploy {region.name} --relay-on"
    return f"until {command} in {hours:.0f} h" if hours > 0 else f"until {command}"

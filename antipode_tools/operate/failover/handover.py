"""What to do next, so that a name is served by one Region and by no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum

from antipode_tools.operate.waiting import Wait


class Status(StrEnum):
    """How far an association is, in AppSync's words."""

    PROCESSING = "PROCESSING"
    FAILED = "FAILED"
    SUCCESS = "SUCCESS"


@dataclass(frozen=True)
class Association:
    """A name's API. Its detail is AppSync's, for one that failed."""

    api_id: str
    status: Status
    detail: str = ""


@dataclass(frozen=True)
class Held:
    """A Region has the name.

    Args:
        target: what DNS has to point to.
        zone: the target's hosted zone, for an alias record.
    """

    target: str
    zone: str
    association: Association | None = None


@dataclass(frozen=True)
class Silent:
    """A Region does not say whether it has the name."""

    why: str


@dataclass(frozen=True)
class Seen:
    """The state of the name everywhere.

    Args:
        regions: each Region that does not have it is None.
        pointer: what its DNS record points to.
    """

    regions: Mapping[str, Held | Silent | None]
    pointer: str | None


@dataclass(frozen=True)
class Wish:
    """What the name is to become.

    Args:
        lost: go on although another Region is silent, as if it did not have the name.
    """

    name: str
    to: str
    api_id: str
    certificate: str
    lost: bool = False


class Action(Enum):
    """What can be done, each a call of AppSync's or Route 53's."""

    DISASSOCIATE = "take the API off {name} in {region}"
    DELETE = "delete {name} in {region}"
    CREATE = "create {name} in {region}"
    ASSOCIATE = "put {name} in front of the API of {region}"
    POINT = "point the DNS record of {name} to {region}"


@dataclass(frozen=True)
class Step:
    """One action in one Region."""

    action: Action
    region: str

    def described(self, name: str) -> str:
        """The step in words."""
        return self.action.value.format(name=name, region=self.region)


@dataclass(frozen=True)
class Stop:
    """It cannot go on."""

    why: str


Next = Step | Wait | Stop | None


def next_step(seen: Seen, wish: Wish) -> Next:
    """What comes next; None where the name is as it is wished."""
    to = seen.regions[wish.to]
    if isinstance(to, Silent):  # before anything is taken from where it is
        return Stop(f"{wish.to}, which the name is to move to, does not answer: {to.why}")
    for region, held in seen.regions.items():
        if region != wish.to and (found := _freeing(region, held, wish)):
            return found
    return Step(Action.CREATE, wish.to) if to is None else _serving(to, seen.pointer, wish)


def _freeing(region: str, held: Held | Silent | None, wish: Wish) -> Next:
    match held:
        case Silent(why) if not wish.lost:
            return Stop(
                f"{region} does not answer, and may hold the name: {why}."
                " Nothing was changed there. If it does not hold it, continue with --lost;"
                " if it does, the name cannot be moved until it answers again (docs/routing.md)"
            )
        case Held(association=Association(status=Status.PROCESSING)):
            return Wait(f"AppSync is still working on the name in {region}")
        case Held(association=Association()):
            return Step(Action.DISASSOCIATE, region)
        case Held():
            return Step(Action.DELETE, region)
        case Silent() | None:
            return None


def _serving(held: Held, pointer: str | None, wish: Wish) -> Next:
    match held.association:
        case None:
            return Step(Action.ASSOCIATE, wish.to)
        case Association(status=Status.PROCESSING):
            return Wait(f"AppSync is still working on the name in {wish.to}")
        case Association(api_id=api_id, status=status):
            if status is Status.FAILED or api_id != wish.api_id:
                return Step(Action.DISASSOCIATE, wish.to)
    return None if pointer == held.target else Step(Action.POINT, wish.to)


# -- What would be done ---------------------------------------------------------------------------

# In place of what only AWS can tell.
NEW = Held("the name's new distribution", "")


@dataclass
class Plan:
    """The steps from what is seen to what is wished, and what stands in their way."""

    steps: list[Step] = field(default_factory=list)
    stop: Stop | None = None


def plan(seen: Seen, wish: Wish) -> Plan:
    """What would be done if every step went well and AWS finished what it is at."""
    planned = Plan()
    for found in _foreseen(seen, wish):
        match found:
            case Step():
                planned.steps.append(found)
            case Stop():
                planned.stop = found
    return planned


def _foreseen(seen: Seen, wish: Wish) -> Iterator[Step | Stop]:
    while found := next_step(seen, wish):
        match found:
            case Step():
                seen = after(found, seen, wish)
                yield found
            case Wait():
                seen = _finished(seen)
            case Stop():
                yield found
                return


def after(step: Step, seen: Seen, wish: Wish) -> Seen:
    """What is to be seen when AWS has finished a step."""
    held = seen.regions[step.region]
    match step.action, held:
        case Action.CREATE, _:
            return _with(seen, step.region, NEW)
        case Action.DELETE, _:
            return _with(seen, step.region, None)
        case Action.DISASSOCIATE, Held():
            return _with(seen, step.region, replace(held, association=None))
        case Action.ASSOCIATE, Held():
            served = Association(wish.api_id, Status.SUCCESS)
            return _with(seen, step.region, replace(held, association=served))
        case Action.POINT, Held(target=target):
            return replace(seen, pointer=target)
        case _:
            raise ValueError(f"{step} cannot be taken where {step.region} is {held}")


def _with(seen: Seen, region: str, held: Held | None) -> Seen:
    return replace(seen, regions={**seen.regions, region: held})


def _finished(seen: Seen) -> Seen:
    return replace(seen, regions={region: _done(held) for region, held in seen.regions.items()})


def _done(held: Held | Silent | None) -> Held | Silent | None:
    match held:
        case Held(association=Association(status=Status.PROCESSING) as association):
            return replace(held, association=replace(association, status=Status.SUCCESS))
        case _:
            return held

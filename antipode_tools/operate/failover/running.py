"""A hand-over, step by step, from whatever state it is in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from antipode_tools.operate.failover.handover import (
    Action,
    Held,
    Seen,
    Silent,
    Step,
    Stop,
    Wish,
    next_step,
)
from antipode_tools.operate.failover.ports import Domains, Names, SilentError
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.waiting import BusyError, Patience, Wait

# A distribution lets go of its name within minutes, as a rule.
PATIENCE_S = 2_700.0


@dataclass
class HandOver:
    """Moves a name.

    Args:
        say: called with each step before it is taken, and with what is waited for.
        clock: seconds that only rise.
        patience_s: how long it waits for AWS in all.
    """

    wish: Wish
    domains: Mapping[str, Domains]
    names: Names
    say: Callable[[str], None]
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    patience_s: float = PATIENCE_S
    _taken: list[Step] = field(default_factory=list)

    def look(self) -> Seen:
        """The state of the name now.

        Raises:
            OperationError: a Region refuses to tell, or the zone cannot be read.
        """
        regions = {region: self._held(region) for region in self.domains}
        return Seen(regions, self.names.pointer(self.wish.name))

    def run(self) -> list[Step]:
        """Takes every step that is needed; returns those that were taken.

        Raises:
            OperationError: it cannot go on. What was done stays: mend the cause, and run it again.
        """
        patience = Patience(self.patience_s, self.say, self.clock, self.sleep)
        while True:
            match next_step(seen := self.look(), self.wish):
                case None:
                    return self._taken
                case Stop(why):
                    raise OperationError(why)
                case Wait(why):
                    patience.wait(why)
                case Step() as step:
                    self._take(step, seen, patience)

    def _held(self, region: str) -> Held | Silent | None:
        try:
            return self.domains[region].find(self.wish.name)
        except SilentError as error:
            return Silent(str(error))

    def _take(self, step: Step, seen: Seen, patience: Patience) -> None:
        described = step.described(self.wish.name)
        if _undoes(step, self._taken):
            raise OperationError(_failed(seen.regions[step.region], self.wish))
        if step in self._taken:
            return patience.wait(f"AWS has not done it yet: {described}")
        self.say(described)
        try:
            self._act(step, seen)
        except BusyError as error:
            return patience.wait(str(error))
        self._taken.append(step)
        return None

    def _act(self, step: Step, seen: Seen) -> None:
        domains, name = self.domains[step.region], self.wish.name
        held = seen.regions[step.region]
        match step.action, held:
            case Action.DISASSOCIATE, _:
                domains.disassociate(name)
            case Action.DELETE, _:
                domains.delete(name)
            case Action.CREATE, _:
                domains.create(name, self.wish.certificate)
            case Action.ASSOCIATE, _:
                domains.associate(name, self.wish.api_id)
            case Action.POINT, Held():
                self.names.point(name, held)
            case _:
                raise ValueError(f"{step} cannot be taken where {step.region} is {held}")


def _undoes(step: Step, taken: list[Step]) -> bool:
    """Whether what was made in this run has turned out to be no good."""
    made = Step(Action.ASSOCIATE, step.region)
    return step.action is Action.DISASSOCIATE and made in taken


def _failed(held: Held | Silent | None, wish: Wish) -> str:
    detail = "it gives no reason"
    if isinstance(held, Held) and held.association and held.association.detail:
        detail = held.association.detail
    return (
        f"AppSync could not put {wish.name} in front of {wish.api_id}: {detail}."
        " Fix that and run this again: it continues from there"
    )

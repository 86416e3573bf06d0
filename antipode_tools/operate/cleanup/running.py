"""A clean-up, step by step, from whatever state things are in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from antipode_tools.operate.cleanup.leftovers import Leftovers, Seen, Wish
from antipode_tools.operate.cleanup.planning import Action, Step, Stop, next_step
from antipode_tools.operate.cleanup.ports import Buckets, Secrets, Stacks, Tables
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.waiting import BusyError, Patience, Wait

# A replica goes within minutes; a stack that waits for its own time-outs takes up to an hour.
PATIENCE_S = 4_500.0


@dataclass(frozen=True)
class RegionServices:
    """What a clean-up calls in one Region.

    Args:
        secrets: of the home Region alone.
    """

    stacks: Stacks
    tables: Tables
    buckets: Buckets
    secrets: Secrets | None = None

    def look(self) -> Leftovers:
        return Leftovers(
            self.stacks.find(),
            self.tables.find(),
            self.buckets.find(),
            self.secrets.find() if self.secrets else None,
        )


@dataclass
class Cleanup:
    """Deletes what a first deployment has left.

    Args:
        say: called with each step before it is taken, and with what is waited for.
        clock: seconds that only rise.
    """

    wish: Wish
    regions: Mapping[str, RegionServices]
    say: Callable[[str], None]
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    patience_s: float = PATIENCE_S
    _taken: list[Step] = field(default_factory=list)

    def look(self) -> Seen:
        """What is left now. Changes nothing.

        Raises:
            OperationError: a Region does not answer, or refuses to tell.
        """
        return {region: services.look() for region, services in self.regions.items()}

    def run(self) -> list[Step]:
        """Deletes everything; returns the steps that were taken.

        Raises:
            OperationError: it cannot go on. Mend the cause, and run it again.
        """
        patience = Patience(self.patience_s, self.say, self.clock, self.sleep)
        while True:
            match next_step(seen := self.look(), self.wish):
                case None:
                    return self._taken
                case Stop(reasons):
                    raise OperationError("; ".join(reasons))
                case Wait(why):
                    patience.wait(why)
                case Step() as step:
                    self._take(step, seen, patience)

    def _take(self, step: Step, seen: Seen, patience: Patience) -> None:
        if step in self._taken:
            if step.action is Action.DELETE_STACK_WITHOUT:
                raise OperationError(_will_not_go(step.region, seen))
            return patience.wait(f"AWS has not done it yet: {step}")
        self.say(str(step))
        try:
            self._act(step, seen[step.region])
        except BusyError as error:
            return patience.wait(str(error))
        self._taken.append(step)
        return None

    def _act(self, step: Step, left: Leftovers) -> None:
        services = self.regions[step.region]
        match step.action:
            case Action.UNPROTECT:
                services.tables.unprotect(step.name)
            case Action.DELETE_STACK:
                services.stacks.delete()
            case Action.DELETE_STACK_WITHOUT:
                services.stacks.delete_without()
            case Action.DELETE_TABLE:
                services.tables.delete(step.name)
            case Action.DELETE_BUCKET:
                services.buckets.delete(step.name)
            case Action.RELEASE_SECRET:
                if services.secrets and left.secret:
                    services.secrets.release(left.secret)
            case Action.DELETE_SECRET:
                if services.secrets:
                    services.secrets.delete(step.name)


def _will_not_go(region: str, seen: Seen) -> str:
    stack = seen[region].stack
    reason = (stack and stack.reason) or "CloudFormation gives no reason"
    return f"the stack in {region} cannot be deleted: {reason}. Fix that and run this again"

"""One Region's deployment, from its beginning until the Region serves and its alarms are still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from antipode_tools.operate.cleanup.leftovers import StackState
from antipode_tools.operate.deployment.ports import Alarms, Api, Stacks, Tables
from antipode_tools.operate.deployment.standing import Stack, Standing
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.waiting import PAUSE_S, Patience
from antipode_tools.project.regions import Region

# A replica of a small table is there within minutes; the function that waits for it, ten.
STACK_PATIENCE_S = 5_400.0
# A cold start, a certificate, an alarm that is off again.
HEALTH_PATIENCE_S = 300.0


@dataclass(frozen=True)
class RegionServices:
    """What a deployment calls in one Region."""

    stacks: Stacks
    tables: Tables
    api: Api
    alarms: Alarms

    def look(self) -> Standing:
        return Standing(self.stacks.find(), self.tables.find())


@dataclass(frozen=True)
class Time:
    """Where time comes from.

    Args:
        now: seconds since 1970.
        clock: seconds that only rise.
    """

    now: Callable[[], float]
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    def patience(self, seconds: float, say: Callable[[str], None]) -> Patience:
        return Patience(seconds, say, self.clock, self.sleep)


@dataclass(frozen=True)
class Following:
    """Carries a change set out, and follows what becomes of it.

    Args:
        watch_s: how long alarms are watched once the Region serves.
    """

    region: Region
    services: RegionServices
    time: Time
    say: Callable[[str], None]
    watch_s: float

    def deployed(self, before: Stack | None, change_set: str) -> Stack:
        """The stack, once its Region serves.

        Raises:
            OperationError: it failed, or does not serve, or an alarm rings that did not before.
        """
        since = self.time.now()
        rang = self.services.alarms.ringing() if self.watch_s else frozenset[str]()
        self.services.stacks.execute(change_set)
        stack = self._finished(before)
        if stack.status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            causes = self.services.stacks.failures(since) or [stack.reason or "it says not why"]
            raise OperationError(
                f"{self.region.name} is {stack.status}, by CloudFormation: {'; '.join(causes)}"
            )
        self._await_health(stack)
        self._watch(rang)
        return stack

    def _finished(self, before: Stack | None) -> Stack:
        """The stack once its change set was carried out, well or not."""
        patience = self.time.patience(STACK_PATIENCE_S, self.say)
        code = self.region.code
        while True:
            stack = self.services.stacks.find()
            if stack and stack.state is not StackState.BUSY and _moved(before, stack):
                return stack
            patience.wait(f"the stack in {code} is {stack.status if stack else 'not there'}")

    def _await_health(self, stack: Stack) -> None:
        patience = self.time.patience(HEALTH_PATIENCE_S, self.say)
        while ailment := self.services.api.ailment(stack.outputs):
            patience.wait(f"{self.region.name} does not serve: {ailment}")

    def _watch(self, rang: frozenset[str]) -> None:
        until = self.time.clock() + self.watch_s
        name = self.region.name
        if self.watch_s:
            self.say(f"{name}: watching its alarms for {self.watch_s / 60:.0f} minutes")
        while self.time.clock() < until:
            if new := self.services.alarms.ringing() - rang:
                raise OperationError(f"{name} is in alarm: {', '.join(sorted(new))}")
            self.time.sleep(PAUSE_S)


def _moved(before: Stack | None, now: Stack) -> bool:
    """Whether CloudFormation has begun: an update shows at once by its time."""
    return before is None or (now.status, now.updated) != (before.status, before.updated)

"""A deployment, Region by Region, from whatever stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from antipode_tools.operate.deployment.change_set import ChangeSet
from antipode_tools.operate.deployment.clients import noticed
from antipode_tools.operate.deployment.following import (
    STACK_PATIENCE_S,
    Following,
    RegionServices,
    Time,
)
from antipode_tools.operate.deployment.planning import Plan, Step, plan, relay_due, under_way
from antipode_tools.operate.deployment.ports import Guard, Probe, Sam
from antipode_tools.operate.deployment.refusals import refusals
from antipode_tools.operate.deployment.standing import Seen, Stack, Wish
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.project.regions import Region


@dataclass(frozen=True)
class Schemas:
    """The schema to come, and what AppSync adds to any."""

    coming: str
    appsync: str


@dataclass
class Deployment:
    """Deploys the chosen Regions.

    Args:
        say: called with each thing that is done, seen or waited for.
        probe: tries a Region out once it is healthy.
        watch_s: how long each Region's alarms are watched after that.
        guard: has CloudFormation take back what an alarm rings for.
    """

    wish: Wish
    regions: Mapping[str, RegionServices]
    sam: Sam
    schemas: Schemas
    say: Callable[[str], None]
    time: Time
    probe: Probe
    watch_s: float = 0.0
    guard: Guard = lambda _, change_set: change_set
    drafts: dict[str, ChangeSet | None] = field(default_factory=dict)
    done: list[Region] = field(default_factory=list)

    def prepare(self) -> Plan:
        """Looks, builds, works out the change sets of the stacks that stand, and says it all.

        Raises:
            OperationError: it may not be deployed, or cannot.
        """
        seen = self._settled()
        self._refuse(list(refusals(seen, self.wish)))
        if self.wish.relay_on:
            self._refuse(list(self._too_soon(seen)))
        self.say("building")
        self.sam.build()
        for region in self.wish.chosen:
            if seen[region.code].stack:
                first = self._plan(seen)
                overrides = next(each.overrides for each in first.steps if each.region == region)
                self._draft(region, overrides, seen)
        return self._plan(seen)

    def discard(self) -> None:
        """Deletes the change sets that were worked out and not carried out."""
        for code, draft in self.drafts.items():
            if draft:
                self.regions[code].stacks.discard(draft.id)
        self.drafts.clear()

    def run(self, steps: Sequence[Step]) -> None:
        """Takes the steps, and stops at the first Region that is not well after its own.

        Raises:
            OperationError: it says how to go on, and how to go back.
        """
        for step in steps:
            try:
                self._take(step)
            except OperationError as error:
                raise OperationError(f"{error}\n{self._way_back(step, steps)}") from error
            if step.region not in self.done:
                self.done.append(step.region)

    def _take(self, step: Step) -> None:
        region, seen = step.region, self._settled()
        code = region.code
        if code not in self.drafts:
            self._draft(region, step.overrides, seen)
        draft = self.drafts[code]
        if draft is None:
            del self.drafts[code]
            return
        self.say(f"{region.name}: {step.why}")
        # What is new has no alarms that would ring for it.
        change_set = self.guard(region, draft.id) if seen[code].stack else draft.id
        del self.drafts[code]
        following = Following(region, self.regions[code], self.time, self.say, self.watch_s)
        stack = following.deployed(seen[code].stack, change_set)
        # Without a relay nobody would hear of what it writes.
        if stack.relays and (complaint := self.probe(region)):
            raise OperationError(f"{region.name} is deployed and not as it should be: {complaint}")
        url = stack.outputs.get("GraphqlUrl")
        self.say(f"{region.name}: {stack.status}, and it serves{f' at {url}' if url else ''}")

    def _draft(self, region: Region, overrides: Mapping[str, str], seen: Seen) -> None:
        """Works out a change set and says what it holds."""
        services, standing = self.regions[region.code], seen[region.code]
        found = self.sam.draft(region, overrides)
        draft = services.stacks.describe(found) if found else None
        self.drafts[region.code] = draft
        if draft is None:
            self.say(f"{region.name}: nothing changes")
            return
        self.say(f"{region.name}: {draft.summary()}")
        if standing.stack is None:
            return
        for change in draft.changes:
            self.say(f"  {change}")
        for sentence in self._noticed(services, standing.stack):
            self.say(f"  clients notice: {sentence}")
        self._refuse(list(draft.refusals(region.name)))

    def _noticed(self, services: RegionServices, stack: Stack) -> list[str]:
        if "ApiId" not in stack.outputs:
            return []
        try:
            served = services.api.schema(stack.outputs["ApiId"])
        except OperationError as error:
            return [f"nobody can say what: {error}"]
        return noticed(served, self.schemas.coming, self.schemas.appsync)

    def _refuse(self, reasons: Sequence[str]) -> None:
        if reasons:
            self.discard()
            raise OperationError("; ".join(reasons))

    def _too_soon(self, seen: Seen) -> Iterator[str]:
        for region in self.wish.chosen:
            stack = seen[region.code].stack
            if stack and not stack.relays and (rest := relay_due(stack) - self.time.now()) > 0:
                yield (
                    f"the relay in {region.name} would announce what its tables were filled with:"
                    f" switch it on in {rest / 3600:.0f} h"
                )

    def _plan(self, seen: Seen) -> Plan:
        owners = self.drafts.get(self.wish.home)
        tables_change = bool(owners and owners.touches_tables)
        return plan(seen, self.wish, now=self.time.now(), tables_change=tables_change)

    def _settled(self) -> Seen:
        """What stands once AWS has finished what it is at."""
        patience = self.time.patience(STACK_PATIENCE_S, self.say)
        while True:
            seen = {code: services.look() for code, services in self.regions.items()}
            if (wait := under_way(seen, self.wish)) is None:
                return seen
            patience.wait(wait.why)

    def _way_back(self, at: Step, steps: Sequence[Step]) -> str:
        names = [region.name for region in self.done if region != at.region]
        left = dict.fromkeys(each.region.name for each in steps[steps.index(at) :])
        on = f"to go on: mend that, then antipode deploy {' '.join(left)}"
        if not names:
            return on
        return (
            f"{', '.join(names)} already {'has' if len(names) == 1 else 'have'} the new version."
            f" {on[0].upper()}{on[1:]}. To go back: check out what was deployed before, then"
            f" antipode deploy {' '.join(names)}"
        )

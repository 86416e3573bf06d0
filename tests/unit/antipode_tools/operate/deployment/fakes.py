"""Regions in memory, whose stacks are as wanted the moment that a change set is carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from antipode_tools.operate.cleanup.cloudformation import state_of
from antipode_tools.operate.cleanup.leftovers import StackState, Table
from antipode_tools.operate.deployment.change_set import Action, Change, ChangeSet
from antipode_tools.operate.deployment.following import RegionServices, Time
from antipode_tools.operate.deployment.planning import DAY_S
from antipode_tools.operate.deployment.running import Deployment, Schemas
from antipode_tools.operate.deployment.standing import Stack, Standing, Wish
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.project.regions import Region
from tests.fakes.clock import Clock

HOME, AWAY, THIRD = "eu-west-1", "ap-southeast-2", "us-east-1"
TABLE = "antipode-ItemsModel"
NOW = 100 * DAY_S
KEY_ENDS = str(int(NOW + 364 * DAY_S))
PARAMETERS = {
    "HomeRegion": HOME,
    "Regions": f"{HOME},{AWAY}",
    "AuthMode": "API_KEY",
    "DeletionProtection": "true",
}
IRELAND = Region("ireland", HOME, "antipode", PARAMETERS)
SYDNEY = replace(IRELAND, name="sydney", code=AWAY)
API_CHANGE = Change(Action.MODIFY, "Schema", "AWS::AppSync::GraphQLSchema")
SCHEMA = "type Query { getItemsModel(id: ID): String }"


def of_three(region: Region) -> Region:
    """The same Region where a third is wanted."""
    return replace(region, parameters={**PARAMETERS, "Regions": f"{HOME},{AWAY},{THIRD}"})


VIRGINIA = replace(of_three(IRELAND), name="virginia", code=THIRD)


def wish(*chosen: Region, every: Sequence[Region] = (IRELAND, SYDNEY)) -> Wish:
    return Wish(HOME, chosen or every, {each.code: each for each in every}, [TABLE])


def stack(status: str = "CREATE_COMPLETE", **parameters: str) -> Stack:
    """A stack that has stood for long, deployed with these parameters."""
    return Stack(status, state_of(status), parameters={**PARAMETERS, **parameters})


def standing(*codes: str, **tables: Table) -> dict[str, Standing]:
    """Stacks in these Regions, and a table in each with replicas in the others."""
    return {
        code: Standing(
            stack(), {TABLE: Table(protected=True, replicas=frozenset(codes) - {code}), **tables}
        )
        for code in codes
    }


def nothing(*codes: str) -> dict[str, Standing]:
    return {code: Standing() for code in codes}


@dataclass
class FakeCloud:
    """All Regions.

    Args:
        version: of the project; a stack of another differs from it.
        versions: of each Region's stack.
        changes: what a Region's change set holds.
        fails: the status that the stack of a Region gets in the place of a good one.
        ailments: what ails each Region, once for each time that it is asked.
        alarms: which ring in each Region, once for each time that they are asked for.
        before: called before anything is carried out; may raise.
        carried: what was deployed, with what overrides.
    """

    seen: dict[str, Standing]
    version: int = 2
    versions: dict[str, int] = field(default_factory=dict)
    changes: Mapping[str, Sequence[Change]] = field(default_factory=dict)
    fails: dict[str, str] = field(default_factory=dict)
    ailments: dict[str, list[str]] = field(default_factory=dict)
    alarms: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    served: str = SCHEMA
    before: Callable[[str], None] = lambda _: None
    carried: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)
    builds: int = 0
    drafts: dict[str, tuple[Region, Mapping[str, str]]] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

    # -- The SAM CLI --

    def build(self) -> None:
        self.builds += 1

    def draft(self, region: Region, overrides: Mapping[str, str]) -> str | None:
        there = self.seen[region.code].stack
        named = {**region.parameters, **overrides}
        current = self.versions.get(region.code, 1) == self.version
        if there and current and named.items() <= there.parameters.items():
            return None
        made = f"{region.code}/{len(self.drafts)}"
        self.drafts[made] = (region, overrides)
        return made

    # -- CloudFormation --

    def carry_out(self, change_set: str) -> None:
        region, overrides = self.drafts[change_set]
        self.before(region.code)
        self.carried.append((region.name, overrides))
        code, there = region.code, self.seen[region.code].stack
        good = "UPDATE_COMPLETE" if there else "CREATE_COMPLETE"
        status = self.fails.get(code, good)
        now = NOW + self.clock() + len(self.carried)
        made = Stack(
            status,
            state_of(status),
            parameters={**(there.parameters if there else {}), **region.parameters, **overrides},
            outputs={"ApiId": f"api-{code}", "GraphqlUrl": f"https://{code}/graphql"},
            created=there.created if there else now,
            updated=now if there else 0.0,
        )
        self.seen[code] = replace(self.seen[code], stack=made)
        if status == good:
            self.versions[code] = self.version
            if code == HOME:
                self._replicate(made.regions)

    def _replicate(self, regions: frozenset[str]) -> None:
        for code in regions & self.seen.keys():
            table = Table(holds_items=self._holds_items(), replicas=regions - {code})
            self.seen[code] = replace(self.seen[code], tables={TABLE: table})

    def _holds_items(self) -> bool:
        return any(table.holds_items for table in self.seen[HOME].tables.values())

    # -- One Region --

    def services(self) -> dict[str, RegionServices]:
        return {
            code: RegionServices(
                FakeStacks(self, code),
                FakeTables(self, code),
                FakeApi(self, code),
                FakeAlarms(self, code),
            )
            for code in self.seen
        }

    def deployment(self, wanted: Wish, said: list[str], probe: object = None) -> Deployment:
        def unprobed(region: Region) -> str:
            return ""

        return Deployment(
            wanted,
            self.services(),
            self,
            Schemas(SCHEMA, "scalar AWSJSON"),
            said.append,
            Time(lambda: NOW, self.clock, self.clock.sleep),
            probe if callable(probe) else unprobed,
        )


@dataclass
class FakeStacks:
    cloud: FakeCloud
    code: str

    def find(self) -> Stack | None:
        found = self.cloud.seen[self.code].stack
        if found and found.state is StackState.BUSY:  # it is done when it is asked again
            done = found.status.replace("_IN_PROGRESS", "_COMPLETE")
            ended = replace(found, status=done, state=state_of(done))
            self.cloud.seen[self.code] = replace(self.cloud.seen[self.code], stack=ended)
        return found

    def describe(self, change_set: str) -> ChangeSet:
        return ChangeSet(change_set, self.cloud.changes.get(self.code, [API_CHANGE]))

    def execute(self, change_set: str) -> None:
        self.cloud.carry_out(change_set)

    def discard(self, change_set: str) -> None:
        self.cloud.discarded.append(change_set)

    def failures(self, since: float) -> Sequence[str]:
        return ["RelayFunction: it is not to be"]


@dataclass
class FakeTables:
    cloud: FakeCloud
    code: str

    def find(self) -> Mapping[str, Table]:
        return self.cloud.seen[self.code].tables


@dataclass
class FakeApi:
    cloud: FakeCloud
    code: str

    def schema(self, api_id: str) -> str:
        if self.cloud.served == "AccessDenied":
            raise OperationError(self.cloud.served)
        return self.cloud.served

    def ailment(self, outputs: Mapping[str, str]) -> str:
        left = self.cloud.ailments.get(self.code, [])
        return left.pop(0) if left else ""


@dataclass
class FakeAlarms:
    cloud: FakeCloud
    code: str

    def ringing(self) -> frozenset[str]:
        left = self.cloud.alarms.get(self.code, [])
        return left.pop(0) if left else frozenset()


def unreachable(code: str) -> Callable[[str], None]:
    """A Region that is down."""

    def before(deployed: str) -> None:
        if deployed == code:
            raise OperationError(f"cannot deploy stack antipode in {code}: no route to host")

    return before

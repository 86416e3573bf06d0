"""Regions in memory, whose stacks and tables go the moment that they are told to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from antipode_tools.operate.cleanup.leftovers import (
    Bucket,
    Leftovers,
    Secret,
    Stack,
    StackState,
    Table,
)
from antipode_tools.operate.cleanup.planning import Action, Step, after
from antipode_tools.operate.cleanup.running import RegionServices

IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"
TABLE = "antipode-ItemsModel"
FAILED = Stack(StackState.FAILED, "ROLLBACK_FAILED")
SECRET = "antipode-token"
BUCKET = "antipode-onfailurebucket-1a2b"


def failed_deployment() -> dict[str, Leftovers]:
    """A first deployment of the home Region, whose rollback could not delete the table."""
    return {
        IRELAND: Leftovers(
            FAILED,
            {TABLE: Table(protected=True, replicas=frozenset({SYDNEY}))},
            {BUCKET: Bucket()},
            Secret(SECRET, frozenset({SYDNEY})),
        ),
        SYDNEY: Leftovers(None, {TABLE: Table(protected=True, replicas=frozenset({IRELAND}))}),
    }


@dataclass
class FakeCloud:
    """All Regions.

    Args:
        before: called before each step is carried out; may raise.
        stuck: Regions whose stack ends in DELETE_FAILED when it is deleted whole.
    """

    regions: dict[str, Leftovers] = field(default_factory=failed_deployment)
    before: Callable[[Step], None] = lambda _: None
    stuck: set[str] = field(default_factory=set)
    done: list[Step] = field(default_factory=list)

    def services(self) -> dict[str, RegionServices]:
        return {region: self.at(region) for region in self.regions}

    def at(self, region: str) -> RegionServices:
        return RegionServices(
            FakeStacks(self, region),
            FakeTables(self, region),
            FakeBuckets(self, region),
            FakeSecrets(self, region),
        )

    def carry_out(self, step: Step) -> None:
        self.before(step)
        self.done.append(step)
        if step.action is Action.DELETE_STACK and step.region in self.stuck:
            left = self.regions[step.region]
            undeleted = Stack(StackState.UNDELETED, "DELETE_FAILED", "the role is in use")
            self.regions[step.region] = replace(left, stack=undeleted)
            return
        self.regions = dict(after(step, self.regions))


@dataclass
class FakeStacks:
    cloud: FakeCloud
    region: str

    def find(self) -> Stack | None:
        return self.cloud.regions[self.region].stack

    def delete(self) -> None:
        self.cloud.carry_out(Step(Action.DELETE_STACK, self.region))

    def delete_without(self) -> None:
        self.cloud.carry_out(Step(Action.DELETE_STACK_WITHOUT, self.region))


@dataclass
class FakeTables:
    cloud: FakeCloud
    region: str

    def find(self) -> Mapping[str, Table]:
        return self.cloud.regions[self.region].tables

    def unprotect(self, name: str) -> None:
        self.cloud.carry_out(Step(Action.UNPROTECT, self.region, name))

    def delete(self, name: str) -> None:
        self.cloud.carry_out(Step(Action.DELETE_TABLE, self.region, name))


@dataclass
class FakeBuckets:
    cloud: FakeCloud
    region: str

    def find(self) -> Mapping[str, Bucket]:
        return self.cloud.regions[self.region].buckets

    def delete(self, name: str) -> None:
        self.cloud.carry_out(Step(Action.DELETE_BUCKET, self.region, name))


@dataclass
class FakeSecrets:
    cloud: FakeCloud
    region: str

    def find(self) -> Secret | None:
        return self.cloud.regions[self.region].secret

    def release(self, secret: Secret) -> None:
        self.cloud.carry_out(Step(Action.RELEASE_SECRET, self.region, secret.name))

    def delete(self, name: str) -> None:
        self.cloud.carry_out(Step(Action.DELETE_SECRET, self.region, name))

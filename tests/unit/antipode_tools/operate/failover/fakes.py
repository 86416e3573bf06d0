"""AppSync and Route 53 in memory, which take their time and may fail at any call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from antipode_tools.operate.failover.handover import Association, Held, Status, Wish
from antipode_tools.operate.failover.ports import SilentError
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.waiting import BusyError
from tests.fakes.clock import Clock

NAME = "api.example.com"
IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"
APIS = {IRELAND: "api-of-ireland", SYDNEY: "api-of-sydney"}
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"
WISH = Wish(NAME, SYDNEY, APIS[SYDNEY], CERTIFICATE)


def target(region: str) -> str:
    """The distribution that AppSync makes for the name in a Region."""
    return f"{region}.cloudfront.net"


def held(region: str, status: Status | None = None, api_id: str | None = None) -> Held:
    association = Association(api_id or APIS[region], status) if status else None
    return Held(target(region), "Z2FDTNDATAQYW2", association)


@dataclass
class FakeCloud:
    """All Regions, which share the names of CloudFront.

    Args:
        slow_s: how long AWS takes for each thing that it finishes later.
        broken: the Regions that do not answer.
        fails: called before each call that changes something; may raise.
        refuses: the reason why no association succeeds.
    """

    clock: Clock = field(default_factory=Clock)
    regions: dict[str, Held] = field(default_factory=dict)
    pointer: str | None = None
    slow_s: float = 30.0
    broken: set[str] = field(default_factory=set)
    fails: Callable[[str], None] = lambda _: None
    refuses: str = ""
    calls: list[str] = field(default_factory=list)
    ready_at: float = 0.0
    free_at: float = 0.0

    def domains(self, region: str) -> FakeDomains:
        return FakeDomains(self, region)

    def called(self, what: str) -> None:
        self.fails(what)
        self.calls.append(what)


@dataclass
class FakeDomains:
    """One Region's."""

    cloud: FakeCloud
    region: str

    def find(self, name: str) -> Held | None:
        self._answer()
        found = self.cloud.regions.get(self.region)
        if found and found.association and found.association.status is Status.PROCESSING:
            return self._finished(found)
        return found

    def create(self, name: str, certificate: str) -> None:
        self._answer()
        if self.cloud.regions or self.cloud.clock() < self.cloud.free_at:
            raise BusyError("the CNAME is already associated with a different resource")
        self.cloud.called(f"create in {self.region}")
        self.cloud.regions[self.region] = held(self.region)

    def delete(self, name: str) -> None:
        self._answer()
        self.cloud.called(f"delete in {self.region}")
        if self.cloud.regions[self.region].association:
            raise OperationError("the name has an API")
        del self.cloud.regions[self.region]
        self.cloud.free_at = self.cloud.clock() + self.cloud.slow_s

    def associate(self, name: str, api_id: str) -> None:
        self._answer()
        self.cloud.called(f"associate in {self.region}")
        self._associated(Association(api_id, Status.PROCESSING))

    def disassociate(self, name: str) -> None:
        self._answer()
        self.cloud.called(f"disassociate in {self.region}")
        self._associated(None)

    def _answer(self) -> None:
        if self.region in self.cloud.broken:
            raise SilentError("no answer")

    def _associated(self, association: Association | None) -> None:
        found = self.cloud.regions[self.region]
        self.cloud.regions[self.region] = replace(found, association=association)
        self.cloud.ready_at = self.cloud.clock() + self.cloud.slow_s

    def _finished(self, found: Held) -> Held:
        assert found.association
        if self.cloud.clock() < self.cloud.ready_at:
            return found
        status = Status.FAILED if self.cloud.refuses else Status.SUCCESS
        association = replace(found.association, status=status, detail=self.cloud.refuses)
        self.cloud.regions[self.region] = replace(found, association=association)
        return self.cloud.regions[self.region]


@dataclass
class FakeNames:
    """The zone."""

    cloud: FakeCloud

    def pointer(self, name: str) -> str | None:
        return self.cloud.pointer

    def point(self, name: str, held: Held) -> None:
        self.cloud.called("point")
        self.cloud.pointer = held.target

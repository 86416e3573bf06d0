"""What a deployment needs of the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from antipode_tools.operate.cleanup.leftovers import Table
from antipode_tools.operate.deployment.change_set import ChangeSet
from antipode_tools.operate.deployment.standing import Stack
from antipode_tools.project.regions import Region


class Stacks(Protocol):
    """The one stack in a Region. Every method may raise OperationError."""

    def find(self) -> Stack | None:
        """The stack, if there is one that ever was deployed or tried."""

    def describe(self, change_set: str) -> ChangeSet:
        """What a change set holds that was made."""

    def execute(self, change_set: str) -> None:
        """Begin to carry it out."""

    def discard(self, change_set: str) -> None:
        """Delete it. One that is not there is as good as deleted."""

    def failures(self, since: float) -> Sequence[str]:
        """What failed in the stack since then, in CloudFormation's words, the first cause first."""


class Tables(Protocol):
    """The project's tables in a Region. May raise OperationError."""

    def find(self) -> Mapping[str, Table]:
        """Those that are there."""


class Sam(Protocol):
    """The SAM CLI. Every method may raise OperationError."""

    def build(self) -> None:
        """Build the functions, their layer and the template, once for every Region."""

    def draft(self, region: Region, overrides: Mapping[str, str]) -> str | None:
        """Upload what was built, and make a change set of it. Returns its ARN; None: no changes."""


class Api(Protocol):
    """The API in a Region. Every method may raise OperationError."""

    def schema(self, api_id: str) -> str:
        """The schema that it serves."""

    def ailment(self, outputs: Mapping[str, str]) -> str:
        """Why the Region cannot serve now; empty if it can."""


class Alarms(Protocol):
    """The alarms of the stack in a Region. May raise OperationError."""

    def ringing(self) -> frozenset[str]:
        """The names of those that ring now."""


class Guard(Protocol):
    """What has CloudFormation take a deployment back by itself."""

    def __call__(self, region: Region, change_set: str) -> str:
        """The change set to carry out in the place of this one. May raise OperationError."""


class Probe(Protocol):
    """What tries a Region out after its deployment."""

    def __call__(self, region: Region) -> str:
        """Why it is not as it should be; empty if it is. May raise OperationError."""

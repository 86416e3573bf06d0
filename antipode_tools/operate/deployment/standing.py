"""What stands in each Region before a deployment, and what is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from antipode_tools.operate.cleanup.leftovers import StackState, Table
from antipode_tools.project.regions import Region

# Both are the template's defaults, for samconfig.toml need not name them.
_PROTECTED, _RELAYED = "true", "true"


@dataclass(frozen=True)
class Stack:
    """A Region's stack.

    Args:
        status: in CloudFormation's words.
        reason: why it is in it, if CloudFormation says so.
        created: seconds since 1970, as is `updated`; that is 0 if it never was.
    """

    status: str
    state: StackState
    reason: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    created: float = 0.0
    updated: float = 0.0

    @property
    def regions(self) -> frozenset[str]:
        """Those that it was deployed for."""
        return frozenset(listed(self.parameters.get("Regions", "")))

    @property
    def imported(self) -> bool:
        """Whether it holds nothing but tables that were taken in, and was never deployed."""
        return "Regions" not in self.parameters

    @property
    def protects(self) -> bool:
        return self.parameters.get("DeletionProtection", _PROTECTED) == "true"

    @property
    def relays(self) -> bool:
        return self.parameters.get("RelayEnabled", _RELAYED) == "true"


@dataclass(frozen=True)
class Standing:
    """What stands in one Region.

    Args:
        tables: by their names, those of the project's that are there.
    """

    stack: Stack | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)


# By the Regions' codes.
Seen = Mapping[str, Standing]


@dataclass(frozen=True)
class Wish:
    """What is to be deployed.

    Args:
        home: the code of the Region whose stack owns the tables.
        chosen: the Regions to deploy, in the order that they were named in.
        every: all that samconfig.toml has, by code.
        tables: the names of the tables that the models have.
        relay_on: switch the relay on where it is off since the stack was made.
        named: the models of those of the tables that @model(table:) names, by the tables.
    """

    home: str
    chosen: Sequence[Region]
    every: Mapping[str, Region]
    tables: Sequence[str] = ()
    relay_on: bool = False
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> Region:
        """The Region whose stack owns the tables."""
        return self.every[self.home]

    @property
    def regions(self) -> Sequence[str]:
        """The codes of every Region that is to have a replica."""
        return listed(self.owner.parameters.get("Regions", ""))

    def chose(self, code: str) -> bool:
        """Whether a Region is to be deployed."""
        return any(region.code == code for region in self.chosen)


def listed(value: str) -> list[str]:
    """A list as a parameter of CloudFormation's has it."""
    return [item.strip() for item in value.split(",") if item.strip()]


def added(seen: Seen, wish: Wish) -> frozenset[str]:
    """The Regions that the owner's next deployment makes a replica in."""
    return frozenset(wish.regions) - _deployed(seen, wish)


def removed(seen: Seen, wish: Wish) -> frozenset[str]:
    """The Regions whose replica the owner's next deployment deletes."""
    return _deployed(seen, wish) - frozenset(wish.regions)


def _deployed(seen: Seen, wish: Wish) -> frozenset[str]:
    owner = seen[wish.home].stack
    if owner is None:
        return frozenset()
    return _replicated(seen, wish) if owner.imported else owner.regions


def _replicated(seen: Seen, wish: Wish) -> frozenset[str]:
    """The Regions that every table has a replica in. Of tables that were taken in the stack itself
    does not say."""
    replicas = [table.replicas for table in seen[wish.home].tables.values()]
    return frozenset({wish.home}).union(frozenset.intersection(*replicas) if replicas else ())

"""An update of a running world: what it must not change, what it did, what to do if it fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from antipode_tools.project.config import WorldConfig, of_regions
from antipode_tools.project.regions import ConfigError
from antipode_tools.world.errors import AFRESH, WorldError, unchangeable

if TYPE_CHECKING:
    from antipode_tools.world.deployment.deploy import Deployed

# More changed files than this are counted.
_NAMED = 5

# The names of a table's indexes, by the table.
Indexes = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Update:
    """What an update did to a running world.

    Args:
        changed: the parts of the project that had changed; empty if it finished a failed update.
        added: the models that are new.
        removed: the models that are gone.
        indexes: those that tables which existed before gained or lost.
    """

    changed: tuple[str, ...]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form in which the world reports it to the command."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        return cls(**{name: tuple(value) for name, value in fields.items()})

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"updated: {_listed(self.changed) or 'finished what had failed before'}"
        if self.added:
            yield f"  new: {', '.join(self.added)}"
        if self.removed:
            tables = (
                "their tables and items stay" if self.removed[1:] else "its table and items stay"
            )
            yield f"  gone: {', '.join(self.removed)}; {tables} in the engine, as on AWS"
        if self.indexes:
            yield f"  indexes: {', '.join(self.indexes)}"


def check_reachable(lost: Sequence[str]) -> None:
    """Raises WorldError if Regions are lost: nothing can be deployed there, as on AWS."""
    if not lost:
        return
    names = " and ".join(lost)
    raise WorldError(
        "the world stays as it was",
        f"{names} {'are' if lost[1:] else 'is'} lost, and nothing can be deployed there",
        "; ".join(f"antipode recover {name}" for name in lost) + ", and antipode up again",
    )


def reread_config(config: WorldConfig) -> WorldConfig:
    """Read samconfig.toml again, for a running world.

    Raises:
        WorldError: it changes what is fixed when a world starts.
    """
    try:
        now = of_regions(config, [region.name for region in config.regions])
    except ConfigError as error:
        raise unchangeable(str(error)) from error
    for old, new in zip(config.regions, now.regions, strict=True):
        if (new.code, new.stack) != (old.code, old.stack):
            raise unchangeable(f"{new.name} now has a different region or stack_name")
        if new.domain != old.domain:
            raise unchangeable(f"{new.name} now has a different DomainName")
    return now


def difference(changed: Sequence[str], before: Deployed, after: Deployed) -> Update:
    """What an update from these changed parts of the project did."""
    return Update(
        changed=tuple(changed),
        added=tuple(sorted(after.models - before.models)),
        removed=tuple(sorted(before.models - after.models)),
        indexes=tuple(index_changes(before.indexes, after.indexes)),
    )


def index_changes(before: Indexes, after: Indexes) -> list[str]:
    """The indexes gained and lost, in words, by tables that are in both."""
    return [
        f"{table} {verb} {name}"
        for table in after
        if table in before
        for verb, name in (
            *(("has", name) for name in after[table] if name not in before[table]),
            *(("lost", name) for name in before[table] if name not in after[table]),
        )
    ]


@contextmanager
def with_remedy() -> Iterator[None]:
    """Add to an error of the block what can be done, since the world keeps running."""
    try:
        yield
    except WorldError as error:
        if AFRESH in error.remedy:
            raise
        again = f"{error.remedy or 'fix it'}, then antipode up again; or: {AFRESH}"
        raise replace(error, remedy=again) from error


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if names[_NAMED:] else shown

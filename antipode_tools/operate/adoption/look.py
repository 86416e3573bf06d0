"""`antipode adopt TABLE --model MODEL`: whether a table fits, and what comes next of taking it in.

Nothing is remembered: what was done is seen on AWS each time. It changes nothing there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from antipode_tools.operate.adoption.fitting import Surroundings
from antipode_tools.operate.adoption.live import LiveTable, refusals
from antipode_tools.operate.adoption.steps import Seen, Step, next_step, steps
from antipode_tools.operate.adoption.wanted import wanted
from antipode_tools.operate.adoption.writing import write
from antipode_tools.operate.deployment.standing import Stack
from antipode_tools.operate.stacks.errors import OperationError, UsageError
from antipode_tools.project.finding import Finding
from antipode_tools.project.regions import Region
from antipode_tools.project.tables import misnamed, table_of


class Tables(Protocol):
    """Where tables are looked up. Every method may raise OperationError."""

    def find(self, name: str) -> LiveTable | None:
        """The table as it is in the home Region and wherever it has a replica."""

    def holds(self, code: str, name: str) -> bool:
        """Whether there is one of this name in a Region."""


class Neighbourhood(Protocol):
    """Where it is looked up what uses a table, and what stands. May raise OperationError."""

    def around(self, table: str) -> Surroundings: ...

    def stack(self, code: str) -> Stack | None:
        """The stack in a Region."""

    def account(self) -> str:
        """Whose tables are looked at."""


@dataclass(frozen=True)
class Outside:
    """What a look needs.

    Args:
        regions: of the stage in samconfig.toml, the home Region first.
        template: the text of template.yaml.
        now: seconds since 1970.
    """

    regions: Sequence[Region]
    models: Sequence[str]
    template: str
    tables: Tables
    neighbourhood: Neighbourhood
    now: Callable[[], float] = time.time

    @property
    def owner(self) -> Region:
        return self.regions[0]


@dataclass(frozen=True)
class Report:
    """What fits, and what comes next.

    Args:
        coming: the first step that is not done; None where all are.
        folder: where the template of an import was written; None where that is not next.
    """

    findings: Sequence[Finding]
    steps: Sequence[Step]
    coming: Step | None
    folder: Path | None = None


def adopt(
    table: str, model: str, outside: Outside, *, stage: str = "", folder: Path | None = None
) -> Report:
    """What fits and what comes next. Where that is the import, what it takes is written.

    Args:
        stage: empty for production.
        folder: where to; None writes nothing.

    Raises:
        UsageError: there is no such model, or the table is not named by its name.
        OperationError: there is no such table, or AWS does not tell.
    """
    seen = look(table, model, outside, stage)
    told = steps(seen, now=outside.now())
    coming = next_step(told)
    if folder is None or coming is None or not coming.imports:
        return Report(seen.findings, told, coming)
    write(folder, dict(_together(outside, seen)))
    return Report(seen.findings, told, coming, folder)


def look(table: str, model: str, outside: Outside, stage: str = "") -> Seen:
    """The table, and all that stands of it.

    Raises:
        UsageError: there is no such model, or the table is not named by its name.
        OperationError: there is no such table, or AWS does not tell.
    """
    owner = outside.owner
    if reason := misnamed(table):
        raise UsageError(
            f"{reason}. It is looked for in the home Region, {owner.code}, with the credentials of"
            " its account"
        )
    want = wanted(outside.template, model, owner)
    if want is None:
        known = ", ".join(outside.models)
        raise UsageError(f"there is no model {model} in graphql/models.graphql; it has {known}")
    live = outside.tables.find(table)
    if live is None:
        raise OperationError(_elsewhere(table, outside))
    regions = [each for each in outside.regions if each == owner or each.code in want.regions]
    return Seen(
        model,
        live,
        want,
        outside.neighbourhood.around(table),
        regions,
        {region.code: outside.neighbourhood.stack(region.code) for region in regions},
        stage,
    )


def _elsewhere(table: str, outside: Outside) -> str:
    owner, others = outside.owner, outside.regions[1:]
    account = outside.neighbourhood.account()
    missing = f"there is no table {table} in {owner.code}, the home Region, of account {account}"
    for region in others:
        if outside.tables.holds(region.code, table):
            return (
                f"{missing}, but in {region.code}: an adoption begins where the table is, so make"
                f" {region.code} the default of HomeRegion in template.yaml before the first"
                " deployment, and run antipode schema"
            )
    where = ", ".join(region.code for region in others)
    return f"{missing}{f', nor in {where}' if where else ''}: name the table as its account has it"


def _together(outside: Outside, seen: Seen) -> Iterator[tuple[str, LiveTable]]:
    """What the import takes in: the tables of all models that are there, as long as it may."""
    for model in outside.models:
        table = table_of(outside.owner, model)
        found = seen.table if model == seen.model else outside.tables.find(table)
        if found is not None and not list(refusals(found)):
            yield model, found

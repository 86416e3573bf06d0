"""`antipode cost`: a month's bill, foreseen, measured on AWS, or counted in a local world."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from antipode_tools.operate.cost import prices as price_list
from antipode_tools.operate.cost.bill import Options as Chosen
from antipode_tools.operate.cost.bill import bill, effects
from antipode_tools.operate.cost.counted import counted
from antipode_tools.operate.cost.journal import items_of
from antipode_tools.operate.cost.measured import measured
from antipode_tools.operate.cost.prices import MAX_AGE_DAYS, Prices
from antipode_tools.operate.cost.report import Report, as_json, as_text
from antipode_tools.operate.cost.traffic import Foreseen, Traffic
from antipode_tools.operate.options import Options
from antipode_tools.operate.stacks.choosing import several
from antipode_tools.operate.stacks.errors import ExitCode, OperationError, UsageError
from antipode_tools.operate.stacks.target import Target, find, load_world, running
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import WorldConfig
from antipode_tools.project.counted import Counted
from antipode_tools.project.regions import Region
from antipode_tools.project.world_file import WorldFile

# What a running local world has done, by the codes of its Regions.
Counts = Callable[[WorldFile], Mapping[str, Counted]]

# The traffic of Regions in the last days, by their names.
Measure = Callable[[Sequence[Region], WorldConfig, int, datetime], Mapping[str, Traffic]]


@dataclass(frozen=True)
class Run(Options):
    """What is billed.

    Args:
        foreseen: what is expected; not looked at where something is measured.
        days: how many of the last days are measured, on AWS; 0 for none.
        counts: what a local world has done, if that is what is billed.
        kept: how many announcements a Region's journal has; None without one.
        stage: whose Regions are billed; empty for production.
    """

    foreseen: Foreseen
    models: int = 1
    chosen: Chosen = field(default_factory=Chosen)
    days: int = 0
    stage: str = ""
    prices: Path | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    measure: Measure | None = None
    counts: Counts = lambda _: {}
    kept: Callable[[Target], int | None] = items_of


def cost(run: Run) -> ExitCode:
    """Prints the bill."""
    try:
        prices = price_list.load(run.prices)
        world = load_world(run.root, run.state)
        traffic, basis = _traffic(run, world)
    except OperationError as error:
        return run.output.stopped("cost", error)
    # What was found in a Region is there, whether or not it was said to be.
    kept = any(each.journal is not None for each in traffic.values())
    chosen = replace(run.chosen, sync=run.chosen.sync or kept)
    report = Report(
        basis=basis,
        lines=bill(traffic, run.models, chosen, prices),
        changes=max(each.changes for each in traffic.values()),
        effects=effects(traffic, run.models, chosen, prices),
        prices=prices,
        notes=_notes(prices, run.now()),
    )
    told = json.dumps(as_json(report)) if run.json_output else as_text(report)
    run.output.out.write(f"{told}\n")
    return ExitCode.DONE


def _traffic(run: Run, world: WorldConfig) -> tuple[Mapping[str, Traffic], str]:
    if run.where is Where.LOCAL:
        return _of_local_world(run, world)
    if run.where is Where.AWS and not run.days:
        raise UsageError("--where aws goes by what was counted: say in how many --days")
    regions = several((), stage=run.stage, where=Where.AWS, world=world)
    if run.days:
        measure = run.measure or _measured
        found = measure(regions, world, run.days, run.now())
        return found, f"measured in the last {run.days} days"
    told = run.foreseen
    basis = (
        f"{told.writes:,.0f} writes and {told.queries:,.0f} queries a month of"
        f" {told.kilobytes:g} kB, {told.subscribers:,.0f} subscribers in each of"
        f" {len(regions)} Regions"
    )
    return told.in_each([region.name for region in regions]), basis


def _of_local_world(run: Run, world: WorldConfig) -> tuple[Mapping[str, Traffic], str]:
    if run.days:
        raise UsageError("the local world keeps no days: leave --days out, or --where aws")
    regions = several((), stage="", where=Where.LOCAL, world=world)
    counts = run.counts(running(world))
    if not counts:
        raise OperationError(
            "the local world does not tell what it has done: antipode down && antipode up"
        )
    # One time for all: who was asked for a shorter one was idle for the rest of it.
    seconds = max(each.seconds for each in counts.values())
    found = {
        region.name: counted(
            replace(counts[region.code], seconds=seconds),
            run.kept(find(region.name, where=Where.LOCAL, world=world)),
        )
        for region in regions
    }
    return found, f"counted in the local world in {seconds:,.0f} s, at that rate for a month"


def _measured(
    regions: Sequence[Region], world: WorldConfig, days: int, now: datetime
) -> Mapping[str, Traffic]:
    return {
        region.name: measured(find(region.name, where=Where.AWS, world=world), days, now)
        for region in regions
    }


def _notes(prices: Prices, now: datetime) -> list[str]:
    notes = [
        f"list prices of {prices.region} as of {prices.as_of}, without free tiers, reads,"
        " the tables' storage and backups"
    ]
    if (age := prices.age_days(now.date())) > MAX_AGE_DAYS:
        notes.append(
            f"these prices are {age} days old: compare them with AWS's, and name a file of your"
            " own with --prices"
        )
    return notes

"""`antipode cost`: a month's bill, foreseen or measured."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from antipode_tools.operate.cost import prices as price_list
from antipode_tools.operate.cost.bill import Options as Chosen
from antipode_tools.operate.cost.bill import bill, effects
from antipode_tools.operate.cost.measured import measured
from antipode_tools.operate.cost.prices import MAX_AGE_DAYS, Prices
from antipode_tools.operate.cost.report import Report, as_json, as_text
from antipode_tools.operate.cost.traffic import Foreseen, Traffic
from antipode_tools.operate.options import Options
from antipode_tools.operate.stacks.errors import ExitCode, OperationError, UsageError
from antipode_tools.operate.stacks.target import find, load_world
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import WorldConfig


@dataclass(frozen=True)
class Run(Options):
    """What is billed.

    Args:
        foreseen: what is expected; not looked at where something is measured.
        days: how many of the last days are measured, on AWS; 0 for none.
        measure: the traffic of each Region, by its name.
    """

    foreseen: Foreseen
    models: int = 1
    chosen: Chosen = field(default_factory=Chosen)
    days: int = 0
    prices: Path | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    measure: Callable[[WorldConfig, int, datetime], Mapping[str, Traffic]] | None = None


def cost(run: Run) -> ExitCode:
    """Prints the bill."""
    try:
        prices = price_list.load(run.prices)
        world = load_world(run.root, run.state)
        traffic, basis = _traffic(run, world)
    except OperationError as error:
        return run.output.stopped("cost", error)
    report = Report(
        basis=basis,
        lines=bill(traffic, run.models, run.chosen, prices),
        changes=max(each.changes for each in traffic.values()),
        effects=effects(traffic, run.models, run.chosen, prices),
        prices=prices,
        notes=_notes(prices, run.now()),
    )
    told = json.dumps(as_json(report)) if run.json_output else as_text(report)
    run.output.out.write(f"{told}\n")
    return ExitCode.DONE


def _traffic(run: Run, world: WorldConfig) -> tuple[Mapping[str, Traffic], str]:
    if run.days:
        if run.where is Where.LOCAL:
            raise UsageError("the local world has no CloudWatch to measure by: --where aws")
        measure = run.measure or _measured
        return measure(world, run.days, run.now()), f"measured in the last {run.days} days"
    regions = list({region.code: region.name for region in reversed(world.regions)}.values())[::-1]
    told = run.foreseen
    basis = (
        f"{told.writes:,.0f} writes and {told.queries:,.0f} queries a month of"
        f" {told.kilobytes:g} kB, {told.subscribers:,.0f} subscribers in each of"
        f" {len(regions)} Regions"
    )
    return told.in_each(regions), basis


def _measured(world: WorldConfig, days: int, now: datetime) -> Mapping[str, Traffic]:
    regions = {region.code: region.name for region in reversed(world.regions)}
    return {
        name: measured(find(name, where=Where.AWS, world=world), days, now)
        for name in reversed(regions.values())
    }


def _notes(prices: Prices, now: datetime) -> list[str]:
    notes = [
        f"list prices of {prices.region} as of {prices.as_of}, without free tiers, storage and"
        " backups"
    ]
    if (age := prices.age_days(now.date())) > MAX_AGE_DAYS:
        notes.append(
            f"these prices are {age} days old: compare them with AWS's, and name a file of your"
            " own with --prices"
        )
    return notes

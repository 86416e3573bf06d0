"""`antipode probe`: who hears of whose writes, how soon, and whether anything is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from antipode_tools.operate.options import Options
from antipode_tools.operate.probe.endpoint import Endpoint, endpoint
from antipode_tools.operate.probe.inside import run_inside
from antipode_tools.operate.probe.matrix import Limits, beyond
from antipode_tools.operate.probe.origin import Origin
from antipode_tools.operate.probe.plot import as_svg
from antipode_tools.operate.probe.report import Report, as_json, as_text
from antipode_tools.operate.probe.run import Plan, Result, run
from antipode_tools.operate.stacks.choosing import several
from antipode_tools.operate.stacks.errors import ExitCode, OperationError
from antipode_tools.operate.stacks.target import Target, find, load_world, running
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import WorldConfig
from antipode_tools.project.sample import NothingToTryError

# Of each item: it is created, changed and deleted.
WRITES_AN_ITEM = 3


class Runs(Protocol):
    """Carries a probe out from here."""

    def __call__(self, endpoints: Sequence[Endpoint], plan: Plan) -> Result: ...


class RunsInside(Protocol):
    """Carries a probe out from inside the Regions."""

    def __call__(self, targets: Sequence[Target], plan: Plan) -> Result: ...


@dataclass(frozen=True)
class Run(Options):
    """What a probe does, and what it must not find.

    Args:
        writes: in each Region; rounded up to whole items.
        stage: whose Regions are meant where none is named; empty for production.
        token: what clients sign in with, where none can be made here.
        svg: where the plot goes.
    """

    writes: int = 30
    pause_s: float = 0.1
    within_s: float = 30.0
    limits: Limits = field(default_factory=Limits)
    stage: str = ""
    origin: Origin = Origin.HERE
    token: str | None = None
    svg: Path | None = None
    reach: Callable[[Target, WorldConfig, str | None], Endpoint] | None = None
    runs: Runs = run
    runs_inside: RunsInside = run_inside


def probe(regions: Sequence[str], asked: Run) -> ExitCode:
    """Writes in each Region and listens in each.

    Args:
        regions: as in samconfig.toml (ireland) or by their codes; none for all of the local world,
            or of the stage.

    Returns:
        DONE if nothing exceeded the limits; else FAILED.
    """
    try:
        world = load_world(asked.root, asked.state)
        chosen = several(regions, stage=asked.stage, where=asked.where, world=world)
        targets = [find(region.name, where=asked.where, world=world) for region in chosen]
        plan = Plan(-(-asked.writes // WRITES_AN_ITEM), asked.pause_s, asked.within_s)
        match asked.origin:
            case Origin.HERE:
                reach = asked.reach or _reached
                result = asked.runs([reach(each, world, asked.token) for each in targets], plan)
            case Origin.REGIONS:
                result = asked.runs_inside(targets, plan)
    except (OperationError, NothingToTryError) as error:
        stopped = error if isinstance(error, OperationError) else OperationError(str(error))
        return asked.output.stopped("probe", stopped)
    report = Report(
        where=targets[0].where,
        origin=asked.origin,
        codes={each.region.name: each.region.code for each in targets},
        result=result,
        failures=[*result.problems, *beyond(result.matrix, asked.limits)],
    )
    if asked.svg:
        asked.svg.write_text(as_svg(result.matrix, "milliseconds from a write to its announcement"))
    told = json.dumps(as_json(report)) if asked.json_output else as_text(report)
    asked.output.out.write(f"{told}\n")
    return ExitCode.FAILED if report.failures else ExitCode.DONE


def _reached(target: Target, world: WorldConfig, token: str | None) -> Endpoint:
    local = running(world).regions[target.region.code] if target.where is Where.LOCAL else None
    return endpoint(target, world=local, token=token)

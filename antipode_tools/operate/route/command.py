"""`antipode route`: show the routes at the edge, set them from a file, drain a Region."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from antipode_tools.operate.options import Options
from antipode_tools.operate.route import file, report
from antipode_tools.operate.route.changes import Changes, between
from antipode_tools.operate.route.keys import UnreadableError, decode, encode, is_ours
from antipode_tools.operate.route.problems import problems
from antipode_tools.operate.route.routes import Routes
from antipode_tools.operate.route.store import Contents, Store
from antipode_tools.operate.route.target import Edge, find
from antipode_tools.operate.stacks.errors import ExitCode, OperationError, UsageError
from antipode_tools.project.regions import Region


@dataclass(frozen=True)
class Run(Options):
    """How a command is run.

    Args:
        dry_run: look, and write nothing.
        edge: the edge's stack; None finds it on AWS.
    """

    dry_run: bool = False
    edge: Edge | None = None


def show(run: Run) -> ExitCode:
    """Show the routes."""
    return _reporting(run, lambda edge: report.Shown(edge.name, _read(edge.store)[1]))


def set_(path: Path, run: Run) -> ExitCode:
    """Set the routes from a file. Drained Regions stay drained."""

    def work(edge: Edge) -> report.Report:
        wanted = file.read(path)
        _refuse_strangers(wanted, edge)
        contents, now = _read(edge.store, mending=True)
        drained = tuple(name for name in now.drained if name in wanted.regions)
        return _changed(edge, contents, replace(wanted, drained=drained), run)

    return _reporting(run, work)


def drain(region: str, run: Run, *, drained: bool) -> ExitCode:
    """Stop sending viewers to a Region, or send them to it again."""

    def work(edge: Edge) -> report.Report:
        contents, now = _read(edge.store)
        code = _code_of(region, edge.regions, now)
        others = tuple(name for name in now.drained if name != code)
        wanted = (*others, code) if drained else others
        return _changed(edge, contents, replace(now, drained=wanted), run)

    return _reporting(run, work)


def _reporting(run: Run, work: Callable[[Edge], report.Report]) -> ExitCode:
    try:
        shown = work(run.edge or find())
    except OperationError as error:
        return run.output.stopped("route", error)
    text = json.dumps(shown.as_json()) if run.json_output else shown.as_text()
    run.output.out.write(f"{text}\n")
    return ExitCode.DONE


def _read(store: Store, *, mending: bool = False) -> tuple[Contents, Routes]:
    """What the store holds, and the routes in it: none if they are unreadable and to be replaced.

    Raises:
        OperationError: they cannot be read.
    """
    contents = store.read()
    try:
        return contents, decode(contents.keys)
    except UnreadableError as error:
        if mending:
            return contents, Routes()
        why = f"{error}: fix it with antipode route set edge/routes.toml"
        raise OperationError(why) from error


def _changed(edge: Edge, contents: Contents, wanted: Routes, run: Run) -> report.Changed:
    if found := problems(wanted):
        raise UsageError("; ".join(found))
    ours = {key: value for key, value in contents.keys.items() if is_ours(key)}
    after = encode(wanted)
    changes = between(ours, after)
    if not run.dry_run:
        _write(edge.store, changes, contents.version)
    return report.Changed(edge.name, wanted, ours, after, changes, dry_run=run.dry_run)


def _write(store: Store, changes: Changes, version: str) -> None:
    for batch in changes.batches():
        version = store.write(batch, version)


def _refuse_strangers(wanted: Routes, edge: Edge) -> None:
    """Refuse a domain that is not a Region's in the edge's stack: requests to it would fail."""
    for name, domain in wanted.regions.items():
        if edge.domains.get(name) != domain:
            known = ", ".join(f"{each}={there}" for each, there in edge.domains.items())
            raise UsageError(
                f"{name}={domain} is not one of the edge's Regions, which are {known}:"
                " fix the file, or add it to Regions of edge/template.yaml's stack and deploy"
            )


def _code_of(name: str, regions: tuple[Region, ...], now: Routes) -> str:
    codes = {region.name: region.code for region in regions}
    code = codes.get(name, name)
    if code not in now.regions:
        known = ", ".join(now.regions) or "none: antipode route set edge/routes.toml"
        raise UsageError(f"there is no Region {name} in the routes; they have {known}")
    return code

"""What the commands show: progress on standard error, tables of text on standard output."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.finding import Finding, Verdict
from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.clients.credentials import shown
from antipode_tools.world.progress import Report, Step, StepState

_MARKS = {StepState.STARTED: "…", StepState.DONE: "✔", StepState.FAILED: "✖"}
_STYLES = {StepState.STARTED: "dim", StepState.DONE: "green", StepState.FAILED: "red"}
_PART_WIDTH = 9
_WORK_WIDTH = 36


@contextmanager
def progress() -> Iterator[Report]:
    """Shows steps while the block runs: live on a terminal, else a line as each begins and ends."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal or os.environ.get("CI"):
        yield lambda step: console.out(_line(step), highlight=False)
        return
    live = Progress(
        SpinnerColumn(finished_text=" "),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    with live:
        yield _LiveSteps(live).report


class _LiveSteps:
    """Steps under way turn below those that have ended."""

    def __init__(self, live: Progress) -> None:
        self._live = live
        self._under_way: dict[tuple[str, str], TaskID] = {}

    def report(self, step: Step) -> None:
        key = (step.part, step.work)
        if step.state is StepState.STARTED:
            self._under_way[key] = self._live.add_task(f"{step.part:<{_PART_WIDTH}}{step.work}")
            return
        self._live.remove_task(self._under_way.pop(key))
        self._live.console.print(_line(step), style=_STYLES[step.state])


def _line(step: Step) -> str:
    text = f"{_MARKS[step.state]} {step.part:<{_PART_WIDTH}}{step.work:<{_WORK_WIDTH}}"
    if step.state is StepState.STARTED:
        return text.rstrip()
    return f"{text} {step.seconds:6.1f} s"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns of text, each as wide as its widest cell."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


_VERDICTS = {Verdict.RIGHT: "✔", Verdict.WARNING: "!", Verdict.WRONG: "✖"}


def findings_text(findings: Sequence[Finding]) -> str:
    """A line for each finding, and below it what to do, by Region."""
    subject = max(len(finding.subject) for finding in findings)
    lines: list[str] = []
    region = ""
    for finding in findings:
        if finding.region != region:
            region = finding.region
            lines += ["", region] if region else [""]
        mark = _VERDICTS[finding.verdict]
        lines.append(f"{mark} {finding.subject:<{subject}}  {finding.found}")
        if finding.verdict is not Verdict.RIGHT:
            lines.append(f"{'':<{subject + 4}}→ {finding.fix}")
    return "\n".join(lines)


def findings_json(findings: Sequence[Finding]) -> str:
    """A list, for scripts."""
    return json.dumps([asdict(finding) for finding in findings], indent=2)


def world_table(world: WorldFile) -> str:
    """Each Region of a world, with what a client needs, and the name that they share."""
    rows = [
        (region.name, code, region.graphql_url, region.realtime_url, shown(region))
        for code, region in world.regions.items()
    ]
    modes = {region.auth.mode for region in world.regions.values()}
    what = "API key" if modes == {AuthMode.API_KEY} else "credential"
    regions = table(("", "Region", "GraphQL", "real time", what), rows)
    secure = [
        (region.name, region.tls.graphql_url, region.tls.realtime_url)
        for region in world.regions.values()
        if region.tls
    ]
    parts = [regions]
    if secure:
        over_tls = table(("", "GraphQL over TLS", "real time over TLS"), secure)
        parts.append(f"{over_tls}\ntrust {world.certificate_authority}")
    if world.shared_name:
        parts.append(f"{world.shared_name.name}  {world.shared_name.url}/graphql")
    names = {code: region.name for code, region in world.regions.items()}
    if in_force := "\n".join(world.conditions.lines(names)):
        parts.append(f"in force, until antipode heal:\n{in_force}")
    return "\n\n".join(parts)


def way_to(world: WorldFile, *, known: Path) -> str:
    """What to tell a shell so that its commands find the world; empty where they do anyhow.

    Args:
        known: the folder in which they look for one.
    """
    state = world.logs.parent
    return "" if state == known else f"export ANTIPODE_STATE={shlex.quote(str(state))}"

"""`python -m audit`: known weaknesses of the dependencies, the code, the templates, the pipelines.

Ends with 0 if nothing is open, 1 if something is. What may stay says why in accepted.toml.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import typer

from audit import code, dependencies, templates, workflows
from audit.findings import ACCEPTED, Verdict, judge, read_accepted
from audit.tools import Run, ToolError, Tools

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Outcome:
    """What one part of the audit came to."""

    tool: str
    verdict: Verdict
    warnings: tuple[str, ...]
    seconds: float


Part = Callable[[Run], tuple[str, Verdict, tuple[str, ...]]]


def check_dependencies(run: Run) -> tuple[str, Verdict, tuple[str, ...]]:
    """Every lock, one after the other: the service is the same."""
    answers = [dependencies.ask(run, lock) for lock in dependencies.LOCKS]
    found = [finding for answer in answers for finding in answer.findings]
    # Where nobody answers, an acceptance cannot be seen to be idle.
    accepted = read_accepted(ACCEPTED.read_text()) if any(a.reached for a in answers) else []
    told = dependencies.warnings(answers, partial(dependencies.committed, ROOT), time.time())
    return dependencies.TOOL, judge(dependencies.TOOL, found, accepted), tuple(told)


def check_code(run: Run) -> tuple[str, Verdict, tuple[str, ...]]:
    accepted = read_accepted(ACCEPTED.read_text())
    return code.TOOL, judge(code.TOOL, code.findings(run), accepted), ()


def check_templates(run: Run) -> tuple[str, Verdict, tuple[str, ...]]:
    accepted = read_accepted(ACCEPTED.read_text())
    return templates.TOOL, judge(templates.TOOL, templates.findings(ROOT, run), accepted), ()


def check_workflows(run: Run) -> tuple[str, Verdict, tuple[str, ...]]:
    accepted = read_accepted(ACCEPTED.read_text())
    return workflows.TOOL, judge(workflows.TOOL, workflows.findings(run), accepted), ()


PARTS: dict[str, Part] = {
    "dependencies": check_dependencies,
    "code": check_code,
    "templates": check_templates,
    "workflows": check_workflows,
}


def main(arguments: Sequence[str]) -> int:
    """Audits the parts that are named, by default all."""
    parser = argparse.ArgumentParser(prog="python -m audit", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; by default all")
    names = parser.parse_args(arguments).parts or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}")
    tools = Tools(ROOT, ROOT / ".local" / "audit", ROOT / "audit" / "audit.lock")
    try:
        tools.install()
        with ThreadPoolExecutor() as together:
            outcomes = list(together.map(lambda name: _timed(PARTS[name], tools.run), names))
    except ToolError as error:
        typer.secho(f"✖ {error}", err=True, fg=typer.colors.RED)
        return 1
    for outcome in outcomes:
        tell(outcome)
    return int(not all(outcome.verdict.clean for outcome in outcomes))


def _timed(part: Part, run: Run) -> Outcome:
    started = time.monotonic()
    tool, verdict, warnings = part(run)
    return Outcome(tool, verdict, warnings, time.monotonic() - started)


def tell(outcome: Outcome) -> None:
    """Says what is to be done, if anything, and how it came out."""
    verdict = outcome.verdict
    for warning in outcome.warnings:
        typer.secho(f"! {warning}", err=True, fg=typer.colors.YELLOW)
    for finding in verdict.findings:
        typer.secho(f"✖ {finding}", err=True, fg=typer.colors.RED)
    for idle in verdict.idle:
        typer.secho(
            f"✖ {ACCEPTED.name} accepts {idle}, which nobody found", err=True, fg=typer.colors.RED
        )
    mark = "✔" if verdict.clean else "✖"
    counts = f"{len(verdict.findings)} open, {verdict.accepted} accepted with a reason"
    typer.echo(f"{mark} {outcome.tool:10} {counts:40} {outcome.seconds:5.1f} s", err=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

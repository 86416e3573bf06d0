"""What is told of an adoption beside what fits: its steps, and where it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from antipode_tools.operate.adoption.look import Report


def text(report: Report) -> str:
    """A line for each step, and of the next one what does it."""
    return "\n".join(_lines(report))


def document(report: Report) -> Mapping[str, Any]:
    """The same for programs; `next` counts from 1, and is None where all is done."""
    return {
        "findings": [asdict(each) for each in report.findings],
        "steps": [asdict(each) for each in report.steps],
        "next": report.steps.index(report.coming) + 1 if report.coming else None,
        "written": str(report.folder) if report.folder else None,
    }


def _lines(report: Report) -> Iterator[str]:
    for number, step in enumerate(report.steps, 1):
        is_next = step is report.coming
        yield f"{'✔' if step.done else '→' if is_next else ' '} {number}. {step.do}"
        if is_next:
            yield from (f"     {command}" for command in step.commands)
            yield from ([f"     ({step.note})"] if step.note else [])
            yield from ([f"     (described in {report.folder})"] if report.folder else [])
    if report.coming is None:
        yield "all is done: the table is the model's in every Region"

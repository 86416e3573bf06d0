"""What a probe found, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antipode_tools.operate.probe.matrix import Cell
from antipode_tools.operate.probe.origin import Origin
from antipode_tools.operate.probe.plot import in_terminal
from antipode_tools.operate.probe.run import Result
from antipode_tools.operate.stacks.where import Where

_WHERE = {Where.AWS: "on AWS", Where.LOCAL: "in the local world"}
_ORIGIN = {Origin.HERE: "", Origin.REGIONS: ", from inside the Regions"}


@dataclass(frozen=True)
class Report:
    """One probe.

    Args:
        codes: the Regions, by their names.
        failures: what exceeded the limits, or went wrong.
    """

    where: Where
    origin: Origin
    codes: Mapping[str, str]
    result: Result
    failures: Sequence[str]


def as_json(report: Report) -> dict[str, Any]:
    """The report for programs."""
    return {
        "where": report.where,
        "from": report.origin,
        "regions": dict(report.codes),
        "pairs": [
            {"written_in": writer, "heard_in": listener, **_cell(cell)}
            for writer, row in report.result.matrix.items()
            for listener, cell in row.items()
        ],
        "failures": list(report.failures),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "writes": cell.writes,
        "p50_ms": cell.percentile(50),
        "p99_ms": cell.percentile(99),
        "lost": cell.lost,
        "doubled": cell.doubled,
        "out_of_order": cell.disordered,
        "milliseconds": list(cell.milliseconds),
    }


def as_text(report: Report) -> str:
    """The report for people."""
    matrix = report.result.matrix
    table = [["written in", *(f"heard in {listener}" for listener in matrix)]]
    table += [[writer, *(_told(cell) for cell in row.values())] for writer, row in matrix.items()]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    lines = [f"{', '.join(report.codes)} {_WHERE[report.where]}{_ORIGIN[report.origin]}", ""]
    lines += [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
    lines += ["", *in_terminal(matrix), ""]
    lines += [f"✖ {failure}" for failure in report.failures] or ["✔ nothing lost, nothing twice"]
    return "\n".join(lines)


def _told(cell: Cell) -> str:
    heard = f"{len(cell.milliseconds)}/{cell.writes}"
    if not cell.milliseconds:
        return f"nothing, {heard}"
    others = {"twice": cell.doubled, "out of order": cell.disordered}
    more = "".join(f", {number} {what}" for what, number in others.items() if number)
    return f"p50 {cell.percentile(50)} ms, p99 {cell.percentile(99)} ms, {heard}{more}"

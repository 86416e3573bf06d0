"""A bill, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antipode_tools.operate.cost.bill import Line, total
from antipode_tools.operate.cost.prices import Prices


@dataclass(frozen=True)
class Report:
    """One bill.

    Args:
        basis: what it rests on, in words.
        changes: a month, in the Region with the most.
        effects: what each option would add, or save below zero.
        notes: what to know of the prices.
    """

    basis: str
    lines: Sequence[Line]
    changes: float
    effects: Mapping[str, float]
    prices: Prices
    notes: Sequence[str]

    @property
    def total(self) -> float:
        return total(list(self.lines))

    @property
    def services(self) -> dict[tuple[str, str], dict[str, float]]:
        """Dollars by service and part, and by Region."""
        found: dict[tuple[str, str], dict[str, float]] = {}
        for line in self.lines:
            by_region = found.setdefault((line.service, line.what), {})
            by_region[line.region] = by_region.get(line.region, 0.0) + line.usd
        return found

    @property
    def dominant(self) -> tuple[str, str]:
        """The service and part that costs most."""
        return max(self.services, key=lambda key: sum(self.services[key].values()))


def as_json(report: Report) -> dict[str, Any]:
    """The bill for programs."""
    return {
        "basis": report.basis,
        "prices": {"as_of": report.prices.as_of.isoformat(), "region": report.prices.region},
        "usd_a_month": round(report.total, 2),
        "usd_a_change": report.total / report.changes if report.changes else None,
        "lines": [
            {"service": service, "what": what, "region": region, "usd": round(usd, 4)}
            for (service, what), by_region in report.services.items()
            for region, usd in by_region.items()
        ],
        "dominant": " ".join(report.dominant),
        "options": {name: round(usd, 2) for name, usd in report.effects.items()},
        "notes": list(report.notes),
    }


def as_text(report: Report) -> str:
    """The bill for people."""
    regions = list(dict.fromkeys(line.region for line in report.lines))
    rows = [["US dollars a month", *regions, "all"]]
    rows += [
        [f"{service}: {what}", *(_usd(by[region]) for region in regions), _usd(sum(by.values()))]
        for (service, what), by in report.services.items()
    ]
    sums = [total([line for line in report.lines if line.region == each]) for each in regions]
    rows.append(["all", *map(_usd, sums), _usd(report.total)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [report.basis, ""]
    lines += [
        "  ".join(
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    dominant = report.services[report.dominant]
    share = sum(dominant.values()) / report.total * 100 if report.total else 0
    lines += ["", f"{': '.join(report.dominant)} is {share:.0f} % of it"]
    if report.changes:
        lines.append(f"a million changes cost {_usd(report.total / report.changes * 1_000_000)}")
    lines += ["", "a month, would add (or save):"]
    wide = max(map(len, report.effects))
    lines += [f"  {name:<{wide}}  {usd:+9.2f}" for name, usd in report.effects.items()]
    return "\n".join([*lines, "", *report.notes])


def _usd(amount: float) -> str:
    return f"{amount:,.2f}"

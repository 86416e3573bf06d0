"""What a backfill says: beforehand, and at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from antipode_tools.operate.backfill.plan import Plan
from antipode_tools.operate.backfill.state import State, Tally
from antipode_tools.operate.backfill.verifying import MOST_NAMED, Verdict
from antipode_tools.operate.cost.prices import Prices
from antipode_tools.operate.wording import counted


@dataclass(frozen=True)
class Ends:
    """From where to where.

    Args:
        source, target: the tables' names.
        begins, arrives: the Regions in which they are read and written, by their codes.
    """

    source: str
    begins: str
    target: str
    arrives: str

    def __str__(self) -> str:
        return f"{self.source} ({self.begins}) to {self.target} ({self.arrives})"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "source": {"table": self.source, "region": self.begins},
            "target": {"table": self.target, "region": self.arrives},
        }


def plan_text(ends: Ends, plan: Plan, prices: Prices) -> str:
    """What is going to be done, for people."""
    lines = [
        str(ends),
        f"about {_items(plan.items)} of"
        f" {plan.bytes_each:,.0f} bytes, as DynamoDB counted within the last six hours",
        f"{plan.write_units:,.0f} write units in {_each(plan.regions)}:"
        f" ${plan.usd_written(prices):,.2f}; to read both tables: ${plan.usd_read(prices):,.2f}"
        f" (list prices of {prices.region})",
        f"at {plan.rate:g} write units a second: about {duration(plan.seconds)}",
    ]
    if plan.announcing:
        lines.append(
            f"each item is announced in {', '.join(plan.announcing)}:"
            f" ${plan.usd_announced(prices):,.2f} more, and what subscribers get."
            " docs/adopting.md says how not to"
        )
    return "\n".join(lines)


def plan_json(ends: Ends, plan: Plan, prices: Prices) -> dict[str, Any]:
    """The same for programs."""
    return ends.as_json() | {
        "dry_run": True,
        "items": plan.items,
        "bytes_each": round(plan.bytes_each),
        "regions": list(plan.regions),
        "write_units_in_each_region": round(plan.write_units),
        "usd_written": round(plan.usd_written(prices), 4),
        "usd_read": round(plan.usd_read(prices), 4),
        "seconds": round(plan.seconds),
        "announced_in": list(plan.announcing),
        "usd_announced": round(plan.usd_announced(prices), 4),
    }


def copying(tally: Tally, items: int, rate: float) -> str:
    """How far it is."""
    return (
        f"copying: {tally.read:,} of about {max(items, tally.read):,} items,"
        f" {tally.written:,} written, at up to {rate:,.0f} write units a second"
    )


def done_text(ends: Ends, state: State) -> str:
    """What was done, for people."""
    tally = state.tally
    lines = [
        str(ends),
        f"{_items(tally.read)} read, {tally.written:,} written, {tally.there:,} there"
        f" already, {tally.newer:,} newer at the target",
    ]
    if tally.deleted:
        lines.append(f"{tally.deleted:,} left out that DataStore had deleted")
    if tally.withdrawn:
        lines.append(f"{tally.withdrawn:,} deleted again, as they were at the source meanwhile")
    if tally.unfit:
        lines += [f"{_items(tally.unfit)} without the model's key left out:"]
        lines += listed(tally.named, tally.unfit)
    lines.append("the same command with --verify compares both tables")
    return "\n".join(lines)


def done_json(ends: Ends, state: State) -> dict[str, Any]:
    """The same for programs."""
    return ends.as_json() | {"done": state.done} | asdict(state.tally)


def verdict_text(ends: Ends, verdict: Verdict) -> str:
    """What a comparison found, for people."""
    different, looked_at = verdict.parts
    found = verdict.differences
    lines = [
        str(ends),
        f"{_items(verdict.source)} to copy, {verdict.target:,} at the target"
        + (f"; {verdict.left_out:,} left out" if verdict.left_out else ""),
    ]
    if not different:
        return "\n".join([*lines, "both hold the same"])
    for title, keys in (
        ("missing at the target", found.missing),
        ("otherwise at the target, and not newer", found.older),
        ("newer at the target", found.newer),
        ("at the target alone", found.added),
    ):
        if keys:
            lines += [f"{len(keys):,} {title}:", *listed(keys[:MOST_NAMED], len(keys))]
    if looked_at < different:
        lines.append(
            f"that is of {looked_at:,} of the {different:,} parts of the tables that differ:"
            " mend these, and run this again"
        )
    return "\n".join(lines)


def verdict_json(ends: Ends, verdict: Verdict) -> dict[str, Any]:
    """The same for programs."""
    different, looked_at = verdict.parts
    found = asdict(verdict.differences)
    return ends.as_json() | {
        "holds": verdict.holds,
        "items_to_copy": verdict.source,
        "items_at_the_target": verdict.target,
        "left_out": verdict.left_out,
        "parts_different": different,
        "parts_looked_at": looked_at,
        **{name: len(keys) for name, keys in found.items()},
        "keys": {name: list(keys[:MOST_NAMED]) for name, keys in found.items()},
    }


def listed(names: Sequence[str], of: int) -> list[str]:
    """Names, each on a line, and how many more there are."""
    more = of - len(names)
    return [f"  {name}" for name in names] + ([f"  and {more:,} more"] if more else [])


def duration(seconds: float) -> str:
    """In words, roughly."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * length:
            return counted(round(seconds / length), unit)
    return counted(max(1, round(seconds)), "second")


def _each(regions: Sequence[str]) -> str:
    return f"each of {', '.join(regions)}" if len(regions) > 1 else regions[0]


def _items(number: int) -> str:
    """`1 item`, `1,000 items`."""
    return f"{number:,} {'item' if number == 1 else 'items'}"

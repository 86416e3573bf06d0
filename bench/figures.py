"""What a measurement gives: figures, and the two forms in which they are shown."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from antipode_tools.cli.display import table


@dataclass(frozen=True)
class Figure:
    """One number.

    Args:
        aim: the value, in the same unit, that it should stay under.
    """

    case: str
    value: float
    unit: str
    aim: float | None = None

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Its line of a table."""
        aim = "" if self.aim is None else f"under {self.aim:,g}"
        return self.case, _shown(self.value), self.unit, aim


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest of the values that so many percent of them do not exceed.

    Raises:
        ValueError: there are none.
    """
    if not values:
        raise ValueError("no values, so no percentile")
    rank = math.ceil(len(values) * percent / 100)
    return sorted(values)[max(0, rank - 1)]


def as_table(figures: Iterable[Figure]) -> str:
    """For people."""
    return table(("case", "value", "unit", "aim"), [figure.row for figure in figures])


def as_json(figures: Iterable[Figure]) -> str:
    """A list of {case, value, unit, aim}."""
    return json.dumps([asdict(figure) for figure in figures], indent=2)


def _shown(value: float) -> str:
    """Three digits are enough, and a number of more is not shortened."""
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:,.{digits}f}"

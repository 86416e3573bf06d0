"""What AWS asks for one of each thing, as a dated file says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from antipode_tools.operate.stacks.errors import UsageError

# The project's own.
FILE = Path(__file__).with_name("prices.toml")

# After so long AWS has changed one or other of them.
MAX_AGE_DAYS = 365


@dataclass(frozen=True)
class Prices:
    """Prices by the names of what is billed.

    Args:
        usd: US dollars for one.
    """

    as_of: date
    region: str
    usd: Mapping[str, float]

    def of(self, name: str, quantity: float) -> float:
        """What so many of a thing cost, in US dollars."""
        return self.usd[name] * quantity

    def age_days(self, today: date) -> int:
        """How old the prices are."""
        return (today - self.as_of).days


def load(path: Path | None = None) -> Prices:
    """The prices of a file, or the project's own.

    Raises:
        UsageError: it cannot be read, or lacks a price.
    """
    own = _read(FILE)
    if path is None:
        return own
    theirs = _read(path)
    if missing := sorted(own.usd.keys() - theirs.usd.keys()):
        raise UsageError(f"{path} has no price of {', '.join(missing)}: take {FILE.name} as a form")
    return theirs


def _read(path: Path) -> Prices:
    try:
        told = tomllib.loads(path.read_text())
        as_of, region = told.pop("as_of"), told.pop("region")
        usd = {name: price["usd"] / price["each"] for name, price in told.items()}
        if not isinstance(as_of, date):
            raise ValueError("as_of is no date")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} has no prices: {error}") from error
    return Prices(as_of, str(region), usd)

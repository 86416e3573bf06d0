"""What routes are: which Region serves whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# A Region's share is its weight's share of all weights.
Weights = Mapping[str, int]

CONTINENT, COUNTRY = "continent:", "country:"


@dataclass(frozen=True)
class Routes:
    """Which Region serves whom.

    Args:
        regions: each Region and its own AppSync domain.
        default: for every country that has no rule.
        drained: the Regions that are passed over.
    """

    regions: Mapping[str, str] = field(default_factory=dict)
    default: Weights = field(default_factory=dict)
    continents: Mapping[str, Weights] = field(default_factory=dict)
    countries: Mapping[str, Weights] = field(default_factory=dict)
    drained: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[str, ...]:
        """The Regions that are not drained."""
        return tuple(name for name in self.regions if name not in self.drained)

    @property
    def rules(self) -> dict[str, Weights]:
        """Every rule by its name, the default's first."""
        return {
            "default": self.default,
            **{f"{CONTINENT}{code}": weights for code, weights in self.continents.items()},
            **{f"{COUNTRY}{code}": weights for code, weights in self.countries.items()},
        }

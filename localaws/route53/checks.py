"""The status of each Region's health check: it changes after several results in a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Checked:
    """The status of one Region. It begins as healthy, as in Route 53."""

    threshold: int
    is_healthy: bool = True
    contrary: int = 0

    def hear(self, well: bool) -> None:
        """Take one more result of the check."""
        self.contrary = 0 if well == self.is_healthy else self.contrary + 1
        if self.contrary >= self.threshold:
            self.is_healthy, self.contrary = well, 0


@dataclass(frozen=True)
class Checks:
    """The status of every Region."""

    by_region: Mapping[str, Checked] = field(default_factory=dict)

    @property
    def healthy(self) -> frozenset[str]:
        """The Regions that are considered healthy."""
        return frozenset(code for code, each in self.by_region.items() if each.is_healthy)

"""What Route 53's checkers think of each Region: a failure must come several times to count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Checked:
    """The opinion on one Region. It begins as healthy, as Route 53's does."""

    threshold: int
    is_healthy: bool = True
    contrary: int = 0

    def hear(self, well: bool) -> None:
        """One more answer of the Region's."""
        self.contrary = 0 if well == self.is_healthy else self.contrary + 1
        if self.contrary >= self.threshold:
            self.is_healthy, self.contrary = well, 0


@dataclass(frozen=True)
class Checks:
    """The opinion on every Region."""

    by_region: Mapping[str, Checked] = field(default_factory=dict)

    @property
    def healthy(self) -> frozenset[str]:
        """The Regions that are held to be healthy."""
        return frozenset(code for code, each in self.by_region.items() if each.is_healthy)

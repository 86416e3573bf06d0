"""How fast a backfill writes: so many write units a second, fewer while the table throttles.

It halves when it is throttled, and comes back by steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# What may be written at once, in seconds of the rate.
BURST_S = 0.2
# How long the whole way back takes, without further throttling.
RECOVERY_S = 60.0
SLOWEST = 1.0


@dataclass
class Pace:
    """Says how long to wait, and how much may be written then.

    Args:
        most: write units a second.
    """

    most: float
    rate: float = field(init=False)
    _free_at: float = field(init=False, default=0.0)
    _at: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.rate = self.most

    def wait_s(self, now: float) -> float:
        """How long until something may be written."""
        return max(0.0, self._free_at - now)

    @property
    def burst(self) -> float:
        """The units that may be written at once; one item always may."""
        return self.rate * BURST_S

    def spend(self, units: float, now: float) -> None:
        """Counts what is being written."""
        self._free_at = max(now, self._free_at) + units / self.rate

    def throttled(self, now: float) -> None:
        """The table took not all of it."""
        self.rate = max(min(SLOWEST, self.most), self.rate / 2)
        self._free_at = max(self._free_at, now + 1 / self.rate)
        self._at = now

    def taken(self, now: float) -> None:
        """The table took all of it."""
        steps = min(1.0, max(0.0, now - self._at) / RECOVERY_S)
        self.rate = min(self.most, self.rate + self.most * steps)
        self._at = now

"""What this process is done with, so that a redelivery does not announce it twice.

Lambda sends everything from the lowest failed record on again, successes included.
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from __future__ import annotations

# Twice the largest batch that Lambda sends (10,000): what is redelivered is at most one batch old.
CAPACITY = 20_000


class Published:
    """A bounded memory of event ids; the oldest are forgotten first. Safe to use from lanes."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._ids: dict[str, None] = {}

    def __contains__(self, event_id: str) -> bool:
        return event_id in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, event_id: str) -> None:
        """Remembers one id."""
        self._ids[event_id] = None

    def forget_oldest(self) -> None:
        """Back to the capacity. Called between batches, so that lanes need no lock."""
        while len(self._ids) > self._capacity:
            del self._ids[next(iter(self._ids))]

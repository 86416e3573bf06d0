"""What this process is done with, so that a redelivery does not announce it twice.

Lambda sends everything from the lowest failed record on again, successes included.
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from __future__ import annotations

# Twice the largest batch that Lambda sends (10,000): what is sent again is the batch before.
CAPACITY = 20_000


class Memory:
    """A bounded memory of event ids, which forgets the oldest first."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._ids: dict[str, None] = {}

    def __contains__(self, event_id: str) -> bool:
        return event_id in self._ids

    def add(self, event_id: str) -> None:
        """Remembers one id."""
        self._ids[event_id] = None

    def trim(self) -> None:
        """Back to the capacity. Not while a batch is on its way: all of it may come again."""
        while len(self._ids) > self._capacity:
            del self._ids[next(iter(self._ids))]

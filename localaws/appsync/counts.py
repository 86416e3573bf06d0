"""What an API has done, by the units in which AppSync counts and bills."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

# https://aws.amazon.com/appsync/pricing/: an update of a client, for each 5 kB begun.
UPDATE_BYTES = 5 * 1024


@dataclass
class Counts:
    """One API's counts, from when it was made.

    Args:
        clock: seconds that only rise.
        requests: over HTTP, whatever became of them.
        announced: mutations that subscriptions hang on.
        updates: messages to clients, of 5 kB begun.
        bytes_told: of those messages.
    """

    clock: Callable[[], float] = time.monotonic
    requests: int = 0
    announced: int = 0
    updates: int = 0
    bytes_told: int = 0
    _span: tuple[float, float] | None = None
    _open: dict[object, float] = field(default_factory=dict)
    _ended_s: float = 0.0

    def requested(self) -> None:
        """A request came in."""
        self._at()
        self.requests += 1

    def announces(self) -> None:
        """Something is announced, to however many."""
        self._at()
        self.announced += 1

    def tells(self, size: int) -> None:
        """A client is sent a message of so many bytes."""
        self.updates += max(1, math.ceil(size / UPDATE_BYTES))
        self.bytes_told += size

    def opened(self, connection: object) -> None:
        """A client has connected."""
        self._open[connection] = self._at()

    def closed(self, connection: object) -> None:
        """A client's connection has ended."""
        self._ended_s += self._at() - self._open.pop(connection)

    @property
    def seconds(self) -> float:
        """From the first of all this to the last: what lies idle afterwards does not count."""
        return self._span[1] - self._span[0] if self._span else 0.0

    @property
    def connection_s(self) -> float:
        """Of all connections together, in that time."""
        last = self._span[1] if self._span else 0.0
        return self._ended_s + sum(last - at for at in self._open.values())

    def _at(self) -> float:
        now = self.clock()
        self._span = (self._span[0] if self._span else now, now)
        return now

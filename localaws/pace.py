"""How often a stream is looked at, in which nothing may come for a long time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """How long to wait between polls, in seconds: from `busy`, longer while there is nothing.

    AWS polls a shard four times a second. Here whoever waits is woken once something was written;
    an idle poll finds nothing, unless that somebody wrote was not noticed.
    """

    busy: float = 0.02
    idle: float = 5.0

    def slower(self, pause: float) -> float:
        return min(self.idle, pause * 4)


DEFAULT_PACE = Pace()

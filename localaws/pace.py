"""How often a stream is looked at, in which nothing may come for a long time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """How long to wait between polls, in seconds: `busy` where there may be more, else `idle`.

    AWS polls a shard four times a second. Here whoever waits is woken once something was written;
    an idle poll finds nothing, unless that somebody wrote was not noticed.
    """

    busy: float = 0.02
    idle: float = 5.0

    def slower(self, pause: float) -> float:
        """The next pause where nothing could be read, from the last."""
        return min(self.idle, pause * 4)


DEFAULT_PACE = Pace()

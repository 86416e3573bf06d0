"""What goes through one Region in a month, whether it is foreseen or was measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# As AWS's calculator has it: 30 days.
MINUTES_A_MONTH = 43_200

# What AppSync bills as one update, and DynamoDB as one write.
UPDATE_KB, WRITE_KB = 5.0, 1.0

# What the journal keeps of an announcement beside its item: `_change`, its place, and its end.
JOURNAL_KB = 0.3


@dataclass(frozen=True)
class Traffic:
    """One Region's month.

    Args:
        operations: of clients, at AppSync: queries and mutations.
        changes: announced here, whichever Region took the write.
        updates: messages of 5 kB delivered to clients.
        write_units: at the Region's replicas.
        kilobytes: of one message to one client.
        journal: write units at the Region's journal; None if it has none.
        api_log_gigabytes: that AppSync logged; None if nobody has measured it.
    """

    operations: float
    changes: float
    updates: float
    connection_minutes: float
    write_units: float
    gigabytes_out: float
    kilobytes: float
    journal: float | None = None
    api_log_gigabytes: float | None = None


def journal_units(kilobytes: float) -> int:
    """What one announcement takes in the journal, in write units.

    Args:
        kilobytes: of its item.
    """
    return math.ceil((kilobytes + JOURNAL_KB) / WRITE_KB)


def updates_of(kilobytes: float) -> int:
    """What one message to one client counts as."""
    return max(1, math.ceil(kilobytes / UPDATE_KB))


@dataclass(frozen=True)
class Foreseen:
    """What is expected of the system as a whole.

    Args:
        writes: a month, by clients of AppSync, as many in each Region.
        queries: a month, likewise.
        subscribers: in each Region, connected all the time; each hears of every change.
        kilobytes: of an item, with all that is announced of it.
    """

    writes: float
    queries: float
    subscribers: float
    kilobytes: float

    def in_each(self, regions: Sequence[str]) -> Mapping[str, Traffic]:
        """The traffic of each Region."""
        heard = self.writes * self.subscribers
        traffic = Traffic(
            operations=(self.writes + self.queries) / len(regions),
            changes=self.writes,
            updates=heard * updates_of(self.kilobytes),
            connection_minutes=self.subscribers * MINUTES_A_MONTH,
            write_units=self.writes * math.ceil(self.kilobytes / WRITE_KB),
            gigabytes_out=heard * self.kilobytes / 1_000_000,
            kilobytes=self.kilobytes,
        )
        return dict.fromkeys(regions, traffic)

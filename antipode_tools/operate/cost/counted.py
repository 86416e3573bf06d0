"""What a local world counted of one Region, as a month's traffic at that rate."""

from __future__ import annotations

from antipode_tools.operate.cost.traffic import MINUTES_A_MONTH, Traffic, journal_units
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.project.counted import Counted

MONTH_S = MINUTES_A_MONTH * 60


def counted(counts: Counted, kept: int | None) -> Traffic:
    """The traffic of a run, as if it went on like that for a month.

    Args:
        kept: how many announcements the journal has; None without one.

    Raises:
        OperationError: nothing has been asked of the world yet.
    """
    if counts.seconds < 1:
        raise OperationError(
            "the local world has done nothing for a second yet: try something (antipode demo,"
            " antipode probe), then ask again"
        )
    months = MONTH_S / counts.seconds
    kilobytes = counts.bytes_written / max(1, counts.writes) / 1_000
    return Traffic(
        # AppSync counts the relay's requests with those of clients.
        operations=max(0, counts.requests - counts.announced) * months,
        changes=counts.announced * months,
        updates=counts.updates * months,
        connection_minutes=counts.connection_s / 60 * months,
        write_units=counts.write_units * months,
        gigabytes_out=counts.bytes_told / 1_000_000_000 * months,
        kilobytes=kilobytes,
        journal=None if kept is None else kept * journal_units(kilobytes) * months,
    )

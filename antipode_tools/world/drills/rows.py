"""The table that a drill prints as it goes."""

from __future__ import annotations

from collections.abc import Sequence

from antipode_tools.world.drills.observed import Announcement, Write

HEADER = f"{'':>8}  {'writes/s':>9}{'failed/s':>9}{'announced/s':>12}{'differ':>8}"


def row(
    writes: Sequence[Write],
    heard: Sequence[Announcement],
    differ: int | None,
    *,
    since: float,
    now: float,
) -> str:
    """What there was between two times, a second, and how many items differ at the second one.

    Args:
        differ: None while a Region's table cannot be looked into.
    """
    recent = [write.done for write in writes if since < write.at <= now]
    announced = sum(since < each.at <= now for each in heard)
    seconds = now - since
    shown = "?" if differ is None else str(differ)
    done, failed = (recent.count(kind) / seconds for kind in (True, False))
    return f"{now:6.1f} s  {done:9.1f}{failed:9.1f}{announced / seconds:12.1f}{shown:>8}"

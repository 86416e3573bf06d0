"""Time zones for the engine, which has none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

# Zones are described from the first to the last year that a handler may reasonably ask for.
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=14)

Period = tuple[int, int, str]


@cache
def periods_of(zone_id: str) -> tuple[Period, ...] | None:
    """(begins at this epoch millisecond, offset in milliseconds, abbreviation), in order.

    None where there is no such zone.
    """
    try:
        zone = ZoneInfo(zone_id)
    except (KeyError, ValueError, OSError):
        return None
    periods = [_period(_FIRST, zone)]
    moment = _FIRST
    while moment < _LAST:
        following = moment + _STEP
        if _period(following, zone)[1:] != periods[-1][1:]:
            periods.append(_period(_change(moment, following, zone), zone))
        moment = following
    return tuple(periods)


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second of the period that `after` lies in."""
    known = _period(before, zone)[1:]
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _period(middle, zone)[1:] == known:
            before = middle
        else:
            after = middle
    return after


def _period(moment: datetime, zone: ZoneInfo) -> Period:
    local = moment.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    return (
        int(moment.timestamp() * 1000),
        offset // timedelta(milliseconds=1),
        local.tzname() or zone.key,
    )

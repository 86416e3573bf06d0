"""An announcement as a row of the page: bounded in size, with the times that it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# JSON.
Json = Any

MOST_CHARACTERS = 2_000
_MOST_MEMBERS = 100
_DEEPEST = 6


@dataclass(frozen=True)
class Times:
    """Milliseconds until an announcement was heard here; None where it cannot be known."""

    since_write: int | None
    since_record: int | None


def times(item: Json, now: float) -> Times:
    """The times of an announcement, as its own fields tell them.

    Args:
        now: seconds since 1970, when it was heard.
    """
    change = item.get("_change") if isinstance(item, Mapping) else None
    if not isinstance(change, Mapping):
        return Times(None, None)
    # The last values of a deleted item tell when they were written, not when they went.
    written = None if change.get("kind") == "DELETE" else item.get("updatedAt")
    return Times(_since(written, now), _since(change.get("recordedAt"), now))


def _since(moment: Json, now: float) -> int | None:
    try:
        return round((now - datetime.fromisoformat(moment).timestamp()) * 1000)
    except (TypeError, ValueError):
        return None


def shortened(value: Json, *, most: int = MOST_CHARACTERS, depth: int = 0) -> Json:
    """A value that is no larger than a page can show: what was cut off is said in its place."""
    match value:
        case str() if len(value) > most:
            return f"{value[:most]}… ({len(value):,} characters)"
        case list() | dict() if depth == _DEEPEST:
            return "…"
        case list():
            kept = [shortened(each, most=most, depth=depth + 1) for each in value[:_MOST_MEMBERS]]
            left = len(value) - len(kept)
            return [*kept, f"… ({left:,} more)"] if left else kept
        case dict():
            within = max(200, most // max(1, len(value))) if depth else most
            return {
                name: shortened(each, most=within, depth=depth + 1)
                for name, each in list(value.items())[:_MOST_MEMBERS]
            }
        case _:
            return value

"""What `antipode probe --from regions` asks of a Region's canary, and what the canary answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from antipode.canary.errors import OrderError
from antipode.json_values import Json

# Of orders and answers together: who asks and who answers may have been deployed at two times.
VERSION = 1

# A part of the items' keys, by which the probe's own are told from whatever else is announced.
_RUN = re.compile(r"[0-9a-z]{1,32}")


@dataclass(frozen=True)
class Order:
    """One Region's part of a probe.

    Args:
        run: a name that no other probe has.
        regions: those that take part, by their codes.
        items: each is created, changed and deleted.
        pause_s: from one write to the next.
        within_s: after the last write, until what was not heard counts as lost.
    """

    run: str
    regions: Sequence[str]
    items: int
    pause_s: float
    within_s: float


@dataclass(frozen=True)
class Noted:
    """What one Region wrote and heard, by its own clock, in seconds since 1970.

    Args:
        writes: item, kind, at.
        heard: item, kind, change, sequence, at.
        problems: what went wrong, in words.
    """

    writes: list[dict[str, Json]] = field(default_factory=list)
    heard: list[dict[str, Json]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def ordered(event: Json) -> Order | None:
    """The order of an event; None of the schedule's, which has none.

    Raises:
        OrderError: it is another version's, or no order.
    """
    match event:
        case {"probe": {"version": int(version)}} if version != VERSION:
            raise OrderError(f"this canary knows version {VERSION} of probes, and not {version}")
        case {
            "probe": {
                "run": str(run),
                "regions": [_, *_] as regions,
                "items": int(items),
                "pause_s": int() | float() as pause_s,
                "within_s": int() | float() as within_s,
            }
        } if _RUN.fullmatch(run) and items > 0:
            return Order(run, tuple(map(str, regions)), items, float(pause_s), float(within_s))
        case {"probe": _}:
            raise OrderError("what is asked is no probe")
        case _:
            return None


def as_event(order: Order) -> Json:
    """The event that `ordered` reads."""
    return {"probe": {"version": VERSION, **asdict(order), "regions": list(order.regions)}}


def as_answer(noted: Noted) -> Json:
    """What the canary answers."""
    return {"version": VERSION, **asdict(noted)}

"""What may be asked of a running world, as data: lag, cut, heal, lose, recover, throttle, fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Self

from antipode_tools.project.conditions import ConditionError, Conditions, Loss


@dataclass(frozen=True)
class Order:
    """One change of a world's conditions.

    Args:
        do: one of `VERBS`.
        regions: the Regions' names or codes, in the order in which the command has them.
        lag_s, jitter_s, one_way: of `lag`.
        silent: of `lose` and `fail`: nobody gets an answer.
        a_second: of `throttle`; None ends it.
        share: of `fail`, from 0 to 1; 0 ends it.
    """

    do: str
    regions: tuple[str, ...] = ()
    lag_s: float = 0.0
    jitter_s: float = 0.0
    one_way: bool = False
    silent: bool = False
    a_second: float | None = None
    share: float = 0.0

    @classmethod
    def from_json(cls, told: Any) -> Self:
        """Raises ConditionError for what is no order."""
        try:
            order = cls(**told)
            order = replace(order, regions=tuple(map(str, order.regions)))
        except TypeError as error:
            raise ConditionError(f"this is no order: {error}") from error
        numbers = (order.lag_s, order.jitter_s, order.share, order.a_second or 0)
        if not all(isinstance(each, int | float) and isfinite(each) for each in numbers):
            raise ConditionError("this is no order: its times, rate and share are numbers")
        return order


@dataclass(frozen=True)
class Done:
    """What came of an order: the conditions that follow, and what to tell whoever gave it."""

    conditions: Conditions
    said: str


# The verbs, and how many Regions each takes.
VERBS: Mapping[str, Sequence[int]] = {
    "lag": (2,),
    "cut": (2,),
    "heal": (0, 2),
    "lose": (1,),
    "recover": (1,),
    "throttle": (1,),
    "fail": (1,),
}


def carry_out(order: Order, before: Conditions, known: Mapping[str, str]) -> Done:
    """What follows an order.

    Args:
        known: the code of each Region of the world, by its name.

    Raises:
        ConditionError: it cannot be carried out; nothing changes.
    """
    if order.do not in VERBS:
        raise ConditionError(f"{order.do} is none of {', '.join(VERBS)}")
    if len(order.regions) not in VERBS[order.do]:
        wanted = " or ".join(map(str, VERBS[order.do]))
        raise ConditionError(f"{order.do} takes {wanted} Regions, not {len(order.regions)}")
    codes = [_code(region, known) for region in order.regions]
    after = _changed(order, before, codes)
    if after == before:
        return Done(before, _NOTHING.get(order.do, "that is in force already"))
    lost = [code for code in known.values() if after.region(code).lost]
    if order.do == "lose" and len(lost) == len(known):
        return Done(after, "done; no Region is left: antipode recover brings one back")
    return Done(after, "done")


_NOTHING = {
    "cut": "they are cut already",
    "heal": "there was nothing to heal",
    "lose": "it is lost already",
    "recover": "it was not lost",
}


def _changed(order: Order, before: Conditions, codes: Sequence[str]) -> Conditions:
    match order.do, *codes:
        case "lag", one, other:
            return before.lagging(one, other, order.lag_s, order.jitter_s, one_way=order.one_way)
        case "cut", one, other:
            return before.cutting(one, other)
        case "heal", one, other:
            return before.healing(one, other)
        case "lose", one:
            return before.losing(one, Loss.SILENT if order.silent else Loss.REFUSED)
        case "recover", one:
            return before.recovering(one)
        case "throttle", one:
            return before.throttling(one, order.a_second)
        case "fail", one:
            return before.failing(one, order.share, silently=order.silent)
        case _:  # heal, without Regions: everything
            return Conditions()


def _code(region: str, known: Mapping[str, str]) -> str:
    if region in known.values():
        return region
    if region not in known:
        raise ConditionError(f"this world has no Region {region}; it has {', '.join(known)}")
    return known[region]

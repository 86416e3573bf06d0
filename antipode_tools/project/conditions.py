"""What was made far, broken or lost in a local world, and how one change of it follows another.

Knows nothing of how it is done. Regions are named by their codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self


class ConditionError(ValueError):
    """A change that cannot be made: the message says why, and what can."""


class Loss(StrEnum):
    """How a lost Region behaves to whoever asks it."""

    REFUSED = "refused"
    SILENT = "silent"


@dataclass(frozen=True)
class Link:
    """The way from one Region's tables to another's.

    Args:
        lag_s: the seconds that a write takes; None for what is usual.
        jitter_s: by how much more or less, at most.
    """

    lag_s: float | None = None
    jitter_s: float = 0.0
    cut: bool = False


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a Region.

    Args:
        throttle: the requests that its API takes in a second; None for all.
        failing: the share of the API's answers that are failures, from 0 to 1.
        failing_silently: whether such a request gets no answer at all.
    """

    lost: Loss | None = None
    throttle: float | None = None
    failing: float = 0.0
    failing_silently: bool = False


_USUAL, _WELL = Link(), Trouble()


@dataclass(frozen=True)
class Conditions:
    """Everything that is not as usual; each method gives what follows a change.

    Args:
        links: by source and target.
        regions: by code.
    """

    links: Mapping[tuple[str, str], Link] = field(default_factory=dict)
    regions: Mapping[str, Trouble] = field(default_factory=dict)

    def link(self, source: str, target: str) -> Link:
        return self.links.get((source, target), _USUAL)

    def region(self, code: str) -> Trouble:
        return self.regions.get(code, _WELL)

    def passes(self, source: str, target: str) -> bool:
        """Whether a write gets from one Region to the other."""
        lost = self.region(source).lost or self.region(target).lost
        return not (lost or self.link(source, target).cut)

    def lagging(
        self, source: str, target: str, lag_s: float, jitter_s: float, *, one_way: bool
    ) -> Self:
        """Raises ConditionError for a lag or a jitter below zero, or a jitter over the lag."""
        if lag_s < 0 or not 0 <= jitter_s <= lag_s:
            raise ConditionError(
                "a lag is zero or more, and its jitter between zero and the lag: 800ms, 1.5s"
            )
        both = self._with_link(source, target, lag_s=lag_s, jitter_s=jitter_s)
        if one_way:
            return both
        return both._with_link(target, source, lag_s=lag_s, jitter_s=jitter_s)

    def cutting(self, one: str, other: str) -> Self:
        return self._with_link(one, other, cut=True)._with_link(other, one, cut=True)

    def healing(self, one: str, other: str) -> Self:
        """The two are as near as usual."""
        whole = {link: each for link, each in self.links.items() if {*link} != {one, other}}
        return replace(self, links=whole)

    def losing(self, code: str, how: Loss) -> Self:
        return self._with_region(code, lost=how)

    def recovering(self, code: str) -> Self:
        return self._with_region(code, lost=None)

    def throttling(self, code: str, a_second: float | None) -> Self:
        """Raises ConditionError for a rate of zero or less."""
        if a_second is not None and a_second <= 0:
            raise ConditionError("a rate is more than zero: 50/s; or off")
        return self._with_region(code, throttle=a_second)

    def failing(self, code: str, share: float, *, silently: bool) -> Self:
        """Raises ConditionError for a share below 0 or above 1."""
        if not 0 <= share <= 1:
            raise ConditionError("a share is between 0% and 100%")
        return self._with_region(code, failing=share, failing_silently=silently and share > 0)

    def _with_link(self, source: str, target: str, **changes: Any) -> Self:
        if source == target:
            raise ConditionError("a Region is no distance from itself: name two")
        link = replace(self.link(source, target), **changes)
        return replace(self, links=_without_usual({**self.links, (source, target): link}, _USUAL))

    def _with_region(self, code: str, **changes: Any) -> Self:
        trouble = replace(self.region(code), **changes)
        return replace(self, regions=_without_usual({**self.regions, code: trouble}, _WELL))

    def lines(self, names: Mapping[str, str]) -> Iterator[str]:
        """What is in force, in words, a line each.

        Args:
            names: of the Regions, by their codes.
        """
        for (source, target), link in self.links.items():
            way = f"{names[source]} → {names[target]}"
            if link.lag_s is not None:
                jitter = f" ± {link.jitter_s * 1000:g} ms" if link.jitter_s else ""
                yield f"{way}: lag {link.lag_s * 1000:g} ms{jitter}"
            if link.cut:
                yield f"{way}: cut"
        for code, trouble in self.regions.items():
            name = names[code]
            if trouble.lost:
                yield f"{name}: lost, {trouble.lost}"
            if trouble.throttle is not None:
                yield f"{name}: throttled to {trouble.throttle:g} requests a second"
            if trouble.failing:
                how = "never answers" if trouble.failing_silently else "fails"
                yield f"{name}: {how} {trouble.failing:.0%} of its requests"

    def as_json(self) -> dict[str, Any]:
        """For scripts and the world's file."""
        return {
            "links": [
                {
                    "from": source,
                    "to": target,
                    "lag_s": link.lag_s,
                    "jitter_s": link.jitter_s,
                    "cut": link.cut,
                }
                for (source, target), link in self.links.items()
            ],
            "regions": {
                code: {
                    "lost": trouble.lost,
                    "throttle": trouble.throttle,
                    "failing": trouble.failing,
                    "failing_silently": trouble.failing_silently,
                }
                for code, trouble in self.regions.items()
            },
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        links = {
            (each["from"], each["to"]): Link(each["lag_s"], each["jitter_s"], each["cut"])
            for each in told["links"]
        }
        regions = {
            code: Trouble(**{**each, "lost": Loss(each["lost"]) if each["lost"] else None})
            for code, each in told["regions"].items()
        }
        return cls(links, regions)


def _without_usual(members: dict[Any, Any], usual: object) -> dict[Any, Any]:
    return {key: each for key, each in members.items() if each != usual}

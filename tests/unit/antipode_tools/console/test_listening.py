"""How often a Region is connected to whose socket does not last."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from antipode_tools.console.listening import Listener
from antipode_tools.operate.probe.endpoint import Endpoint
from antipode_tools.operate.stacks.errors import OperationError


class Enough(Exception):
    """The test has seen what it wanted to."""


@dataclass
class Ear:
    """Notes why there is no socket."""

    problems: list[str] = field(default_factory=list)

    def is_live(self, problem: str) -> None:
        self.problems.append(problem)

    def told(self, id_: str, data: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def accepted(self, id_: str) -> None:
        raise NotImplementedError

    def refused(self, id_: str, why: str) -> None:
        raise NotImplementedError


@dataclass
class Lost:
    """A Region whose socket lasts so many seconds each time, and a clock that moves by them."""

    lasts_s: list[float]
    now: float = 0.0
    pauses: list[float] = field(default_factory=list)

    async def reach(self) -> Endpoint:
        self.now += self.lasts_s[len(self.pauses)]
        raise OperationError("it closes")

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if len(self.pauses) == len(self.lasts_s):
            raise Enough


async def pauses(lost: Lost, chance: float) -> list[float]:
    ear = Ear()
    listener = Listener(
        lost.reach, ear, chance=lambda: chance, sleep=lost.sleep, clock=lambda: lost.now
    )
    await listener.start("a", "subscription { a }", {})
    with pytest.raises(Enough):
        async with asyncio.timeout(20):
            await listener.run()
    assert ear.problems == ["it closes"] * len(lost.lasts_s)
    return lost.pauses


async def test_a_socket_that_closes_each_second_is_opened_ever_later_and_by_chance() -> None:
    assert await pauses(Lost([1.0] * 7), 1.0) == [1, 2, 4, 8, 15, 15, 15]
    assert await pauses(Lost([1.0] * 3), 0.5) == [0.5, 1, 2]


async def test_one_that_lasted_is_opened_again_soon() -> None:
    assert await pauses(Lost([1.0, 1.0, 1.0, 11.0, 1.0]), 1.0) == [1, 2, 4, 0.5, 1]

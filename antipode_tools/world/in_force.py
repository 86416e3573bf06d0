"""The conditions of a running world, and the gates and troubles by which they are in force."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from antipode_tools.project.conditions import Conditions, Loss
from antipode_tools.world.orders import Order, carry_out
from localaws.gate import Gate
from localaws.trouble import Trouble

# On AWS it takes about a second: here somebody is waiting.
USUAL_LAG_S = 0.01


class InForce:
    """At first everything is as usual.

    Args:
        codes: of the world's Regions, by their names.
        chance: of lags with jitter.
    """

    def __init__(self, codes: Mapping[str, str], chance: random.Random | None = None) -> None:
        self.conditions = Conditions()
        self.gates = {code: Gate() for code in codes.values()}
        self.troubles = {code: Trouble() for code in codes.values()}
        self._codes = codes
        self._chance = chance or random.Random()
        self._watchers: list[Callable[[], None]] = []

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` whenever the conditions have changed."""
        self._watchers.append(watcher)

    def carry_out(self, order: Order) -> str:
        """Have an order in force at once; returns what to say of it.

        Raises:
            ConditionError: it cannot be; nothing changes.
        """
        done = carry_out(order, self.conditions, self._codes)
        self.conditions = done.conditions
        for code, gate in self.gates.items():
            wanted, trouble = done.conditions.region(code), self.troubles[code]
            _move(gate, wanted.lost)
            trouble.throttle = wanted.throttle
            trouble.failing, trouble.silently = wanted.failing, wanted.failing_silently
        for watcher in self._watchers:
            watcher()
        return done.said

    def network(self, source: str, target: str) -> float | None:
        """The seconds that a write takes from one Region's tables to another's, if it passes."""
        if not self.conditions.passes(source, target):
            return None
        link = self.conditions.link(source, target)
        if link.lag_s is None:
            return USUAL_LAG_S
        return link.lag_s + self._chance.uniform(-link.jitter_s, link.jitter_s)

    @property
    def lost(self) -> list[str]:
        """The names of the Regions that are lost."""
        return [name for name, code in self._codes.items() if self.is_dark(code)]

    def is_dark(self, code: str) -> bool:
        """Whether a Region is lost."""
        return not self.gates[code].is_open


def _move(gate: Gate, lost: Loss | None) -> None:
    if lost is None:
        if not gate.is_open:
            gate.open()
    elif gate.is_open or gate.is_silent != (lost is Loss.SILENT):
        gate.close(silently=lost is Loss.SILENT)

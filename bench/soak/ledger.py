"""What became of each change: a few bytes for each, however many there are."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """Changes are numbered as they are written, and each item's in their order.

    `doubled` says of each announcement after a change's first why there was one: another process
    had the change in hand as well, or the answer to the first never came. `unexplained` counts
    those that one process made though it knew of the first.
    """

    changes: int
    written: int = 0
    out_of_order: int = 0
    unexplained: int = 0
    doubled: Counter[str] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._process = array("I", bytes(4 * self.changes))  # of the last announcement; 0: none
        self._was_answered = bytearray(self.changes)
        self._is_aside = bytearray(self.changes)
        self._last: dict[str, int] = {}

    def announced(self, number: int, item: str, process: int, *, answered: bool) -> None:
        """Subscribers heard of a change; `answered`, if the process hears that they did."""
        if before := self._process[number]:
            if before != process:
                self.doubled["by another process"] += 1
            elif not self._was_answered[number]:
                self.doubled["after an answer that was lost"] += 1
            else:
                self.unexplained += 1
        elif not self._is_aside[number]:
            if number < self._last.get(item, -1):
                self.out_of_order += 1
            self._last[item] = number
        self._process[number], self._was_answered[number] = process, answered

    def set_aside(self, number: int, reason: str) -> None:
        """A change lies where a redrive finds it."""
        if not self._is_aside[number]:
            self._is_aside[number] = 1
            self.aside[reason] += 1

    @property
    def lost(self) -> int:
        """The changes that were written, and neither announced nor set aside."""
        return sum(
            not self._process[number] and not self._is_aside[number]
            for number in range(self.written)
        )

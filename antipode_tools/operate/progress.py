"""A line that says how far a command is: rewritten on a terminal, else printed now and then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

TERMINAL_EVERY_S = 0.1
PLAIN_EVERY_S = 5.0


@dataclass
class Line:
    """Shows the last of what it is told, not too often.

    Args:
        clock: seconds that only rise.
    """

    stream: TextIO
    clock: Callable[[], float]
    _shown_at: float = 0.0
    _is_open: bool = False

    def show(self, text: Callable[[], str]) -> None:
        """Shows the text, if it is time to."""
        terminal = self.stream.isatty()
        if self.clock() - self._shown_at < (TERMINAL_EVERY_S if terminal else PLAIN_EVERY_S):
            return
        self._shown_at = self.clock()
        # Erases what is left of a longer line.
        self.stream.write(f"\r{text()}\x1b[K" if terminal else f"{text()}\n")
        self.stream.flush()
        self._is_open = terminal

    def end(self) -> None:
        """Leaves the terminal's line."""
        if self._is_open:
            self.stream.write("\n")
            self._is_open = False

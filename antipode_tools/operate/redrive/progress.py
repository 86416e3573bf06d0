"""A line that says how far a redrive is: rewritten on a terminal, else printed now and then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from antipode_tools.operate.redrive.redriving import Tally
from antipode_tools.operate.redrive.stored import Source
from antipode_tools.operate.redrive.survey import Survey
from antipode_tools.operate.wording import counted

TERMINAL_EVERY_S = 0.1
PLAIN_EVERY_S = 5.0


@dataclass
class Progress:
    """Shows the last state, not too often."""

    stream: TextIO
    clock: Callable[[], float]
    _shown_at: float = 0.0
    _on_line: bool = False

    def found(self, survey: Survey) -> None:
        """While both places are read."""
        records = counted(len(survey.backlog), "record")
        objects = counted(survey.places[Source.BUCKET], "object")
        messages = counted(survey.places[Source.QUEUE], "message")
        self._show(f"looking: {records} in {objects} and {messages}")

    def sent(self, total: int) -> Callable[[Tally], None]:
        """While the records are sent again."""

        def show(tally: Tally) -> None:
            self._show(
                f"redriving: {tally.settled} of {total}, {len(tally.rejected)} rejected again,"
                f" {len(tally.failed)} failed"
            )

        return show

    def end(self) -> None:
        """Leaves the terminal's line."""
        if self._on_line:
            self.stream.write("\n")
            self._on_line = False

    def _show(self, text: str) -> None:
        terminal = self.stream.isatty()
        if self.clock() - self._shown_at < (TERMINAL_EVERY_S if terminal else PLAIN_EVERY_S):
            return
        self._shown_at = self.clock()
        # Erases what is left of a longer line.
        self.stream.write(f"\r{text}\x1b[K" if terminal else f"{text}\n")
        self.stream.flush()
        self._on_line = terminal

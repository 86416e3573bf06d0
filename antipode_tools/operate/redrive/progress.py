"""How far a redrive is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

from antipode_tools.operate.progress import Line
from antipode_tools.operate.redrive.redriving import Tally
from antipode_tools.operate.redrive.stored import Source
from antipode_tools.operate.redrive.survey import Survey
from antipode_tools.operate.wording import counted


@dataclass
class Progress:
    """Shows the last state, not too often."""

    stream: TextIO
    clock: Callable[[], float]
    _line: Line = field(init=False)

    def __post_init__(self) -> None:
        self._line = Line(self.stream, self.clock)

    def found(self, survey: Survey) -> None:
        """While both places are read."""

        def text() -> str:
            records = counted(len(survey.backlog), "record")
            objects = counted(survey.places[Source.BUCKET], "object")
            messages = counted(survey.places[Source.QUEUE], "message")
            return f"looking: {records} in {objects} and {messages}"

        self._line.show(text)

    def sent(self, total: int) -> Callable[[Tally], None]:
        """While the records are sent again."""

        def show(tally: Tally) -> None:
            self._line.show(
                lambda: (
                    f"redriving: {tally.settled} of {total}, {len(tally.rejected)} rejected again,"
                    f" {len(tally.failed)} failed"
                )
            )

        return show

    def end(self) -> None:
        """Leaves the terminal's line."""
        self._line.end()

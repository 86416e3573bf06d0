"""How far a redrive is."""

from __future__ import annotations

import io

from antipode_tools.operate.redrive.backlog import Backlog
from antipode_tools.operate.redrive.progress import Progress
from antipode_tools.operate.redrive.redriving import Tally
from antipode_tools.operate.redrive.spool import Spool
from antipode_tools.operate.redrive.survey import Survey
from tests.fakes.clock import Clock


class Terminal(io.StringIO):
    """A stream at which a person looks."""

    def isatty(self) -> bool:
        return True


def test_without_a_terminal_there_is_a_line_every_five_seconds() -> None:
    clock, stream = Clock(100.0), io.StringIO()
    progress = Progress(stream, clock)
    survey = Survey(Backlog(Spool(io.BytesIO())))

    progress.found(survey)
    clock.sleep(4.9)
    progress.sent(7)(Tally())
    clock.sleep(0.1)
    progress.sent(7)(Tally())
    progress.end()

    assert stream.getvalue() == (
        "looking: 0 records in 0 objects and 0 messages\n"
        "redriving: 0 of 7, 0 rejected again, 0 failed\n"
    )


def test_on_a_terminal_one_line_is_rewritten_and_left_at_the_end() -> None:
    clock, stream = Clock(100.0), Terminal()
    progress = Progress(stream, clock)

    progress.sent(7)(Tally())
    clock.sleep(0.2)
    progress.sent(8)(Tally())
    progress.end()
    progress.end()

    assert stream.getvalue() == (
        "\rredriving: 0 of 7, 0 rejected again, 0 failed\x1b[K"
        "\rredriving: 0 of 8, 0 rejected again, 0 failed\x1b[K\n"
    )

"""What the audit says at its end, and with what it ends."""

from __future__ import annotations

import pytest

from audit.__main__ import Outcome, main, tell
from audit.findings import Finding, Verdict

FINDING = Finding("bandit", "B602", "antipode_tools/cli/app.py", "line 9: a shell")


def test_a_clean_part_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Outcome("bandit", Verdict((), (), accepted=3), (), seconds=4.25))
    assert capsys.readouterr().err == (
        "✔ bandit     0 open, 3 accepted with a reason           4.2 s\n"
    )


def test_whatever_is_open_is_told_before(capsys: pytest.CaptureFixture[str]) -> None:
    verdict = Verdict((FINDING,), ("bandit B101 localaws/*",), accepted=0)
    tell(Outcome("bandit", verdict, ("a lock is old",), seconds=1))
    assert capsys.readouterr().err == (
        "! a lock is old\n"
        "✖ bandit B602 antipode_tools/cli/app.py: line 9: a shell\n"
        "✖ accepted.toml accepts bandit B101 localaws/*, which nobody found\n"
        "✖ bandit     1 open, 0 accepted with a reason           1.0 s\n"
    )


def test_a_part_that_there_is_not_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["everything"])
    assert raised.value.code == 2
    assert "no such part: everything" in capsys.readouterr().err

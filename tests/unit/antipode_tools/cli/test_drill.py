"""What `antipode drill` leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from antipode_tools.cli.drill import leave
from antipode_tools.world.drills.observed import Observed
from antipode_tools.world.drills.report import Report


def test_a_report_that_cannot_be_written_ends_the_command_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = Report("split", "both sides write", [], Observed(["ireland", "sydney"]))
    leave(report, tmp_path)
    assert capsys.readouterr().err == f"report: {tmp_path / 'split.html'}\n"
    with pytest.raises(typer.Exit) as ended:
        leave(report, tmp_path / "split.html")
    assert ended.value.exit_code == 1
    assert "the report cannot be written: " in capsys.readouterr().err

from __future__ import annotations

from pathlib import Path

import pytest

from antipode_tools.world.engine.sam import said


@pytest.mark.parametrize(
    ("log", "why"),
    [
        ("Starting\nError: no bucket\n\nTraceback ends\n", "Error: no bucket"),
        ("Build Failed\nError: no python\n", "Error: no python"),
        ("something\nelse\n\n", "else"),
        ("", "it printed nothing"),
    ],
)
def test_the_cause_is_taken_from_what_the_sam_cli_said(tmp_path: Path, log: str, why: str) -> None:
    file = tmp_path / "log"
    file.write_text(log)
    assert said(file) == why

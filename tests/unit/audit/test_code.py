"""Bandit's report, and the folders that it reads."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from antipode_tools.project.config import project_root
from audit import code
from audit.findings import Finding
from audit.tools import Completed, Run, ToolError

RESULT = {
    "test_id": "B602",
    "filename": "antipode_tools/cli/app.py",
    "line_number": 7,
    "issue_text": "subprocess call with shell=True",
}


def answering(errors: object, *results: object) -> Run:
    def run(command: Sequence[str]) -> Completed:
        assert command[0] == "bandit"
        return Completed(1, json.dumps({"errors": errors, "results": results}), "")

    return run


def test_a_result_is_a_finding() -> None:
    assert code.findings(answering([], RESULT)) == [
        Finding(
            "bandit", "B602", "antipode_tools/cli/app.py", "line 7: subprocess call with shell=True"
        )
    ]


def test_a_file_that_bandit_cannot_read_is_no_clean_audit() -> None:
    with pytest.raises(
        ToolError, match=r"could not read everything: \['antipode_tools/cli/app.py'\]"
    ):
        code.findings(answering(["antipode_tools/cli/app.py"]))


def test_a_bandit_that_breaks_is_no_clean_audit() -> None:
    with pytest.raises(ToolError, match="bandit ended with status 2: no such option"):
        code.findings(lambda _: Completed(2, "", "no such option"))


def test_every_folder_with_code_is_read_but_tests() -> None:
    root = project_root()
    folders = {
        path.name
        for path in root.iterdir()
        if path.is_dir() and not path.name.startswith(".") and any(path.rglob("*.py"))
    }
    assert folders - {"tests"} == set(code.FOLDERS)

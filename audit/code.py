"""The Python code, read by bandit. https://bandit.readthedocs.io/en/latest/"""

from __future__ import annotations

import json

from audit.findings import Finding
from audit.tools import Run, ToolError

TOOL = "bandit"

# Tests are left out: they assert, and pretend to be attackers.
FOLDERS = ("audit", "bench", "antipode_tools", "examples", "localaws", "src")


def findings(run: Run) -> list[Finding]:
    """What bandit sees.

    Raises:
        ToolError: it could not read a file, or anything.
    """
    ended = run([TOOL, "--quiet", "--recursive", "--format", "json", *FOLDERS])
    try:
        report = json.loads(ended.out)
    except ValueError as error:
        raise ToolError(f"bandit ended with status {ended.status}: {ended.err}") from error
    if report["errors"]:
        raise ToolError(f"bandit could not read everything: {report['errors']}")
    return [
        Finding(
            tool=TOOL,
            check=result["test_id"],
            where=result["filename"],
            message=f"line {result['line_number']}: {result['issue_text']}",
        )
        for result in report["results"]
    ]

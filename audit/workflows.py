"""The pipelines that users copy: by their services' schemas, and by zizmor. https://docs.zizmor.sh/"""

from __future__ import annotations

import json
from typing import Any

from audit.findings import Finding
from audit.tools import Run, ToolError

TOOL = "zizmor"

# Each with the schema that check-jsonschema carries.
FILES = {
    "deploy/github/antipode.yml": "vendor.github-workflows",
    "deploy/gitlab-ci.yml": "vendor.gitlab-ci",
}
# zizmor knows GitHub's alone.
GITHUB = tuple(file for file, schema in FILES.items() if schema == "vendor.github-workflows")


def findings(run: Run) -> list[Finding]:
    """What is no workflow, and what is a weak one.

    Raises:
        ToolError: a tool could not read a file.
    """
    return [*_not_of_their_schema(run), *_weak(run)]


def _not_of_their_schema(run: Run) -> list[Finding]:
    found = []
    for file, schema in FILES.items():
        ended = run(
            ["check-jsonschema", "--output-format", "json", "--builtin-schema", schema, file]
        )
        report = _read(ended.out, ended.err)
        if report.get("parse_errors"):
            raise ToolError(f"check-jsonschema could not read {file}: {report['parse_errors']}")
        found += [
            Finding(TOOL, "schema", file, f"{error['path']}: {error['message']}")
            for error in report["errors"]
        ]
    return found


def _weak(run: Run) -> list[Finding]:
    ended = run(
        [TOOL, "--offline", "--no-progress", "--no-exit-codes", "--format", "json-v1", *GITHUB]
    )
    report = _read(ended.out, ended.err)
    return [
        Finding(TOOL, each["ident"], _where(each), f"{_line(each)}: {each['desc']}")
        for each in report
    ]


def _read(out: str, err: str) -> Any:
    try:
        return json.loads(out)
    except ValueError as error:
        raise ToolError(f"there is no report: {err or out}") from error


def _where(finding: dict[str, Any]) -> str:
    path: str = finding["locations"][0]["symbolic"]["key"]["Local"]["verbatim_path"]
    return path


def _line(finding: dict[str, Any]) -> str:
    row = finding["locations"][0]["concrete"]["location"]["start_point"]["row"]
    return f"line {row + 1}"

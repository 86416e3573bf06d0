"""What two tools report of the pipelines that users copy."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from antipode_tools.project.config import project_root
from audit import workflows
from audit.findings import Finding
from audit.tools import Completed, Run, ToolError

FILE = "deploy/github/antipode.yml"
WEAK = {
    "ident": "unpinned-uses",
    "desc": "unpinned action reference",
    "locations": [
        {
            "symbolic": {"key": {"Local": {"verbatim_path": FILE}}},
            "concrete": {"location": {"start_point": {"row": 5, "column": 8}}},
        }
    ],
}


def answering(*weak: object, errors: Sequence[object] = (), parse_errors: object = ()) -> Run:
    def run(command: Sequence[str]) -> Completed:
        if command[0] == "zizmor":
            return Completed(0, json.dumps(weak), "")
        own = errors if command[-1] == FILE else []
        return Completed(1, json.dumps({"errors": own, "parse_errors": parse_errors}), "")

    return run


def test_what_is_weak_is_a_finding_at_its_line() -> None:
    assert workflows.findings(answering(WEAK)) == [
        Finding("zizmor", "unpinned-uses", FILE, "line 6: unpinned action reference")
    ]


def test_what_is_not_of_the_services_schema_is_a_finding() -> None:
    error = {"path": "$.jobs.a", "message": "'runs-on' is a required property"}
    assert workflows.findings(answering(errors=[error])) == [
        Finding("zizmor", "schema", FILE, "$.jobs.a: 'runs-on' is a required property")
    ]


def test_what_cannot_be_read_is_no_clean_audit() -> None:
    with pytest.raises(ToolError, match="check-jsonschema could not read deploy/github/antipode"):
        workflows.findings(answering(parse_errors=["no YAML"]))
    with pytest.raises(ToolError, match="there is no report: no such option"):
        workflows.findings(lambda _: Completed(2, "", "no such option"))


def test_every_pipeline_is_read() -> None:
    root = project_root()
    there = {str(file.relative_to(root)) for file in (root / "deploy").rglob("*.yml")}
    assert there == set(workflows.FILES)

"""What checkov gets to read, and what it says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from antipode_tools.project.config import project_root
from audit import templates
from audit.findings import Finding
from audit.tools import Completed, ToolError

TEMPLATE = {
    "Transform": ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"],
    "Parameters": {"Wanted": {"Type": "String", "Default": "no"}},
    "Conditions": {"IsWanted": {"Fn::Equals": [{"Ref": "Wanted"}, "yes"]}},
    "Resources": {
        "Fn::ForEach::Each": ["Name", ["A", "B"], {"${Name}Queue": {"Type": "AWS::SQS::Queue"}}],
        "Acl": {"Type": "AWS::WAFv2::WebACL", "Condition": "IsWanted"},
    },
}


def report(parsing_errors: int = 0, resource_count: int = 1) -> str:
    return json.dumps(
        {
            "summary": {"parsing_errors": parsing_errors, "resource_count": resource_count},
            "results": {
                "failed_checks": [
                    {
                        "check_id": "CKV_AWS_27",
                        "file_path": "/default.json",
                        "resource": "AWS::SQS::Queue.UndeliveredQueue",
                        "check_name": "Ensure all data is encrypted",
                    }
                ]
            },
        }
    )


def test_loops_are_unrolled_and_only_what_exists_is_left() -> None:
    assert list(templates.processed(TEMPLATE, {})["Resources"]) == ["AQueue", "BQueue"]
    assert list(templates.processed(TEMPLATE, {"Wanted": "yes"})["Resources"]) == [
        "AQueue",
        "BQueue",
        "Acl",
    ]


def test_checkov_reads_each_stack_by_default_and_as_it_is_advised() -> None:
    seen = {}

    def run(command: Sequence[str]) -> Completed:
        folder = Path(command[command.index("--directory") + 1])
        for path in folder.iterdir():
            seen[path.name] = json.loads(path.read_text())["Resources"]
        return Completed(1, report(), "")

    assert templates.findings(project_root(), run) == [
        Finding("checkov", "CKV_AWS_27", "default/UndeliveredQueue", "Ensure all data is encrypted")
    ]
    told = ("ItemsModelTable", "ApiWebAcl", "Distribution", "OriginRequestFunction", "StackRole")
    assert {
        name: tuple(resource in resources for resource in told) for name, resources in seen.items()
    } == {
        "default.json": (True, False, False, False, False),
        "production.json": (True, True, False, False, False),
        "edge.json": (False, False, True, False, False),
        "edge-lambda.json": (False, False, True, True, False),
        "role.json": (False, False, False, False, True),
    }


@pytest.mark.parametrize(
    ("out", "why"),
    [
        pytest.param("", "checkov has no report: broken", id="no report"),
        pytest.param("[]", "checkov has no report: broken", id="no templates"),
        pytest.param(report(parsing_errors=1), "could not read every template", id="unread"),
        pytest.param(report(resource_count=0), "could not read every template", id="empty"),
    ],
)
def test_a_checkov_that_saw_nothing_is_no_clean_audit(out: str, why: str) -> None:
    with pytest.raises(ToolError, match=why):
        templates.read_report(out, "broken")

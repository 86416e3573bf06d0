"""The templates as AWS gets them, loops unrolled, read by checkov. https://www.checkov.io/"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from samcli.lib.cfn_language_extensions import (  # type: ignore[import-untyped] # it has no types
    PseudoParameterValues,
    TemplateProcessingContext,
    create_default_pipeline,
)

from antipode_tools.project.template_reading import read_template
from audit.findings import Finding
from audit.tools import Run, ToolError

TOOL = "checkov"

# A CloudFormation template.
Template = dict[str, Any]

# What docs/security.md advises for production.
PRODUCTION = {
    "WebAcl": "true",
    "KmsKeyId": "mrk-0123456789abcdef0123456789abcdef",
    "ShowApiKey": "false",
}


@dataclass(frozen=True)
class Variant:
    """One stack that is audited: a template of the project with these parameters."""

    name: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)


SHARED_NAME = {"DomainName": "api.example.com", "HostedZoneId": "Z0123456789ABCDEFGHIJ"}

EDGE = {
    "EdgeDomainName": "api.example.com",
    "HostedZoneId": "Z0123456789ABCDEFGHIJ",
    "Regions": "eu-west-1=eu.api.example.com,ap-southeast-2=ap.api.example.com",
    "AuthMode": "AWS_LAMBDA",
    "WebAcl": "true",
}

ROLE = {
    "DeploySubjects": "repo:example/app:environment:production-*",
    "ReviewSubjects": "repo:example/app:pull_request",
    "HostedZoneId": "Z0123456789ABCDEFGHIJ",
    "KmsKeyId": "mrk-0123456789abcdef0123456789abcdef",
}

# What watches a stack.
WATCHED = {
    "AlarmTopicArn": "arn:aws:sns:eu-west-1:111122223333:on-call",
    "CanaryModel": "ItemsModel",
    "Dashboard": "true",
}

VARIANTS = (
    Variant("default", "template.yaml"),
    Variant(
        "production",
        "template.yaml",
        {**PRODUCTION, **SHARED_NAME, **WATCHED, "AuthMode": "AWS_LAMBDA"},
    ),
    Variant("role", "deploy/role.yaml", ROLE),
    Variant("edge", "edge/template.yaml", EDGE),
    Variant("edge-lambda", "edge/template.yaml", {**EDGE, "Routing": "LAMBDA"}),
)


def findings(root: Path, run: Run) -> list[Finding]:
    """What checkov sees in each variant.

    Raises:
        ToolError: it could not read a template.
    """
    with TemporaryDirectory() as folder:
        for variant in VARIANTS:
            template = read_template((root / variant.path).read_text())
            written = Path(folder) / f"{variant.name}.json"
            written.write_text(json.dumps(processed(template, variant.parameters)))
        ended = run(
            [
                TOOL,
                *("--directory", folder),
                *("--framework", "cloudformation"),
                *("--output", "json"),
                "--compact",
                "--quiet",
                # Its maker's service would add links and severities.
                "--skip-download",
            ]
        )
    return read_report(ended.out, ended.err)


def processed(template: Template, parameters: Mapping[str, str]) -> Template:
    """The template with its loops unrolled and its conditions worked out."""
    declared = template.get("Parameters", {})
    context = TemplateProcessingContext(
        fragment=copy.deepcopy(template),
        parameter_values={
            **{name: str(each.get("Default", "")) for name, each in declared.items()},
            **parameters,
        },
        pseudo_parameters=PseudoParameterValues(
            region="eu-west-1", account_id="111122223333", stack_name="antipode"
        ),
    )
    expanded = create_default_pipeline(context).process_template(context)
    held = context.resolved_conditions
    resources = {
        name: resource
        for name, resource in expanded["Resources"].items()
        if held.get(resource.get("Condition"), True)
    }
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def read_report(out: str, err: str) -> list[Finding]:
    """The findings of checkov's report.

    Raises:
        ToolError: it is none, or has files that could not be read.
    """
    try:
        report = json.loads(out)
        summary, failed = report["summary"], report["results"]["failed_checks"]
    except (ValueError, KeyError, TypeError) as error:
        raise ToolError(f"checkov has no report: {err or out}") from error
    if summary["parsing_errors"] or not summary["resource_count"]:
        raise ToolError(f"checkov could not read every template: {summary}")
    return [
        Finding(
            tool=TOOL,
            check=check["check_id"],
            where=_where(check["file_path"], check["resource"]),
            message=check["check_name"],
        )
        for check in failed
    ]


def _where(path: str, resource: str) -> str:
    """`/default.json` and `AWS::SQS::Queue.Undelivered` as `default/Undelivered`."""
    return f"{Path(path).stem}/{resource.rpartition('.')[2]}"

"""deploy/role.yaml: what a pipeline may do, and CloudFormation in its stack."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.linting import findings

from .reading import Node, load

# The prefix of a service's actions, where it is not that of its resources in lower case.
PREFIXES = {
    "ApiGatewayV2": "apigateway",
    "CertificateManager": "acm",
    "CodeDeploy": "codedeploy",
    "Serverless": "lambda",
    "WAFv2": "wafv2",
}
# What makes something of a service: its name, or a pattern of names.
MAKES = re.compile(r":(\*|Create|Put|Request|POST|Register)")


@pytest.fixture(scope="module")
def role(root: Path) -> Node:
    return load((root / "deploy/role.yaml").read_text())


def statements(node: Any) -> Iterator[dict[str, Any]]:
    """Every statement below a node, those under Fn::If among them."""
    match node:
        case {"Effect": _}:
            yield node
        case dict():
            for each in node.values():
                yield from statements(each)
        case list():
            for each in node:
                yield from statements(each)


def actions(node: Any) -> set[str]:
    found: set[str] = set()
    for each in statements(node):
        own = each["Action"]
        found |= {own} if isinstance(own, str) else set(own)
    return found


def types(node: Any) -> Iterator[str]:
    """The types of all resources below a node, those in loops among them."""
    match node:
        case {"Type": str(kind), "Properties": _} if kind.startswith("AWS::"):
            yield kind
        case dict():
            for each in node.values():
                yield from types(each)
        case list():
            for each in node:
                yield from types(each)


def test_cfn_lint_finds_nothing(root: Path) -> None:
    assert findings(root / "deploy/role.yaml", ["eu-west-1", "us-east-1"]) == []


def test_cloudformation_may_make_whatever_the_stack_has(role: Node, template: Node) -> None:
    resources = role["Resources"]
    granted = actions([resources["DataPolicy"], resources["ServingPolicy"]])
    makes = {action.partition(":")[0] for action in granted if MAKES.search(action)}
    kinds = {kind.split("::")[1] for kind in types(template["Resources"])}
    services = {PREFIXES.get(kind, kind.lower()) for kind in kinds}
    assert services - makes == set()


def test_a_job_carries_out_change_sets_and_changes_nothing_itself(role: Node) -> None:
    own = actions(role["Resources"]["DeployRole"]["Properties"]["Policies"])
    assert own == {"cloudformation:ExecuteChangeSet", "iam:PassRole"}
    reading = re.compile(r":(Describe|Get|List|Scan)")
    changing = {
        action
        for action in actions(role["Resources"]["LookPolicy"])
        if not reading.search(action) and not action.startswith("s3:")
    }
    # The last on the SAM CLI's own stack alone.
    assert changing == {
        "cloudformation:CreateChangeSet",
        "cloudformation:DeleteChangeSet",
        "cloudformation:ExecuteChangeSet",
    }


def test_a_pull_request_can_carry_nothing_out(role: Node) -> None:
    assert "Policies" not in role["Resources"]["ReviewRole"]["Properties"]
    executing = [
        each
        for each in statements(role["Resources"]["LookPolicy"])
        if "cloudformation:ExecuteChangeSet" in each["Action"]
    ]
    assert [each["Resource"]["Fn::Sub"].rpartition(":")[2] for each in executing] == [
        "stack/aws-sam-cli-managed-default/*"
    ]


@pytest.mark.parametrize("name", ["DeployRole", "ReviewRole"])
def test_nobody_takes_on_a_role_but_the_jobs_that_are_named(role: Node, name: str) -> None:
    trust = list(statements(role["Resources"][name]["Properties"]["AssumeRolePolicyDocument"]))
    subjects = "DeploySubjects" if name == "DeployRole" else "ReviewSubjects"
    for each, issuer in zip(
        trust, ["token.actions.githubusercontent.com", "gitlab.com"], strict=True
    ):
        assert each["Condition"] == {
            "StringEquals": {f"{issuer}:aud": "sts.amazonaws.com"},
            "StringLike": {f"{issuer}:sub": {"Ref": subjects}},
        }
        assert "Default" not in role["Parameters"][subjects]


def test_what_may_be_done_to_anything_knows_no_resource_or_has_no_name(role: Node) -> None:
    everywhere = [each for each in statements(role["Resources"]) if each.get("Resource") == "*"]
    assert actions(everywhere) <= {
        "cloudwatch:DescribeAlarms",
        "iam:GetAccountSummary",
        "lambda:GetAccountSettings",
        "secretsmanager:GetRandomPassword",
        *(action for action in actions(everywhere) if action.startswith(("logs:", "acm:"))),
        *(action for action in actions(everywhere) if action.startswith("route53:")),
    }


def test_no_policy_is_longer_than_iam_takes(role: Node) -> None:
    """6,144 characters, white space left out. The names of stack and account are longest here.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    for name, resource in role["Resources"].items():
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            text = json.dumps(resource["Properties"]["PolicyDocument"], separators=(",", ":"))
            for wrap in ('{"Fn::Sub":', '{"Fn::If":["HasKey",', '{"Fn::If":["HasZone",'):
                text = text.replace(wrap, "")
            named = text.replace("${AWS::AccountId}", "1" * 12).replace("${AWS::Partition}", "aws")
            assert len(named.replace("${StackName}", "s" * 30)) <= 6144, name

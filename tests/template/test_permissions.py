"""Least privilege: what each role may do, to the letter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

import pytest

from .evaluate import Stack, evaluate
from .reading import Node, with_models

DYNAMODB = "arn:aws:dynamodb:ap-southeast-2:111122223333:table/antipode-*"
THIRTY = [f"Model{number}" for number in range(30)]
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MAX_INLINE_POLICIES_CHARACTERS = 10_240


@pytest.fixture
def stack(template: Node) -> Stack:
    return evaluate(template, region="ap-southeast-2")


def policies(stack: Stack) -> Iterator[tuple[str, str, Node]]:
    """Every inline policy: its role, its name and its statements."""
    for role, properties in stack.of_type("AWS::IAM::Role").items():
        for policy in properties.get("Policies", []):
            yield role, policy["PolicyName"], policy["PolicyDocument"]["Statement"]
    for properties in stack.of_type("AWS::IAM::RolePolicy").values():
        role = properties["RoleName"].removeprefix("${").removesuffix("}")
        yield role, properties["PolicyName"], properties["PolicyDocument"]["Statement"]


def test_every_role_may_do_exactly_this(stack: Stack) -> None:
    assert {
        (role, name): [(statement["Action"], statement["Resource"]) for statement in statements]
        for role, name, statements in policies(stack)
    } == {
        ("RelayRole", "reading"): [
            (
                ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
                f"{DYNAMODB}/stream/*",
            ),
            ("dynamodb:ListStreams", "*"),
            ("s3:PutObject", "${OnFailureBucket.Arn}/*"),
            ("s3:ListBucket", "${OnFailureBucket.Arn}"),
        ],
        ("RelayRole", "publish"): [
            ("appsync:GraphQL", "${Api.Arn}/types/Mutation/fields/publish*"),
            ("sqs:SendMessage", "${UndeliveredQueue.Arn}"),
            (["logs:CreateLogStream", "logs:PutLogEvents"], "${RelayLogGroup.Arn}"),
        ],
        ("DataSourceRole", "tables"): [
            (
                [
                    "dynamodb:GetItem",
                    "dynamodb:Query",
                    "dynamodb:Scan",
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                    "dynamodb:DeleteItem",
                ],
                DYNAMODB,
            ),
        ],
        ("ReplicaRole", "tables"): [
            ("dynamodb:DescribeTable", DYNAMODB),
            (["logs:CreateLogStream", "logs:PutLogEvents"], "${ReplicaLogGroup.Arn}"),
        ],
        ("ApiLogRole", "logs"): [
            (
                ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
                "${ApiLogGroup.Arn}",
            ),
        ],
    }


def allowed(*stacks: Stack) -> Iterator[tuple[str, str, str, str]]:
    """Role, policy, action and resource of all that any of these stacks allows."""
    for stack in stacks:
        for role, policy, statements in policies(stack):
            for statement in statements:
                assert statement["Effect"] == "Allow"
                for action in listed(statement["Action"]):
                    for resource in listed(statement["Resource"]):
                        yield role, policy, action, resource


def listed(value: Node) -> list[str]:
    return value if isinstance(value, list) else [value]


NAMED = r"arn:aws:\w+:[a-z0-9-]+:\d{12}:\w+[/:]antipode-(?:token-)?|\$\{\w+\.Arn\}/[\w/]*"

# What may be done to whatever there is, and why it cannot be narrower.
ANYTHING = {
    # DynamoDB knows no resource for it, and Lambda asks for it when a mapping is made.
    ("RelayRole", "reading", "dynamodb:ListStreams", "*"),
    # CloudWatch was seen to refuse it for the ARN of one alarm. It tells names and states.
    ("HealthRole", "look", "cloudwatch:DescribeAlarms", "*"),
}


def test_every_action_is_named_whole(every_stack: Mapping[str, Stack]) -> None:
    assert not [grant for grant in allowed(*every_stack.values()) if "*" in grant[2]]


def test_every_resource_is_named_but_for_what_has_no_name(every_stack: Mapping[str, Stack]) -> None:
    assert {grant for grant in allowed(*every_stack.values()) if grant[3] == "*"} == ANYTHING


def test_no_resource_is_left_open_but_in_its_own_name(every_stack: Mapping[str, Stack]) -> None:
    # A service, a Region, an account and a kind are always named; the end may be open.
    for *_, resource in allowed(*every_stack.values()):
        if open_ := re.search(r"[*?]", resource[1:]):
            named, end = resource[: open_.start() + 1], resource[open_.start() + 1 :]
            assert re.fullmatch(NAMED, named), resource
            assert end in ("*", "*/stream/*", "??????"), resource


def test_no_role_reaches_another_region_or_account(every_stack: Mapping[str, Stack]) -> None:
    for stack in every_stack.values():
        for _, _, statements in policies(stack):
            arns = re.findall(r"arn:aws:(\w+):([\w-]*):(\d*):", json.dumps(statements))
            for service, region, account in arns:
                assert (region, account) == (stack.region, "111122223333"), service


def test_a_key_is_used_through_a_service_that_keeps_the_data_and_never_by_itself(
    every_stack: Mapping[str, Stack],
) -> None:
    stack = every_stack["production in ap-southeast-2"]
    for role, policy, statements in policies(stack):
        for statement in statements:
            if any(action.startswith("kms:") for action in listed(statement["Action"])):
                condition = statement["Condition"]["StringEquals"]
                through = listed(condition["kms:ViaService"])
                assert through, (role, policy)
                assert {name.partition(".")[2] for name in through} == {
                    "ap-southeast-2.amazonaws.com"
                }


def test_whoever_is_not_of_the_stack_is_only_ever_denied(every_stack: Mapping[str, Stack]) -> None:
    for stack in every_stack.values():
        for name, resource in stack.resources.items():
            if resource["Type"] in ("AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"):
                statements = resource["Properties"]["PolicyDocument"]["Statement"]
                assert {statement["Effect"] for statement in statements} == {"Deny"}, name


def test_failed_batches_go_to_a_bucket_of_this_account_alone(stack: Stack) -> None:
    [statements] = [rules for _, name, rules in policies(stack) if name == "reading"]
    assert [
        statement.get("Condition") for statement in statements if "s3:" in str(statement["Action"])
    ] == [{"StringEquals": {"s3:ResourceAccount": "111122223333"}}] * 2


def test_every_role_is_assumed_by_one_service_alone(every_stack: Mapping[str, Stack]) -> None:
    assert {
        role: [
            (statement["Effect"], statement["Principal"], statement["Action"])
            for statement in properties["AssumeRolePolicyDocument"]["Statement"]
        ]
        for stack in every_stack.values()
        for role, properties in stack.of_type("AWS::IAM::Role").items()
    } == {
        role: [("Allow", {"Service": f"{service}.amazonaws.com"}, "sts:AssumeRole")]
        for role, service in {
            "RelayRole": "lambda",
            "ReplicaRole": "lambda",
            "HealthRole": "lambda",
            "CanaryRole": "lambda",
            "AuthorizerRole": "lambda",
            "DataSourceRole": "appsync",
            "ApiLogRole": "appsync",
        }.items()
    }


def test_appsync_assumes_its_roles_for_this_accounts_apis_of_this_region_alone(
    every_stack: Mapping[str, Stack],
) -> None:
    for stack in every_stack.values():
        for role in ("DataSourceRole", "ApiLogRole"):
            [statement] = stack.resources[role]["Properties"]["AssumeRolePolicyDocument"][
                "Statement"
            ]
            assert statement["Condition"] == {
                "StringEquals": {"aws:SourceAccount": "111122223333"},
                "ArnLike": {"aws:SourceArn": f"arn:aws:appsync:{stack.region}:111122223333:apis/*"},
            }


def test_no_role_takes_a_managed_policy(every_stack: Mapping[str, Stack]) -> None:
    for stack in every_stack.values():
        for properties in stack.of_type("AWS::IAM::Role").values():
            assert "ManagedPolicyArns" not in properties
        for properties in stack.of_type("AWS::Serverless::Function").values():
            assert "Policies" not in properties
            assert "Role" in properties


def test_policies_stay_of_one_size_however_many_models_there_are(template: Node) -> None:
    one, thirty = (
        json.dumps(sorted(policies(evaluate(with_models(template, *models))), key=str))
        for models in (["ItemsModel"], THIRTY)
    )
    assert one == thirty
    assert len(one) < MAX_INLINE_POLICIES_CHARACTERS

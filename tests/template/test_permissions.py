"""Least privilege: what each role may do, to the letter."""

from __future__ import annotations

import json
from collections.abc import Iterator

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
        ("RelayRole", "streams"): [
            (
                ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
                f"{DYNAMODB}/stream/*",
            ),
            ("dynamodb:ListStreams", "*"),
            ("s3:PutObject", "${OnFailureBucket.Arn}/aws/lambda/*"),
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


def test_failed_batches_go_to_a_bucket_of_this_account_alone(stack: Stack) -> None:
    [statements] = [rules for _, name, rules in policies(stack) if name == "streams"]
    assert [
        statement.get("Condition") for statement in statements if "s3:" in str(statement["Action"])
    ] == [{"StringEquals": {"s3:ResourceAccount": "111122223333"}}] * 2


def test_every_role_is_assumed_by_one_service_alone(stack: Stack) -> None:
    assert {
        role: [
            (statement["Effect"], statement["Principal"], statement["Action"])
            for statement in properties["AssumeRolePolicyDocument"]["Statement"]
        ]
        for role, properties in stack.of_type("AWS::IAM::Role").items()
    } == {
        role: [("Allow", {"Service": f"{service}.amazonaws.com"}, "sts:AssumeRole")]
        for role, service in {
            "RelayRole": "lambda",
            "ReplicaRole": "lambda",
            "DataSourceRole": "appsync",
            "ApiLogRole": "appsync",
        }.items()
    }


def test_no_role_takes_a_managed_policy(stack: Stack) -> None:
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

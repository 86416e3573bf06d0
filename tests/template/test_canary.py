"""The canary: a client like any other, and nothing more."""

from __future__ import annotations

import pytest

from .evaluate import TemplateError, evaluate
from .reading import Node

API = "arn:aws:appsync:eu-west-1:111122223333:/v1/apis/${Api.ApiId}/apikeys"
LOGS = (["logs:CreateLogStream", "logs:PutLogEvents"], "${CanaryLogGroup.Arn}")


def test_there_is_no_canary_unless_a_model_is_named_for_it(template: Node) -> None:
    assert not [name for name in evaluate(template).resources if name.startswith("Canary")]


@pytest.mark.parametrize(
    ("mode", "allowed"),
    [
        ("API_KEY", [("appsync:ListApiKeys", API)]),
        (
            "AWS_LAMBDA",
            [
                (
                    "secretsmanager:GetSecretValue",
                    "arn:aws:secretsmanager:eu-west-1:111122223333:secret:antipode-token-??????",
                )
            ],
        ),
        (
            "AWS_IAM",
            [
                (
                    "appsync:GraphQL",
                    [
                        "${Api.Arn}/types/Query/fields/getBeat",
                        "${Api.Arn}/types/Mutation/fields/createBeat",
                        "${Api.Arn}/types/Mutation/fields/updateBeat",
                        "${Api.Arn}/types/Mutation/fields/deleteBeat",
                        "${Api.Arn}/types/Subscription/fields/onCreateBeat",
                        "${Api.Arn}/types/Subscription/fields/onUpdateBeat",
                        "${Api.Arn}/types/Subscription/fields/onDeleteBeat",
                    ],
                )
            ],
        ),
    ],
)
def test_it_may_sign_in_as_clients_of_its_mode_do_and_reaches_no_table(
    template: Node, mode: str, allowed: Node
) -> None:
    stack = evaluate(template, parameters={"CanaryModel": "Beat", "AuthMode": mode})
    [policy] = stack.resources["CanaryRole"]["Properties"]["Policies"]
    assert [
        (statement["Action"], statement["Resource"])
        for statement in policy["PolicyDocument"]["Statement"]
    ] == [*allowed, LOGS]


def test_it_looks_each_minute_and_never_twice_at_once(template: Node) -> None:
    stack = evaluate(template, parameters={"CanaryModel": "Beat"})
    [rule] = stack.of_type("AWS::Events::Rule").values()
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    assert rule["Targets"] == [
        {
            "Id": "canary",
            "Arn": "${CanaryFunction.Arn}",
            "RetryPolicy": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60},
        }
    ]
    assert stack.resources["CanaryFunction"]["Properties"]["Timeout"] < 60
    assert stack.resources["CanaryPermission"]["Properties"] == {
        "FunctionName": "${CanaryFunction.Arn}",
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
        "SourceArn": "${CanarySchedule.Arn}",
    }


def test_whoever_asks_it_to_probe_finds_its_name_in_the_outputs(template: Node) -> None:
    stack = evaluate(template, parameters={"CanaryModel": "Beat"})
    assert stack.outputs["CanaryFunctionName"]["Value"] == "${CanaryFunction}"
    assert "CanaryFunctionName" not in evaluate(template).outputs


def test_it_is_told_its_api_its_model_and_every_region(template: Node) -> None:
    regions = "eu-west-1,ap-southeast-2,us-east-1"
    stack = evaluate(template, parameters={"CanaryModel": "Beat", "Regions": regions})
    function = stack.resources["CanaryFunction"]["Properties"]
    variables = function["Environment"]["Variables"]
    assert {
        name: variables[name] for name in ("MODEL", "REGIONS", "AUTH_MODE", "REALTIME_URL")
    } == {
        "MODEL": "Beat",
        "REGIONS": regions,
        "AUTH_MODE": "API_KEY",
        "REALTIME_URL": "${Api.RealtimeUrl}",
    }


@pytest.mark.parametrize(
    "parameters",
    [
        {"AuthMode": "AMAZON_COGNITO_USER_POOLS", "UserPoolId": "eu-west-1_abc"},
        {"AuthMode": "OPENID_CONNECT", "OidcIssuer": "https://issuer.example.com"},
        {
            "AuthMode": "AWS_LAMBDA",
            "TokenJwksUrl": "https://issuer.example.com/keys",
            "TokenIssuer": "https://issuer.example.com",
            "TokenAudience": "api",
        },
    ],
)
def test_where_nothing_of_ours_can_sign_in_a_canary_is_refused(
    template: Node, parameters: dict[str, str]
) -> None:
    with pytest.raises(TemplateError, match="CanaryModel needs"):
        evaluate(template, parameters={"CanaryModel": "Beat", **parameters})

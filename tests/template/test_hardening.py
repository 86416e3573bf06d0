"""What a security review asks of a stack: limits, the web ACL, keys, and no secret in the open."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

import pytest
from antipode.relay.credentials import Credentials
from antipode.relay.signing import sign

from audit.templates import PRODUCTION

from .evaluate import Stack, TemplateError, evaluate
from .reading import Node, load, walk, written_for
from .test_tables import SOURCE
from .variants import VARIANTS, stacks

KEY = PRODUCTION["KmsKeyId"]
KEY_ARN = f"arn:aws:kms:ap-southeast-2:111122223333:key/{KEY}"
UNSIGNED = {
    "NotStatement": {
        "Statement": {"LabelMatchStatement": {"Scope": "LABEL", "Key": "antipode:signed"}}
    }
}
SIGNED_FORM: Node = {
    "ByteMatchStatement": {
        "FieldToMatch": {"SingleHeader": {"Name": "authorization"}},
        "PositionalConstraint": "STARTS_WITH",
        "SearchString": "AWS4-HMAC-SHA256 ",
        "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
    }
}
# Web ACL capacity units that are in the basic price.
# https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html
BASIC_CAPACITY_UNITS = 1_500
# Of these groups by name, and of the other rules together at most this much.
# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
CAPACITY_UNITS = {
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesCommonRuleSet": 700,
}
OWN_RULES_CAPACITY_UNITS = 100


def hardened(template: Node, *, region: str = "ap-southeast-2", **parameters: str) -> Stack:
    return evaluate(
        template,
        region=region,
        parameters={"WebAcl": "true", "KmsKeyId": KEY, "ShowApiKey": "false", **parameters},
    )


def rules(stack: Stack) -> dict[str, Node]:
    [acl] = stack.of_type("AWS::WAFv2::WebACL").values()
    return {rule["Name"]: rule for rule in acl["Rules"]}


def header_present(name: str) -> Node:
    return {
        "SizeConstraintStatement": {
            "FieldToMatch": {"SingleHeader": {"Name": name}},
            "ComparisonOperator": "GE",
            "Size": 0,
            "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
        }
    }


# -- What one request may ask -------------------------------------------------------------------


def test_introspection_is_off_and_documents_are_limited_unless_parameters_say_otherwise(
    template: Node,
) -> None:
    told = ("IntrospectionConfig", "QueryDepthLimit", "ResolverCountLimit")
    parameters = {"Introspection": "ENABLED", "QueryDepthLimit": "7", "ResolverCountLimit": "9"}
    stacks = [evaluate(template), evaluate(template, parameters=parameters)]
    assert [
        [api[name] for name in told]
        for stack in stacks
        for api in stack.of_type("AWS::AppSync::GraphQLApi").values()
    ] == [["DISABLED", "20", "50"], ["ENABLED", "7", "9"]]


@pytest.mark.parametrize(
    ("name", "value"), [("QueryDepthLimit", "76"), ("ResolverCountLimit", "10001")]
)
def test_limits_that_appsync_would_refuse_are_refused_at_once(
    template: Node, name: str, value: str
) -> None:
    with pytest.raises(TemplateError, match=name):
        evaluate(template, parameters={name: value})


# -- The web ACL --------------------------------------------------------------------------------


def test_there_is_no_web_acl_unless_it_is_asked_for(template: Node) -> None:
    types = {resource["Type"] for resource in evaluate(template).resources.values()}
    assert not [name for name in types if name.startswith("AWS::WAFv2::")]


def test_the_web_acl_stands_before_this_regions_api(template: Node) -> None:
    stack = hardened(template)
    assert stack.of_type("AWS::WAFv2::WebACLAssociation") == {
        "ApiWebAclAssociation": {
            "ResourceArn": "${Api.Arn}",
            "WebACLArn": "${ApiWebAcl.Arn}",
        }
    }
    acl = stack.resources["ApiWebAcl"]["Properties"]
    assert (acl["Scope"], acl["DefaultAction"]) == ("REGIONAL", {"Allow": {}})


def test_a_request_counts_as_signed_by_its_form_and_only_without_another_credential(
    template: Node,
) -> None:
    rule = rules(hardened(template))["Signed"]
    [form, alone] = rule["Statement"]["AndStatement"]["Statements"]
    assert form == SIGNED_FORM
    # Beside a key, the signature might go unread: an API key must not travel under its cover.
    assert alone == {"NotStatement": {"Statement": header_present("x-api-key")}}
    assert (rule["Action"], rule["RuleLabels"]) == ({"Count": {}}, [{"Name": "antipode:signed"}])


def test_the_relays_requests_have_the_form_that_counts_as_signed() -> None:
    headers = sign(
        host="api.appsync-api.ap-southeast-2.amazonaws.com",
        path="/graphql",
        body=b"{}",
        credentials=Credentials("ASIA", "secret", "token"),
        region="ap-southeast-2",
        at=1_795_000_000,
    )
    named = {name.lower(): value for name, value in headers.items()}
    assert named["authorization"].startswith(SIGNED_FORM["ByteMatchStatement"]["SearchString"])
    assert "x-api-key" not in named


def test_no_rule_but_a_generous_rate_holds_up_what_is_signed(template: Node) -> None:
    for name, rule in rules(hardened(template)).items():
        match rule["Statement"]:
            case {"ManagedRuleGroupStatement": {"ScopeDownStatement": scope}}:
                assert scope == UNSIGNED, name
            case {"RateBasedStatement": {"ScopeDownStatement": scope, "Limit": limit}}:
                assert (scope, limit) in (
                    (UNSIGNED, "2000"),
                    (UNSIGNED["NotStatement"]["Statement"], "600000"),
                ), name
            case _:
                assert name == "Signed"


def test_addresses_are_counted_by_source_where_there_is_no_front(template: Node) -> None:
    found = rules(hardened(template, WebAclRateLimit="100", WebAclSignedRateLimit="70000"))
    rates = {
        name: (rule["Statement"]["RateBasedStatement"], rule["Action"])
        for name, rule in found.items()
        if "RateBasedStatement" in rule["Statement"]
    }
    assert {
        name: (rate["AggregateKeyType"], rate["EvaluationWindowSec"], rate["Limit"], action)
        for name, (rate, action) in rates.items()
    } == {
        "SignedRate": ("IP", 300, "70000", {"Block": {}}),
        "Rate": ("IP", 300, "100", {"Block": {}}),
    }


def test_behind_a_front_addresses_are_those_that_the_front_names(template: Node) -> None:
    found = rules(hardened(template, WebAclAddressHeader="x-viewer"))
    forwarded = found["ForwardedRate"]["Statement"]["RateBasedStatement"]
    assert forwarded == {
        "AggregateKeyType": "FORWARDED_IP",
        "EvaluationWindowSec": 300,
        "Limit": "2000",
        "ForwardedIPConfig": {"HeaderName": "x-viewer", "FallbackBehavior": "MATCH"},
        "ScopeDownStatement": UNSIGNED,
    }
    # WAF does not apply a rule on a header to a request without it: those are counted by source.
    direct = found["Rate"]["Statement"]["RateBasedStatement"]
    assert direct["AggregateKeyType"] == "IP"
    assert direct["ScopeDownStatement"] == {
        "AndStatement": {
            "Statements": [
                UNSIGNED,
                {"NotStatement": {"Statement": header_present("x-viewer")}},
            ]
        }
    }


def test_aws_own_rules_block_but_for_sizes_that_are_ordinary_here(template: Node) -> None:
    groups = {
        rule["Statement"]["ManagedRuleGroupStatement"]["Name"]: rule
        for rule in rules(hardened(template)).values()
        if "ManagedRuleGroupStatement" in rule["Statement"]
    }
    assert set(groups) == set(CAPACITY_UNITS)
    assert all(rule["OverrideAction"] == {"None": {}} for rule in groups.values())
    assert {
        name: rule["Statement"]["ManagedRuleGroupStatement"].get("RuleActionOverrides", [])
        for name, rule in groups.items()
    } == {
        "AWSManagedRulesAmazonIpReputationList": [],
        "AWSManagedRulesKnownBadInputsRuleSet": [],
        "AWSManagedRulesCommonRuleSet": [
            {"Name": "SizeRestrictions_BODY", "ActionToUse": {"Count": {}}},
            {"Name": "SizeRestrictions_QUERYSTRING", "ActionToUse": {"Count": {}}},
        ],
    }
    assert sum(CAPACITY_UNITS.values()) + OWN_RULES_CAPACITY_UNITS <= BASIC_CAPACITY_UNITS


def test_rules_are_asked_one_after_the_other_and_the_label_comes_first(template: Node) -> None:
    found = rules(hardened(template, WebAclAddressHeader="x-viewer"))
    assert [rule["Priority"] for rule in found.values()] == [0, 1, 2, 3, 4, 5, 6]
    assert next(iter(found)) == "Signed"


def test_the_web_acl_logs_what_it_blocked_and_no_credential(template: Node) -> None:
    stack = hardened(template)
    assert stack.resources["WebAclLogs"]["Properties"] == {
        "ResourceArn": "${ApiWebAcl.Arn}",
        "LogDestinationConfigs": [
            "arn:aws:logs:ap-southeast-2:111122223333:log-group:${WebAclLogGroup}"
        ],
        "LoggingFilter": {
            "DefaultBehavior": "DROP",
            "Filters": [
                {
                    "Behavior": "KEEP",
                    "Requirement": "MEETS_ANY",
                    "Conditions": [{"ActionCondition": {"Action": "BLOCK"}}],
                }
            ],
        },
        "RedactedFields": [
            {"SingleHeader": {"Name": "authorization"}},
            {"SingleHeader": {"Name": "x-api-key"}},
            {"SingleHeader": {"Name": "sec-websocket-protocol"}},
            {"QueryString": {}},
        ],
    }
    visibilities = [
        node["VisibilityConfig"]
        for node in walk(stack.resources["ApiWebAcl"])
        if isinstance(node, dict) and "VisibilityConfig" in node
    ]
    assert len(visibilities) == len(rules(stack)) + 1
    assert not [each for each in visibilities if each["SampledRequestsEnabled"]]


# -- Encryption with the customer's key ---------------------------------------------------------


def test_without_a_key_of_the_customers_nothing_names_one(template: Node) -> None:
    for resource in evaluate(template).resources.values():
        assert "KmsKeyId" not in resource.get("Properties", {})
        assert "kms:" not in json.dumps(resource).replace("aws:kms:", "")


def test_every_replica_of_every_table_has_the_key_of_its_region(template_text: str) -> None:
    models = load(written_for(template_text, SOURCE))
    tables = evaluate(models, parameters={"KmsKeyId": KEY}).of_type("AWS::DynamoDB::GlobalTable")
    assert len(tables) == 5
    for table in tables.values():
        assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
        assert [replica["SSESpecification"] for replica in table["Replicas"]] == [
            {"KMSMasterKeyId": KEY}
        ] * 2


def test_queue_bucket_and_logs_have_the_key_of_their_region(template: Node) -> None:
    stack = hardened(template)
    [queue] = stack.of_type("AWS::SQS::Queue").values()
    assert (queue["KmsMasterKeyId"], queue["SqsManagedSseEnabled"]) == (KEY, False)
    [bucket] = stack.of_type("AWS::S3::Bucket").values()
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"] == [
        {
            "ServerSideEncryptionByDefault": {
                "SSEAlgorithm": "aws:kms",
                "KMSMasterKeyID": KEY_ARN,
            },
            "BucketKeyEnabled": True,
        }
    ]
    groups = stack.of_type("AWS::Logs::LogGroup")
    assert {name: group["KmsKeyId"] for name, group in groups.items()} == dict.fromkeys(
        groups, KEY_ARN
    )


def test_every_log_of_every_stack_has_the_key(template: Node) -> None:
    for variant, stack in stacks(template):
        key = KEY_ARN if "KmsKeyId" in VARIANTS[variant] else None
        for name, group in stack.of_type("AWS::Logs::LogGroup").items():
            assert group.get("KmsKeyId") == key, (variant, name)


def test_the_gateway_tells_the_clients_address_over_whatever_the_client_said(
    every_stack: Mapping[str, Stack],
) -> None:
    gateway = every_stack["gateway in ap-southeast-2"]
    operations = gateway.resources["HttpApi"]["Properties"]["Body"]["paths"]["/graphql"]
    for operation in operations.values():
        assert operation["x-amazon-apigateway-integration"]["requestParameters"] == {
            "overwrite:header.x-antipode-address": "$context.identity.sourceIp"
        }


@pytest.mark.parametrize("key", ["alias/antipode", "arn:aws:kms:eu-west-1:1:key/mrk-0", "mrk-xyz"])
def test_a_key_that_is_not_the_same_in_every_region_is_refused(template: Node, key: str) -> None:
    with pytest.raises(TemplateError, match="KmsKeyId"):
        evaluate(template, parameters={"KmsKeyId": key})


# -- Nothing in the open, nothing for ever, nothing lost by a slip -------------------------------


def secrets(node: Node) -> Iterator[str]:
    """The values that are credentials, as references say it: attributes that hold one."""
    for text in walk(node):
        if isinstance(text, str):
            yield from re.findall(r"\$\{\w+\.(?:ApiKey|SecretString)\}|resolve:", text)


def test_no_environment_variable_holds_a_secret(every_stack: Mapping[str, Stack]) -> None:
    for variant, stack in every_stack.items():
        for name, resource in stack.resources.items():
            properties = resource.get("Properties", {})
            for key in ("Environment", "EnvironmentVariables"):
                told = str(properties.get(key))
                assert not list(secrets(properties.get(key))), (variant, name)
                assert not re.search(r"(?i)password|secret(?!_?(arn|id|name))|private", told)


def test_no_output_holds_a_secret_but_the_api_key_that_was_asked_for(template: Node) -> None:
    assert {
        variant: [name for name, output in stack.outputs.items() if list(secrets(output))]
        for variant, stack in stacks(template)
    } == {
        variant: ["ApiKey"] if has_key(parameters) else []
        for variant, parameters in VARIANTS.items()
    }


def has_key(parameters: Mapping[str, str]) -> bool:
    return "AuthMode" not in parameters and parameters.get("ShowApiKey") != "false"


def test_every_log_is_of_a_limited_age_and_every_function_has_a_log(
    every_stack: Mapping[str, Stack],
) -> None:
    for variant, stack in every_stack.items():
        groups = stack.of_type("AWS::Logs::LogGroup")
        assert {group["RetentionInDays"] for group in groups.values()} == {"30"}, variant
        for name, function in stack.of_type("AWS::Serverless::Function").items():
            assert function["LoggingConfig"]["LogGroup"].strip("${}") in groups, name


def test_the_token_secret_has_the_key_of_each_region(template: Node) -> None:
    stack = hardened(template, region="eu-west-1", AuthMode="AWS_LAMBDA")
    [secret] = stack.of_type("AWS::SecretsManager::Secret").values()
    assert secret["KmsKeyId"] == KEY
    assert secret["ReplicaRegions"] == [{"Region": "ap-southeast-2", "KmsKeyId": KEY}]


def test_what_holds_data_outlives_its_stack_and_cannot_be_deleted_by_a_slip(
    template: Node,
) -> None:
    for name, resource in evaluate(template).resources.items():
        if resource["Type"] in ("AWS::DynamoDB::GlobalTable", "AWS::S3::Bucket"):
            assert resource["DeletionPolicy"] == "RetainExceptOnCreate", name
            assert resource["UpdateReplacePolicy"] == "Retain", name
    [table] = evaluate(template).of_type("AWS::DynamoDB::GlobalTable").values()
    for replica in table["Replicas"]:
        assert replica["DeletionProtectionEnabled"] == "true"
        assert replica["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": "true"}

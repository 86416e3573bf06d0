"""One name for every Region: the gateway before AppSync, and the records that choose a Region."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest

from .evaluate import Stack, TemplateError, evaluate
from .reading import Node

DOMAIN = {"DomainName": "api.example.com", "HostedZoneId": "Z0123456789ABCDEFGHIJ"}
REGIONS = ("eu-west-1", "ap-southeast-2", "us-east-1")
TYPES = ("A", "AAAA")
POLICIES = ("latency", "geolocation", "weighted", "failover")

# What each Region is told, beside its policy, where the policy must be told anything.
TOLD: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "geolocation": {
        "eu-west-1": {"GeoContinents": "EU,AF"},
        "ap-southeast-2": {"GeoContinents": "OC", "GeoCountries": "JP,SG"},
        "us-east-1": {"GeoContinents": "NA,SA"},
    },
    "weighted": {"ap-southeast-2": {"RoutingWeight": "50"}, "us-east-1": {"RoutingWeight": "0"}},
    "failover": {"us-east-1": {"FailoverRole": "NONE"}},
}

# Where a record leads that is its Region's gateway.
GATEWAY = {
    "DNSName": "${HttpDomain.RegionalDomainName}",
    "HostedZoneId": "${HttpDomain.RegionalHostedZoneId}",
    "EvaluateTargetHealth": False,
}


def stacks(template: Node, policy: str, count: int) -> dict[str, Stack]:
    """A stack in each of so many Regions, all with one policy."""
    regions = REGIONS[:count]
    return {
        region: evaluate(
            template,
            region=region,
            parameters={
                **DOMAIN,
                "Regions": ",".join(regions),
                "RoutingPolicy": policy,
                **TOLD.get(policy, {}).get(region, {}),
            },
        )
        for region in regions
    }


def records(stack: Stack) -> list[Node]:
    """Every record, with its group's zone."""
    return [
        {**record, "HostedZoneId": group["HostedZoneId"]}
        for group in stack.of_type("AWS::Route53::RecordSetGroup").values()
        for record in group["RecordSets"]
    ]


def chosen_by(record: Node) -> Node:
    """What of a record is its policy's."""
    common = {"HostedZoneId", "Name", "Type", "SetIdentifier", "HealthCheckId", "AliasTarget"}
    return {key: value for key, value in record.items() if key not in common}


def test_nothing_of_it_is_there_by_default(template: Node) -> None:
    stack = evaluate(template)
    made = {resource["Type"] for resource in stack.resources.values()}
    assert not {
        kind
        for kind in made
        if kind.startswith(("AWS::ApiGatewayV2", "AWS::Route53", "AWS::CertificateManager"))
    }
    assert made.isdisjoint({"AWS::SSM::Parameter", "AWS::CloudWatch::Alarm"})
    assert not {"RegionalUrl", "GlobalUrl", "HealthUrl"} & stack.outputs.keys()


def test_the_gateway_logs_requests_only_where_it_is_wanted(template: Node) -> None:
    stack = evaluate(template, parameters=DOMAIN)
    [stage] = stack.of_type("AWS::ApiGatewayV2::Stage").values()
    assert "AccessLogSettings" not in stage
    assert "HttpAccessLogGroup" not in stack.resources
    without_gateway = evaluate(template, parameters={"AccessLogs": "true"})
    assert "HttpAccessLogGroup" not in without_gateway.resources


def test_an_access_log_has_nothing_that_a_client_writes_freely(template: Node) -> None:
    stack = evaluate(template, region="eu-west-1", parameters={**DOMAIN, "AccessLogs": "true"})
    [stage] = stack.of_type("AWS::ApiGatewayV2::Stage").values()
    settings = stage["AccessLogSettings"]
    assert settings["DestinationArn"] == (
        "arn:aws:logs:eu-west-1:111122223333:log-group:${HttpAccessLogGroup}"
    )
    assert json.loads(settings["Format"]) == {
        "requestId": "$context.requestId",
        "time": "$context.requestTime",
        "address": "$context.identity.sourceIp",
        "route": "$context.routeKey",
        "status": "$context.status",
        "bytes": "$context.responseLength",
        "milliseconds": "$context.responseLatency",
        "integrationStatus": "$context.integrationStatus",
    }


# -- The records --------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("policy", POLICIES)
def test_every_record_leads_to_its_own_gateway_with_a_health_check(
    template: Node, policy: str, count: int
) -> None:
    for region, stack in stacks(template, policy, count).items():
        for record in records(stack):
            assert record["HostedZoneId"] == DOMAIN["HostedZoneId"]
            if record.get("GeoLocation") == {"CountryCode": "*"}:
                # Its health is that of the records that it leads to.
                assert record["AliasTarget"] == {
                    "DNSName": "any.api.example.com",
                    "HostedZoneId": DOMAIN["HostedZoneId"],
                    "EvaluateTargetHealth": True,
                }
                assert "HealthCheckId" not in record
            else:
                assert record["AliasTarget"] == GATEWAY
                assert record["HealthCheckId"] == "${HealthCheck}"
            assert record["SetIdentifier"].startswith(region)


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("policy", POLICIES)
def test_the_regions_records_do_not_get_into_each_others_way(
    template: Node, policy: str, count: int
) -> None:
    all_records = [r for stack in stacks(template, policy, count).values() for r in records(stack)]
    known_by = [(r["Name"], r["Type"], r["SetIdentifier"]) for r in all_records]
    assert len(known_by) == len({*known_by})
    # Route 53 takes records of one policy alone under one name and type.
    for name in {r["Name"] for r in all_records}:
        kinds = {key for r in all_records if r["Name"] == name for key in chosen_by(r)}
        assert len(kinds) == 1, (name, kinds)
    assert {r["Type"] for r in all_records} == {*TYPES}


@pytest.mark.parametrize("count", [2, 3])
def test_latency_has_one_record_a_region(template: Node, count: int) -> None:
    for region, stack in stacks(template, "latency", count).items():
        assert [
            (r["Name"], r["Type"], r["SetIdentifier"], chosen_by(r)) for r in records(stack)
        ] == [("api.example.com", kind, region, {"Region": region}) for kind in TYPES]


@pytest.mark.parametrize("count", [2, 3])
def test_weighted_has_each_regions_own_weight(template: Node, count: int) -> None:
    weights = {"eu-west-1": "100", "ap-southeast-2": "50", "us-east-1": "0"}
    for region, stack in stacks(template, "weighted", count).items():
        assert [(r["Name"], r["Type"], chosen_by(r)) for r in records(stack)] == [
            ("api.example.com", kind, {"Weight": weights[region]}) for kind in TYPES
        ]


@pytest.mark.parametrize("count", [2, 3])
def test_failover_has_one_primary_and_one_secondary_and_a_third_region_none(
    template: Node, count: int
) -> None:
    roles = {
        region: [chosen_by(r) for r in records(stack)]
        for region, stack in stacks(template, "failover", count).items()
    }
    assert roles == {
        "eu-west-1": [{"Failover": "PRIMARY"}] * 2,
        "ap-southeast-2": [{"Failover": "SECONDARY"}] * 2,
        **({"us-east-1": []} if count == 3 else {}),
    }


@pytest.mark.parametrize("count", [2, 3])
def test_geolocation_has_one_default_in_all_and_each_code_once(template: Node, count: int) -> None:
    places = {
        region: [
            (r["Name"], r["SetIdentifier"], chosen_by(r)) for r in records(stack) if r["Type"] == t
        ]
        for t in TYPES
        for region, stack in stacks(template, "geolocation", count).items()
    }

    def of(region: str, *codes: tuple[str, str]) -> list[tuple[str, str, Node]]:
        return [
            (
                "api.example.com",
                f"{region}-{kind}-{code}",
                {"GeoLocation": {f"{kind.title()}Code": code}},
            )
            for kind, code in codes
        ]

    def anywhere(region: str) -> tuple[str, str, Node]:
        return ("any.api.example.com", region, {"Region": region})

    default = ("api.example.com", "eu-west-1", {"GeoLocation": {"CountryCode": "*"}})
    wanted = {
        "eu-west-1": [
            default,
            anywhere("eu-west-1"),
            *of("eu-west-1", ("continent", "EU"), ("continent", "AF")),
        ],
        "ap-southeast-2": [
            anywhere("ap-southeast-2"),
            *of("ap-southeast-2", ("continent", "OC"), ("country", "JP"), ("country", "SG")),
        ],
        "us-east-1": [
            anywhere("us-east-1"),
            *of("us-east-1", ("continent", "NA"), ("continent", "SA")),
        ],
    }
    assert places == {region: wanted[region] for region in REGIONS[:count]}


def test_the_home_region_needs_no_codes_for_geolocation(template: Node) -> None:
    stack = evaluate(template, parameters={**DOMAIN, "RoutingPolicy": "geolocation"})
    assert [(r["Name"], r["Type"]) for r in records(stack)] == [
        ("api.example.com", "A"),
        ("api.example.com", "AAAA"),
        ("any.api.example.com", "A"),
        ("any.api.example.com", "AAAA"),
    ]


@pytest.mark.parametrize("region", REGIONS[:2])
def test_the_routing_policy_NONE_makes_no_records(template: Node, region: str) -> None:
    stack = evaluate(template, region=region, parameters={**DOMAIN, "RoutingPolicy": "none"})
    assert records(stack) == []
    assert len(stack.of_type("AWS::Route53::HealthCheck")) == 1
    assert len(stack.of_type("AWS::ApiGatewayV2::DomainName")) == 1


# The order of docs/routing.md: every Region but the home Region without records, the home Region
# to the new policy, and then the others. At each step, what is there can be there together.
@pytest.mark.parametrize("new", POLICIES)
@pytest.mark.parametrize("old", POLICIES)
def test_the_policy_can_be_changed_in_the_order_of_the_runbook(
    template: Node, old: str, new: str
) -> None:
    if old == new:
        return

    def made(region: str, policy: str, *, codes: bool = True) -> dict[str, Node]:
        told = TOLD.get(policy, {}).get(region, {}) if codes else {}
        parameters = {**DOMAIN, "RoutingPolicy": policy, **told}
        return evaluate(template, region=region, parameters=parameters).of_type(
            "AWS::Route53::RecordSetGroup"
        )

    home, other = REGIONS[:2]
    before, after = made(home, old, codes=False), made(home, new, codes=False)
    # In place: CloudFormation removes what is gone only after it has made what is new.
    under_the_name = [
        [
            (name, record["Type"])
            for name, group in each.items()
            for record in group["RecordSets"]
            if record["Name"] == DOMAIN["DomainName"]
        ]
        for each in (before, after)
    ]
    assert under_the_name == [[("Records", "A"), ("Records", "AAAA")]] * 2
    assert made(other, "none") == {}
    both = [
        record
        for region in (home, other)
        for group in made(region, new).values()
        for record in group["RecordSets"]
    ]
    assert (
        len({key for r in both if r["Name"] == DOMAIN["DomainName"] for key in chosen_by(r)}) == 1
    )


def test_what_geolocations_default_leads_to_is_there_before_it(template: Node) -> None:
    stack = evaluate(template, parameters={**DOMAIN, "RoutingPolicy": "geolocation"})
    assert stack.resources["Records"]["Properties"]["Comment"] == (
        "The default leads to ${AnyRecords}"
    )


# -- What is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "parameters", "reason"),
    [
        ("eu-west-1", {"DomainName": "api.example.com"}, "DomainName needs HostedZoneId"),
        ("eu-west-1", {"HostedZoneId": "Z0123"}, "HostedZoneId needs DomainName or ApiDomainName"),
        (
            "ap-southeast-2",
            {**DOMAIN, "RoutingPolicy": "geolocation"},
            "RoutingPolicy geolocation needs GeoContinents or GeoCountries in every Region but",
        ),
        (
            "ap-southeast-2",
            {**DOMAIN, "RoutingPolicy": "failover", "FailoverRole": "PRIMARY"},
            "FailoverRole is PRIMARY in the home Region, and in no other",
        ),
        (
            "eu-west-1",
            {**DOMAIN, "RoutingPolicy": "failover", "FailoverRole": "SECONDARY"},
            "FailoverRole is PRIMARY in the home Region, and in no other",
        ),
        (
            "eu-west-1",
            {**DOMAIN, "RoutingPolicy": "failover", "FailoverRole": "NONE"},
            "FailoverRole is PRIMARY in the home Region, and in no other",
        ),
        ("eu-west-1", {**DOMAIN, "AuthMode": "AWS_IAM"}, "DomainName cannot be used with AWS_IAM"),
        ("us-west-2", DOMAIN, "The stack's Region must be one of Regions"),
        (
            "eu-west-1",
            {**DOMAIN, "RoutingPolicy": "geolocation", "GeoCountries": "IE,XX"},
            "GeoCountries is either XX or a list",
        ),
        (
            "eu-west-1",
            {**DOMAIN, "RoutingPolicy": "geolocation", "GeoContinents": "XX,EU"},
            "GeoContinents is either XX or a list",
        ),
        (
            "eu-west-1",
            {**DOMAIN, "RoutingPolicy": "geolocation", "GeoCountries": "IE,IE"},
            "CountryIERecords is there twice",
        ),
        ("eu-west-1", {"GeoCountries": "UK"}, "parameter GeoCountries: 'UK' is not one of"),
        ("eu-west-1", {"GeoCountries": "BV"}, "parameter GeoCountries: 'BV' is not one of"),
        ("eu-west-1", {"GeoCountries": "ie"}, "parameter GeoCountries: 'ie' is not one of"),
        ("eu-west-1", {"GeoContinents": "Europe"}, "parameter GeoContinents: 'Europe'"),
        ("eu-west-1", {"RoutingPolicy": "nearest"}, "parameter RoutingPolicy: 'nearest'"),
        ("eu-west-1", {"RoutingWeight": "256"}, "parameter RoutingWeight: 256 is not between"),
        ("eu-west-1", {"RoutingWeight": "-1"}, "parameter RoutingWeight: -1 is not between"),
        ("eu-west-1", {"DomainName": "https://api.example.com"}, "parameter DomainName: "),
        ("eu-west-1", {"DomainName": "*.example.com"}, "parameter DomainName: "),
        ("eu-west-1", {"DomainName": "api.example.com."}, "parameter DomainName: "),
    ],
)
def test_parameters_that_contradict_each_other_are_refused(
    template: Node, region: str, parameters: dict[str, str], reason: str
) -> None:
    with pytest.raises(TemplateError, match=re.escape(reason)):
        evaluate(template, region=region, parameters=parameters)


def test_norway_is_a_country_and_not_a_no(template: Node) -> None:
    assert "NO" in template["Parameters"]["GeoCountries"]["AllowedValues"]


# -- The gateway --------------------------------------------------------------------------------


@pytest.fixture
def stack(template: Node) -> Stack:
    return evaluate(template, region="ap-southeast-2", parameters=DOMAIN)


def test_the_gateway_passes_graphql_and_preflights_to_appsync_and_health_to_its_function(
    stack: Stack,
) -> None:
    [api] = stack.of_type("AWS::ApiGatewayV2::Api").values()
    assert api == {"Body": api["Body"]}, "API Gateway takes no other property beside a body"
    to_graphql = {
        "responses": {"default": {"description": "AppSync's answer"}},
        "x-amazon-apigateway-integration": {
            "type": "http_proxy",
            "httpMethod": "ANY",
            "uri": "${Api.GraphQLUrl}",
            "payloadFormatVersion": "1.0",
            "timeoutInMillis": 30000,
            "requestParameters": {
                "overwrite:header.x-antipode-address": "$context.identity.sourceIp"
            },
        },
    }
    assert api["Body"]["paths"] == {
        "/graphql": {"post": to_graphql, "options": to_graphql},
        "/health": {
            "get": {
                "responses": {"default": {"description": "Whether this Region can serve"}},
                "x-amazon-apigateway-integration": {
                    "type": "aws_proxy",
                    "httpMethod": "POST",
                    "uri": "arn:aws:apigateway:ap-southeast-2:lambda:path/2015-03-31/functions/"
                    "${HealthFunction.Arn}/invocations",
                    "payloadFormatVersion": "2.0",
                    "timeoutInMillis": 5000,
                },
            }
        },
    }


def test_the_gateway_has_the_shared_name_and_keeps_a_host_of_its_own(stack: Stack) -> None:
    [api] = stack.of_type("AWS::ApiGatewayV2::Api").values()
    assert {key: value for key, value in api["Body"].items() if key != "paths"} == {
        "openapi": "3.0.1",
        "info": {
            "title": "antipode",
            "version": "1",
            "description": "Queries and mutations of api.example.com",
        },
        "servers": [
            {
                "x-amazon-apigateway-endpoint-configuration": {
                    "disableExecuteApiEndpoint": False,
                    "ipAddressType": "dualstack",
                }
            }
        ],
        # No x-amazon-apigateway-cors: AppSync answers preflights, and two answers with the same
        # headers would be none.
    }
    [stage] = stack.of_type("AWS::ApiGatewayV2::Stage").values()
    assert (stage["StageName"], stage["AutoDeploy"]) == ("$default", True)
    assert stack.of_type("AWS::ApiGatewayV2::DomainName") == {
        "HttpDomain": {
            "DomainName": "api.example.com",
            "DomainNameConfigurations": [
                {
                    "CertificateArn": "${Certificate}",
                    "EndpointType": "REGIONAL",
                    "SecurityPolicy": "TLS_1_2",
                    "IpAddressType": "dualstack",
                }
            ],
        }
    }
    assert stack.of_type("AWS::ApiGatewayV2::ApiMapping") == {
        "HttpMapping": {
            "ApiId": "${HttpApi}",
            "DomainName": "${HttpDomain}",
            "Stage": "${HttpStage}",
        }
    }
    assert stack.of_type("AWS::CertificateManager::Certificate") == {
        "Certificate": {
            "DomainName": "api.example.com",
            "ValidationMethod": "DNS",
            "DomainValidationOptions": [
                {"DomainName": "api.example.com", "HostedZoneId": DOMAIN["HostedZoneId"]}
            ],
        }
    }


def test_the_health_check_asks_the_regions_own_host_and_never_the_shared_name(
    stack: Stack,
) -> None:
    [check] = stack.of_type("AWS::Route53::HealthCheck").values()
    assert check["HealthCheckConfig"] == {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": "${HttpApi}.execute-api.ap-southeast-2.amazonaws.com",
        "Port": 443,
        "ResourcePath": "/health",
        "EnableSNI": True,
        "RequestInterval": 10,
        "FailureThreshold": 3,
    }


def test_the_urls_are_outputs(stack: Stack) -> None:
    assert {
        name: output["Value"]
        for name, output in stack.outputs.items()
        if name.endswith(("Url", "Parameter", "CheckId"))
    } == {
        "GraphqlUrl": "${Api.GraphQLUrl}",
        "RealtimeUrl": "${Api.RealtimeUrl}",
        "UndeliveredQueueUrl": "${UndeliveredQueue}",
        "RegionalUrl": "${HttpApi.ApiEndpoint}/graphql",
        "GlobalUrl": "https://api.example.com/graphql",
        "HealthUrl": "${HttpApi.ApiEndpoint}/health",
        "HealthCheckId": "${HealthCheck}",
        "DrainedParameter": "${Drained}",
    }


def test_nothing_has_a_name_that_could_collide_with_another_regions(stack: Stack) -> None:
    named = {
        (resource["Type"], key): value
        for resource in stack.resources.values()
        for key, value in resource.get("Properties", {}).items()
        if key in ("Name", "RoleName", "FunctionName", "AlarmName", "LogGroupName")
        and resource["Type"].startswith(("AWS::SSM", "AWS::CloudWatch", "AWS::ApiGatewayV2::Api"))
    }
    assert named == {}


# -- The health function ------------------------------------------------------------------------


def test_the_health_function_knows_a_table_by_its_key(stack: Stack) -> None:
    assert stack.of_type("AWS::Serverless::Function")["HealthFunction"]["Environment"] == {
        "Variables": {
            "GRAPHQL_URL": "${Api.GraphQLUrl}",
            "TABLE": "antipode-ItemsModel",
            "PARTITION_KEY": "id",
            "PARTITION_KEY_TYPE": "S",
            "SORT_KEY": "",
            "SORT_KEY_TYPE": "S",
            "RELAY_ALARMS": "${RelayStuckAlarm},${RelayThrottledAlarm}",
            "DRAINED_PARAMETER": "${Drained}",
        }
    }


def test_the_health_function_may_look_and_do_no_more(stack: Stack) -> None:
    [policy] = stack.of_type("AWS::IAM::Role")["HealthRole"]["Policies"]
    tables = "arn:aws:dynamodb:ap-southeast-2:111122223333:table/antipode-*"
    parameter = "arn:aws:ssm:ap-southeast-2:111122223333:parameter/${Drained}"
    assert [
        (rule["Action"], rule["Resource"], rule.get("Condition"))
        for rule in policy["PolicyDocument"]["Statement"]
    ] == [
        (
            "dynamodb:GetItem",
            tables,
            {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["antipode-health", "0"]}},
        ),
        ("ssm:GetParameter", parameter, None),
        ("cloudwatch:DescribeAlarms", "*", None),
        (["logs:CreateLogStream", "logs:PutLogEvents"], "${HealthLogGroup.Arn}", None),
    ]
    [permission] = stack.of_type("AWS::Lambda::Permission").values()
    assert permission["SourceArn"] == (
        "arn:aws:execute-api:ap-southeast-2:111122223333:${HttpApi}/*/GET/health"
    )


def test_the_health_function_logs_to_a_group_with_a_retention(stack: Stack) -> None:
    function = stack.of_type("AWS::Serverless::Function")["HealthFunction"]
    assert function["LoggingConfig"] == {"LogGroup": "${HealthLogGroup}"}
    assert stack.of_type("AWS::Logs::LogGroup")["HealthLogGroup"] == {"RetentionInDays": "30"}


def test_a_region_is_not_drained_when_it_is_made(stack: Stack) -> None:
    assert stack.of_type("AWS::SSM::Parameter") == {
        "Drained": {
            "Description": "Whether this Region is taken out of the shared name by hand",
            "Type": "String",
            "AllowedPattern": "true|false",
            "Value": "false",
        }
    }


def test_a_relay_that_is_throttled_and_tells_no_age_rings_an_alarm_of_its_own(
    template: Node,
) -> None:
    stack = evaluate(template, parameters={"DomainName": "api.example.com", "HostedZoneId": "Z1"})
    alarm = stack.resources["RelayThrottledAlarm"]["Properties"]
    expression, *metrics = alarm["Metrics"]
    assert expression["Expression"] == (
        "IF(FILL(throttles, 0) > 0 AND FILL(invocations, 0) == 0, 1, 0)"
    )
    assert {each["Id"]: each["MetricStat"]["Metric"] for each in metrics} == {
        name.lower(): {
            "Namespace": "AWS/Lambda",
            "MetricName": name,
            "Dimensions": [{"Name": "FunctionName", "Value": "${RelayFunction}"}],
        }
        for name in ("Throttles", "Invocations")
    }
    assert (alarm["EvaluationPeriods"], alarm["Threshold"]) == (5, 0)

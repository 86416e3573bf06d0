"""The edge's stack: what it makes, and which parameters it refuses."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.edge.conftest import TEMPLATE
from tests.edge.stack import DOMAINS, HOST, distribution, edge, health_checks
from tests.linting import findings
from tests.template.evaluate import TemplateError, evaluate
from tests.template.reading import Node

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-1111-2222-333344445555"


def test_cfn_lint_finds_nothing() -> None:
    assert findings(TEMPLATE, ["us-east-1"]) == []


def test_by_default_a_function_routes_and_there_is_no_web_acl(template: Node) -> None:
    assert set(edge(template).resources) == {
        "Certificate",
        "Records",
        "Distribution",
        "OriginRequests",
        "RouteStore",
        "RouteFunction",
        "RouteLogGroup",
        "AllDrainedMetric",
        "NoRoutesMetric",
    }


def test_lambda_at_edge_takes_the_place_of_the_function_and_its_store(template: Node) -> None:
    stack = edge(template, Routing="LAMBDA")
    assert set(stack.resources) == {
        "Certificate",
        "Records",
        "Distribution",
        "OriginRequests",
        "Choice",
        "OriginRequestFunction",
        "OriginRequestVersion",
        "OriginRequestRole",
    }
    assert "RouteStoreArn" not in stack.outputs


# -- The distribution -----------------------------------------------------------------------------


def test_nothing_is_cached_not_even_an_error(template: Node) -> None:
    config = distribution(edge(template))
    assert config["DefaultCacheBehavior"]["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
    cached = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504]
    assert config["CustomErrorResponses"] == [
        {"ErrorCode": code, "ErrorCachingMinTTL": 0} for code in cached
    ]
    assert "CacheBehaviors" not in config


def test_everything_that_a_client_sends_goes_through(template: Node) -> None:
    stack = edge(template)
    behaviour = distribution(stack)["DefaultCacheBehavior"]
    assert set(behaviour["AllowedMethods"]) == {
        *("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE")
    }
    assert behaviour["ViewerProtocolPolicy"] == "https-only"
    policy = stack.resources["OriginRequests"]["Properties"]["OriginRequestPolicyConfig"]
    assert policy["HeadersConfig"] == {
        "HeaderBehavior": "allViewerAndWhitelistCloudFront",
        "Headers": ["CloudFront-Viewer-Country"],
    }
    assert policy["QueryStringsConfig"] == {"QueryStringBehavior": "all"}


def test_the_origin_is_the_first_regions_domain_over_https(template: Node) -> None:
    [origin] = distribution(edge(template))["Origins"]
    assert origin["DomainName"] == "eu.api.example.com"
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert origin["CustomOriginConfig"]["OriginReadTimeout"] > 30
    assert "OriginCustomHeaders" not in origin


@pytest.mark.parametrize(
    ("routing", "associated"),
    [
        (
            "FUNCTION",
            {
                "FunctionAssociations": [
                    {
                        "EventType": "viewer-request",
                        "FunctionARN": "${RouteFunction.FunctionARN}",
                    }
                ]
            },
        ),
        (
            "LAMBDA",
            {
                "LambdaFunctionAssociations": [
                    {
                        "EventType": "origin-request",
                        "LambdaFunctionARN": "${OriginRequestVersion}",
                        "IncludeBody": False,
                    }
                ]
            },
        ),
    ],
)
def test_one_function_runs_for_each_request(
    template: Node, routing: str, associated: dict[str, Node]
) -> None:
    behaviour = distribution(edge(template, Routing=routing))["DefaultCacheBehavior"]
    assert {key: value for key, value in behaviour.items() if "Associations" in key} == associated


# -- The name -------------------------------------------------------------------------------------


def test_the_name_has_an_address_of_both_kinds(template: Node) -> None:
    stack = edge(template)
    assert distribution(stack)["Aliases"] == [HOST]
    records = stack.resources["Records"]["Properties"]["RecordSets"]
    target = {"DNSName": "${Distribution.DomainName}", "HostedZoneId": "Z2FDTNDATAQYW2"}
    assert records == [
        {"Name": HOST, "Type": "A", "AliasTarget": target},
        {"Name": HOST, "Type": "AAAA", "AliasTarget": target},
    ]


@pytest.mark.parametrize("regions", [2, 3, 5])
def test_the_certificate_is_for_the_regions_names_as_well(template: Node, regions: int) -> None:
    stack = edge(template, regions)
    certificate = stack.resources["Certificate"]["Properties"]
    names = [HOST, *list(DOMAINS.values())[:regions]]
    assert [certificate["DomainName"], *certificate["SubjectAlternativeNames"]] == names
    assert certificate["DomainValidationOptions"] == [
        {"DomainName": name, "HostedZoneId": "Z0123456789"} for name in names
    ]
    assert stack.outputs["CertificateArn"]["Value"] == "${Certificate}"


def test_a_certificate_outlives_the_stack_since_the_regions_use_it(template: Node) -> None:
    certificate = edge(template).resources["Certificate"]
    assert (certificate["DeletionPolicy"], certificate["UpdateReplacePolicy"]) == (
        "Retain",
        "Retain",
    )


def test_a_certificate_that_is_given_is_taken(template: Node) -> None:
    stack = edge(template, CertificateArn=CERTIFICATE)
    assert "Certificate" not in stack.resources
    viewer = distribution(stack)["ViewerCertificate"]
    assert viewer["AcmCertificateArn"] == CERTIFICATE
    assert stack.outputs["CertificateArn"]["Value"] == CERTIFICATE


# -- Lambda@Edge ----------------------------------------------------------------------------------


@pytest.mark.parametrize("regions", [2, 3, 5])
def test_each_region_has_a_latency_record_of_one_name_with_its_health_check(
    template: Node, regions: int
) -> None:
    stack = edge(template, regions, Routing="LAMBDA")
    assert stack.resources["Choice"]["Properties"]["RecordSets"] == [
        {
            "Name": "region.api.example.com",
            "Type": "CNAME",
            "TTL": "10",
            "SetIdentifier": region,
            "Region": region,
            "HealthCheckId": check,
            "ResourceRecords": [domain],
        }
        for (region, domain), check in zip(
            list(DOMAINS.items())[:regions], health_checks(regions), strict=True
        )
    ]


# -- What is logged and counted -------------------------------------------------------------------


def test_each_line_of_the_function_is_counted(template: Node) -> None:
    resources = edge(template).resources
    code = resources["RouteFunction"]["Properties"]["FunctionCode"]
    for name in ("AllDrainedMetric", "NoRoutesMetric"):
        properties = resources[name]["Properties"]
        assert properties["LogGroupName"] == "${RouteLogGroup}"
        pattern = properties["FilterPattern"]
        assert pattern.startswith('"')
        assert code.count(f"console.log('{pattern.strip(chr(34))}: ") == 1
    assert code.count("console.log(") == 2


def test_the_log_group_is_the_one_that_cloudfront_writes_to(template: Node) -> None:
    resources = edge(template).resources
    name = resources["RouteFunction"]["Properties"]["Name"]
    assert resources["RouteLogGroup"]["Properties"] == {
        "LogGroupName": f"/aws/cloudfront/function/{name}",
        "RetentionInDays": "30",
    }


# -- Access logs ----------------------------------------------------------------------------------

ACCESS_LOGS = {
    "AccessLogGroup",
    "AccessLogPolicy",
    "AccessLogSource",
    "AccessLogDestination",
    "AccessLogDelivery",
}


@pytest.mark.parametrize("routing", ["FUNCTION", "LAMBDA"])
def test_access_logs_are_an_option_whoever_routes(template: Node, routing: str) -> None:
    without = edge(template, Routing=routing)
    logged = edge(template, Routing=routing, AccessLogs="true")
    assert set(logged.resources) - set(without.resources) == ACCESS_LOGS
    assert distribution(logged) == distribution(without)


def test_the_distributions_access_logs_go_to_a_log_group_with_a_retention(template: Node) -> None:
    resources = edge(template, AccessLogs="true", LogRetentionDays="7").resources
    assert resources["AccessLogGroup"]["Properties"] == {
        "LogGroupName": "/aws/vendedlogs/cloudfront/antipode-edge",
        "RetentionInDays": "7",
    }
    source = resources["AccessLogSource"]["Properties"]
    assert source["LogType"] == "ACCESS_LOGS"
    assert source["ResourceArn"].endswith(":distribution/${Distribution}")
    destination = resources["AccessLogDestination"]["Properties"]
    assert destination["DestinationResourceArn"] == "${AccessLogGroup.Arn}"
    delivery = resources["AccessLogDelivery"]
    assert delivery["DependsOn"] == "AccessLogPolicy"
    assert delivery["Properties"]["DeliverySourceName"] == "${AccessLogSource}"
    assert delivery["Properties"]["DeliveryDestinationArn"] == "${AccessLogDestination.Arn}"


def test_access_logs_hold_nothing_that_can_be_a_credential(template: Node) -> None:
    delivery = edge(template, AccessLogs="true").resources["AccessLogDelivery"]
    fields = delivery["Properties"]["RecordFields"]
    assert {"c-ip", "cs-uri-stem", "sc-status"} < set(fields)
    assert not {"cs-uri-query", "cs(Cookie)", "cs(Referer)"} & set(fields)


def test_only_the_accounts_own_log_delivery_may_write_access_logs(template: Node) -> None:
    policy = edge(template, AccessLogs="true").resources["AccessLogPolicy"]["Properties"]
    [statement] = json.loads(policy["PolicyDocument"])["Statement"]
    assert statement["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"].endswith(":log-group:${AccessLogGroup}:log-stream:*")
    assert set(statement["Condition"]) == {"StringEquals", "ArnLike"}


# -- The web ACL ----------------------------------------------------------------------------------


def test_a_web_acl_looks_at_viewers_and_lets_large_items_pass(template: Node) -> None:
    stack = edge(template, WebAcl="true", WebAclRateLimit="500")
    assert distribution(stack)["WebACLId"] == "${ViewersWebAcl.Arn}"
    acl = stack.resources["ViewersWebAcl"]["Properties"]
    assert acl["Scope"] == "CLOUDFRONT"
    rate, common, _ = acl["Rules"]
    assert rate["Statement"]["RateBasedStatement"]["Limit"] == "500"
    overrides = common["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"]
    assert overrides == [
        {"Name": "SizeRestrictions_BODY", "ActionToUse": {"Count": {}}},
        {"Name": "SizeRestrictions_QUERYSTRING", "ActionToUse": {"Count": {}}},
    ]


def test_without_one_the_distribution_has_none(template: Node) -> None:
    assert "WebACLId" not in distribution(edge(template))


# -- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({"AuthMode": "API_KEY"}, "Each Region has an API key of its own"),
        ({"AuthMode": "AWS_IAM"}, "A signature holds the host and the Region"),
        ({"AuthMode": "NONE"}, "is not one of"),
        ({"EdgeDomainName": "https://api.example.com"}, "does not match"),
        ({"EdgeDomainName": "API.example.com"}, "does not match"),
        ({"Regions": "eu-west-1"}, "does not match"),
        ({"Regions": "ireland=eu.api.example.com"}, "does not match"),
        ({"CertificateArn": CERTIFICATE.replace("us-east-1", "eu-west-1")}, "does not match"),
        ({"Routing": "DNS"}, "is not one of"),
        (
            {"Routing": "LAMBDA", "RegionHealthChecks": "none"},
            "Routing=LAMBDA needs RegionHealthChecks",
        ),
        ({"RegionHealthChecks": "ireland"}, "does not match"),
        ({"RegionHealthChecks": ""}, "does not match"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_made(
    template: Node, parameters: dict[str, str], why: str
) -> None:
    with pytest.raises(TemplateError, match=why):
        edge(template, 2, **parameters)


def test_any_region_but_virginia_is_refused(template: Node) -> None:
    parameters = {
        "EdgeDomainName": HOST,
        "HostedZoneId": "Z1",
        "Regions": "eu-west-1=eu.api.example.com",
        "AuthMode": "AWS_LAMBDA",
    }
    with pytest.raises(TemplateError, match="The edge belongs into us-east-1"):
        evaluate(template, region="eu-west-1", parameters=parameters)


# -- The environment ------------------------------------------------------------------------------


def test_the_environment_deploys_to_virginia_with_parameters_that_the_template_takes(
    template: Node,
) -> None:
    text = Path(TEMPLATE.parent / "samconfig.toml").read_text()
    parameters = tomllib.loads(text)["default"]
    assert parameters["global"]["parameters"]["region"] == "us-east-1"
    pairs = (
        pair.partition("=") for pair in parameters["deploy"]["parameters"]["parameter_overrides"]
    )
    edge(template, 2, **{name: value for name, _, value in pairs})
    assert "CAPABILITY_IAM" in parameters["deploy"]["parameters"]["capabilities"]

"""The Region's own AppSync domain name, which the edge sends this Region's viewers to."""

from __future__ import annotations

import re

import pytest

from .evaluate import TemplateError, evaluate
from .reading import Node

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0f0f0f0f-1111-2222-3333-444455556666"
PARAMETERS = {
    "ApiDomainName": "eu.api.example.com",
    "ApiCertificateArn": CERTIFICATE,
    "HostedZoneId": "Z0123456789ABCDEFGHIJ",
}
TYPES = ("AWS::AppSync::DomainName", "AWS::AppSync::DomainNameApiAssociation")


def test_there_is_no_domain_name_by_default(template: Node) -> None:
    stack = evaluate(template)
    for resource_type in (*TYPES, "AWS::Route53::RecordSetGroup"):
        assert stack.of_type(resource_type) == {}


def test_the_api_is_reached_by_its_own_name_through_an_alias_record(template: Node) -> None:
    stack = evaluate(template, parameters=PARAMETERS)
    assert {name: stack.of_type(name) for name in (*TYPES, "AWS::Route53::RecordSetGroup")} == {
        "AWS::AppSync::DomainName": {
            "ApiDomain": {"DomainName": "eu.api.example.com", "CertificateArn": CERTIFICATE}
        },
        "AWS::AppSync::DomainNameApiAssociation": {
            "ApiDomainAssociation": {
                "DomainName": "${ApiDomain.DomainName}",
                "ApiId": "${Api.ApiId}",
            }
        },
        "AWS::Route53::RecordSetGroup": {
            "ApiDomainRecords": {
                "HostedZoneId": "Z0123456789ABCDEFGHIJ",
                "RecordSets": [
                    {
                        "Name": "eu.api.example.com",
                        "Type": type_,
                        "AliasTarget": {
                            "DNSName": "${ApiDomain.AppSyncDomainName}",
                            "HostedZoneId": "Z2FDTNDATAQYW2",
                        },
                    }
                    for type_ in ("A", "AAAA")
                ],
            }
        },
    }


@pytest.mark.parametrize("missing", PARAMETERS)
def test_a_domain_name_its_certificate_and_its_zone_come_together(
    template: Node, missing: str
) -> None:
    with pytest.raises(TemplateError, match=f"needs .*{missing}"):
        evaluate(template, parameters={**PARAMETERS, missing: ""})


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("ApiDomainName", "https://eu.api.example.com"),
        ("ApiDomainName", "localhost"),
        ("ApiDomainName", "*.example.com"),
        ("HostedZoneId", "example.com"),
        ("HostedZoneId", "/hostedzone/Z0123456789ABCDEFGHIJ"),
        ("ApiCertificateArn", CERTIFICATE.replace("us-east-1", "eu-west-1")),
    ],
)
def test_what_cannot_be_a_name_a_zone_or_a_certificate_is_refused(
    template: Node, parameter: str, value: str
) -> None:
    with pytest.raises(TemplateError, match=f"parameter {parameter}: {re.escape(repr(value))}"):
        evaluate(template, parameters={**PARAMETERS, parameter: value})

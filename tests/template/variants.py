"""The stacks that parameters can make: what must hold of a template must hold of each."""

from __future__ import annotations

from collections.abc import Iterator

from audit.templates import PRODUCTION

from .evaluate import Stack, evaluate
from .reading import Node

HOME, OTHER = "eu-west-1", "ap-southeast-2"

VARIANTS: dict[str, dict[str, str]] = {
    "default": {},
    "production": PRODUCTION,
    "secret": {"AuthMode": "AWS_LAMBDA"},
    "secret in production": {"AuthMode": "AWS_LAMBDA", **PRODUCTION},
    "key set": {
        "AuthMode": "AWS_LAMBDA",
        "TokenJwksUrl": "https://issuer.example.com/keys",
        "TokenIssuer": "https://issuer.example.com",
        "TokenAudience": "api",
    },
    "user pool": {"AuthMode": "AMAZON_COGNITO_USER_POOLS", "UserPoolId": "eu-west-1_abc"},
    "provider": {"AuthMode": "OPENID_CONNECT", "OidcIssuer": "https://issuer.example.com"},
    "signatures": {"AuthMode": "AWS_IAM"},
    "several ways": {
        "AdditionalAuthModes": "AWS_LAMBDA,AMAZON_COGNITO_USER_POOLS,OPENID_CONNECT,AWS_IAM",
        "UserPoolId": "eu-west-1_abc",
        "OidcIssuer": "https://issuer.example.com",
    },
    "domain": {
        "ApiDomainName": "eu.api.example.com",
        "ApiCertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/0f",
        "HostedZoneId": "Z0123456789",
    },
    "canary": {"CanaryModel": "ItemsModel"},
    "canary with tokens in production": {
        "CanaryModel": "ItemsModel",
        "AuthMode": "AWS_LAMBDA",
        **PRODUCTION,
    },
    "canary that signs": {"CanaryModel": "ItemsModel", "AuthMode": "AWS_IAM"},
    "canary beside a user pool": {
        "CanaryModel": "ItemsModel",
        "AuthMode": "AMAZON_COGNITO_USER_POOLS",
        "AdditionalAuthModes": "AWS_IAM",
        "UserPoolId": "eu-west-1_abc",
    },
    "gateway": {"DomainName": "api.example.com", "HostedZoneId": "Z0123456789"},
    "gateway that logs": {
        "DomainName": "api.example.com",
        "HostedZoneId": "Z0123456789",
        "AccessLogs": "true",
    },
    "gateway in production": {
        "DomainName": "api.example.com",
        "HostedZoneId": "Z0123456789",
        **PRODUCTION,
    },
}


def stacks(template: Node, *, region: str = OTHER) -> Iterator[tuple[str, Stack]]:
    """The stack of each variant in one Region."""
    for name, parameters in VARIANTS.items():
        yield name, evaluate(template, region=region, parameters=parameters)


def all_stacks(template: Node) -> Iterator[tuple[str, Stack]]:
    """The stack of each variant in the home Region and in another."""
    for region in (HOME, OTHER):
        yield from (
            (f"{name} in {region}", stack) for name, stack in stacks(template, region=region)
        )

"""The edge's stack, as its template makes it from some parameters."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from tests.template.evaluate import Stack, evaluate
from tests.template.reading import Node

HOST = "api.example.com"
DOMAINS = {
    "eu-west-1": "eu.api.example.com",
    "ap-southeast-2": "ap.api.example.com",
    "us-east-1": "us.api.example.com",
    "sa-east-1": "sa.api.example.com",
    "ca-central-1": "ca.api.example.com",
}

Weights = Mapping[str, int]


def edge(template: Node, regions: int = 2, **parameters: str) -> Stack:
    """The stack for so many Regions, with these parameters beside those that it must have."""
    pairs = [f"{region}={domain}" for region, domain in DOMAINS.items()][:regions]
    given = {
        "EdgeDomainName": HOST,
        "HostedZoneId": "Z0123456789",
        "Regions": ",".join(pairs),
        "AuthMode": "AWS_LAMBDA",
        "RegionHealthChecks": ",".join(health_checks(regions)),
    }
    return evaluate(
        template, region="us-east-1", parameters=given | parameters, stack_name="antipode-edge"
    )


def health_checks(regions: int) -> list[str]:
    """An id for each Region."""
    return [f"0a1b2c3d-0000-1111-2222-33334444555{number}" for number in range(regions)]


def distribution(stack: Stack) -> Node:
    return stack.resources["Distribution"]["Properties"]["DistributionConfig"]


def function_code(stack: Stack) -> str:
    code: str = stack.resources["RouteFunction"]["Properties"]["FunctionCode"]
    return code


def store(
    domains: Mapping[str, str] | None = None,
    *,
    default: Weights | None = None,
    continents: Mapping[str, Weights] | None = None,
    countries: Mapping[str, Weights] | None = None,
    drained: Collection[str] = (),
) -> dict[str, str]:
    """What `antipode route` writes for these routes."""
    values = {
        "regions": DOMAINS if domains is None else domains,
        **({"default": default} if default else {}),
        **{f"continent:{code}": weights for code, weights in (continents or {}).items()},
        **{f"country:{code}": weights for code, weights in (countries or {}).items()},
        **({"drained": list(drained)} if drained else {}),
    }
    return {key: json.dumps(value) for key, value in values.items()}

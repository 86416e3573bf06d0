"""The edge's stack, as its template makes it from some parameters."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from antipode_tools.operate.route.keys import encode
from antipode_tools.operate.route.routes import Routes, Weights
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
    routes = Routes(
        DOMAINS if domains is None else domains,
        default or {},
        continents or {},
        countries or {},
        tuple(drained),
    )
    return encode(routes)

"""The records of the real template, as the local world reads them."""

from __future__ import annotations

from typing import Any

import pytest

from antipode_tools.project.config import project_root
from antipode_tools.project.template_reading import read_template
from antipode_tools.world.deployment.expansion import Place
from antipode_tools.world.deployment.localise import shared_name
from localaws.route53.records import HealthCheck, Policy, Record

DOMAIN = {"DomainName": "api.example.com", "HostedZoneId": "Z0123"}


@pytest.fixture(scope="module")
def template() -> Any:
    return read_template((project_root() / "template.yaml").read_text())


def place(region: str) -> Place:
    return Place(region, "000000000000", "antipode", {})


def test_without_a_domain_there_is_nothing_to_share(template: Any) -> None:
    assert shared_name(template, place=place("eu-west-1"), parameters={}) is None


def test_a_regions_record_and_its_health_check_are_read(template: Any) -> None:
    found = shared_name(template, place=place("eu-west-1"), parameters=DOMAIN)
    assert found is not None
    assert found.domain == "api.example.com"
    assert found.check == HealthCheck("/health", 3)
    assert found.records == (Record("api.example.com", "eu-west-1", Policy.LATENCY, "eu-west-1"),)


def test_geolocations_default_is_known_to_lead_to_another_name(template: Any) -> None:
    told = {**DOMAIN, "RoutingPolicy": "geolocation", "GeoContinents": "EU", "GeoCountries": "JP"}
    found = shared_name(template, place=place("eu-west-1"), parameters=told)
    assert found is not None
    assert set(found.records) == {
        Record("api.example.com", "eu-west-1", Policy.GEOLOCATION, "*", "any.api.example.com"),
        Record("any.api.example.com", "eu-west-1", Policy.LATENCY, "eu-west-1"),
        Record("api.example.com", "eu-west-1", Policy.GEOLOCATION, "EU"),
        Record("api.example.com", "eu-west-1", Policy.GEOLOCATION, "JP"),
    }


@pytest.mark.parametrize(
    ("region", "policy", "wanted"),
    [
        ("eu-west-1", "weighted", Record("api.example.com", "eu-west-1", Policy.WEIGHTED, "100")),
        (
            "ap-southeast-2",
            "failover",
            Record("api.example.com", "ap-southeast-2", Policy.FAILOVER, "SECONDARY"),
        ),
    ],
)
def test_what_a_policy_tells_is_read(
    template: Any, region: str, policy: str, wanted: Record
) -> None:
    parameters = {**DOMAIN, "RoutingPolicy": policy}
    found = shared_name(template, place=place(region), parameters=parameters)
    assert found is not None
    assert found.records == (wanted,)

"""What is wrong with routes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from antipode_tools.operate.route.countries import CONTINENT_OF
from antipode_tools.operate.route.keys import encode
from antipode_tools.operate.route.problems import MOST_VALUE_BYTES, problems
from antipode_tools.operate.route.routes import Routes

REGIONS = {"eu-west-1": "eu.api.example.com", "ap-southeast-2": "ap.api.example.com"}
ROUTES = Routes(
    regions=REGIONS,
    default={"eu-west-1": 3, "ap-southeast-2": 1},
    continents={"OC": {"ap-southeast-2": 1}},
    countries={"NZ": {"ap-southeast-2": 1}},
    drained=("eu-west-1",),
)


def test_good_routes_have_no_problems() -> None:
    assert problems(ROUTES) == []


@pytest.mark.parametrize(
    ("routes", "problem"),
    [
        (
            Routes(default={"eu-west-1": 1}),
            "there is no Region: name at least one in regions",
        ),
        (
            Routes({"eu-west-1": "10.0.0.1"}, {"eu-west-1": 1}),
            "eu-west-1 cannot be reached as '10.0.0.1': write a domain name, with no port",
        ),
        (
            Routes({"eu-west-1": "localhost:4001"}, {"eu-west-1": 1}),
            "eu-west-1 cannot be reached as 'localhost:4001': write a domain name, with no port",
        ),
        (
            Routes(REGIONS, {"eu-west-1": 1}, drained=("us-east-1",)),
            "us-east-1 cannot be drained: the Regions are eu-west-1, ap-southeast-2",
        ),
        (
            Routes(REGIONS, {}),
            "default sends nobody anywhere: give a Region a weight above 0",
        ),
        (
            Routes(REGIONS, {"eu-west-1": 0}),
            "default sends nobody anywhere: give a Region a weight above 0",
        ),
        (
            Routes(REGIONS, {"eu-west-1": 1, "ap-southeast-2": -1}),
            "default gives ap-southeast-2 the weight -1: it must be between 0 and 1000",
        ),
        (
            Routes(REGIONS, {"eu-west-1": 1, "us-east-1": 1}),
            "default names us-east-1, which is not one of the Regions: eu-west-1, ap-southeast-2",
        ),
        (
            Routes(REGIONS, {"eu-west-1": 1}, {"XX": {"eu-west-1": 1}}),
            "there is no continent XX: they are AF, AN, AS, EU, NA, OC, SA",
        ),
        (
            Routes(REGIONS, {"eu-west-1": 1}, {}, {"UK": {"eu-west-1": 1}}),
            "there is no country UK",
        ),
        (
            Routes(REGIONS, {"eu-west-1": 1}, {}, {"IE": {"ireland": 1}}),
            "country:IE names ireland, which is not one of the Regions: eu-west-1, ap-southeast-2",
        ),
    ],
)
def test_invalid_routes_are_reported(routes: Routes, problem: str) -> None:
    assert problem in problems(routes)


FIVE = [f"eu-west-{number}" for number in range(5)]
LONG_NAME = f"{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}"


def test_routes_that_are_too_long_for_a_value_are_reported() -> None:
    assert problems(Routes(dict.fromkeys(FIVE, LONG_NAME), {"eu-west-0": 1})) == [
        "routes takes 1401 bytes, and the store allows 1024:"
        " use fewer Regions or rules of countries"
    ]


def test_a_rule_that_is_too_long_for_a_value_is_reported() -> None:
    many = {f"eu-west-{number}": "a.example.com" for number in range(100)}
    told = problems(Routes(many, {"eu-west-0": 1}, {"EU": dict.fromkeys(many, 1)}))
    assert "continent:EU takes 1491 bytes, and the store allows 1024: use fewer Regions" in told


def test_routes_leave_room_to_drain_every_region() -> None:
    def routes(label: int) -> Routes:
        return Routes(dict.fromkeys(FIVE, f"{'a' * label}.example.com"), {"eu-west-0": 1})

    longest = routes(max(label for label in range(1, 200) if not problems(routes(label))))
    drained = encode(replace(longest, drained=tuple(FIVE)))["routes"]
    assert MOST_VALUE_BYTES - len(FIVE) < len(drained) <= MOST_VALUE_BYTES


def test_five_regions_and_a_rule_for_each_of_a_hundred_countries_fit() -> None:
    domains = {f"ap-southeast-{number}": f"ap{number}.api.example.com" for number in range(5)}
    countries = {code: dict.fromkeys(domains, 1) for code in sorted(CONTINENT_OF)[:100]}
    assert problems(Routes(domains, dict.fromkeys(domains, 1000), countries=countries)) == []

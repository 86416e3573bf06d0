"""Routes, and the keys that hold them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.route.countries import CONTINENT_OF, CONTINENTS
from antipode_tools.operate.route.routes import Routes, UnreadableError, decode, encode, problems

REGIONS = {"eu-west-1": "eu.api.example.com", "ap-southeast-2": "ap.api.example.com"}
ROUTES = Routes(
    regions=REGIONS,
    default={"eu-west-1": 3, "ap-southeast-2": 1},
    continents={"OC": {"ap-southeast-2": 1}},
    countries={"NZ": {"ap-southeast-2": 1}},
    drained=("eu-west-1",),
)


def test_the_keys_are_those_that_the_function_reads() -> None:
    assert encode(ROUTES) == {
        "regions": '{"eu-west-1":"eu.api.example.com","ap-southeast-2":"ap.api.example.com"}',
        "drained": '["eu-west-1"]',
        "default": '{"eu-west-1":3,"ap-southeast-2":1}',
        "continent:OC": '{"ap-southeast-2":1}',
        "country:NZ": '{"ap-southeast-2":1}',
    }


weights = st.dictionaries(st.sampled_from([*REGIONS]), st.integers(0, 1000), min_size=1)


@given(
    st.builds(
        Routes,
        regions=st.just(REGIONS),
        default=weights,
        continents=st.dictionaries(st.sampled_from([*CONTINENTS]), weights),
        countries=st.dictionaries(st.sampled_from([*CONTINENT_OF]), weights),
        drained=st.sets(st.sampled_from([*REGIONS])).map(lambda names: tuple(sorted(names))),
    )
)
def test_routes_come_back_as_they_were_written(routes: Routes) -> None:
    assert decode(encode(routes)) == routes


def test_an_empty_store_has_no_routes() -> None:
    assert decode({}) == Routes()


def test_keys_of_others_are_passed_over() -> None:
    assert decode({"theirs": "{", "country": "{"}) == Routes()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("regions", "{"),
        ("regions", "[]"),
        ("regions", '{"eu-west-1": 1}'),
        ("default", '{"eu-west-1": "1"}'),
        ("default", '{"eu-west-1": true}'),
        ("continent:EU", "null"),
        ("country:IE", "7"),
        ("drained", "{}"),
        ("drained", "[1]"),
    ],
)
def test_a_value_that_the_function_cannot_read_is_reported(key: str, value: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        decode({key: value})
    assert str(refused.value) == f"the store's {key} cannot be read: {value}"


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
            "us-east-1 cannot be drained: it is none of eu-west-1, ap-southeast-2",
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
            "default names us-east-1, which is none of eu-west-1, ap-southeast-2",
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
            "country:IE names ireland, which is none of eu-west-1, ap-southeast-2",
        ),
    ],
)
def test_invalid_routes_are_reported(routes: Routes, problem: str) -> None:
    assert problem in problems(routes)


def test_more_than_a_value_holds_is_reported() -> None:
    regions = {f"eu-west-{n}": f"{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}" for n in range(5)}
    told = problems(Routes(regions, {"eu-west-1": 1}))
    assert told == ["regions takes 1291 bytes, and the store 1024: use fewer Regions"]


def test_the_table_of_continents_has_every_country_once() -> None:
    countries = [code for codes in CONTINENTS.values() for code in codes.split()]
    assert len(countries) == len(set(countries)) == 250
    assert all(len(code) == 2 and code.isupper() for code in countries)

"""The keys that hold the routes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.route.countries import CONTINENT_OF, CONTINENTS
from antipode_tools.operate.route.keys import UnreadableError, decode, described, encode
from antipode_tools.operate.route.routes import Routes

REGIONS = {"eu-west-1": "eu.api.example.com", "ap-southeast-2": "ap.api.example.com"}
ROUTES = Routes(
    regions=REGIONS,
    default={"eu-west-1": 3, "ap-southeast-2": 1},
    continents={"OC": {"ap-southeast-2": 1}, "EU": {"eu-west-1": 1}},
    countries={"NZ": {"ap-southeast-2": 1}},
    drained=("eu-west-1",),
)


def test_what_every_request_needs_is_under_one_key() -> None:
    assert encode(ROUTES) == {
        "routes": '{"regions":'
        '{"eu-west-1":"eu.api.example.com","ap-southeast-2":"ap.api.example.com"},'
        '"drained":["eu-west-1"],"default":{"eu-west-1":3,"ap-southeast-2":1},'
        '"continents":"EU OC","countries":"NZ"}',
        "continent:OC": '{"ap-southeast-2":1}',
        "continent:EU": '{"eu-west-1":1}',
        "country:NZ": '{"ap-southeast-2":1}',
    }


def test_a_rule_without_weights_is_neither_written_nor_listed() -> None:
    routes = Routes(REGIONS, {"eu-west-1": 1}, {"EU": {}}, {"NZ": {}})
    assert encode(routes) == encode(Routes(REGIONS, {"eu-west-1": 1}))


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


def test_a_rule_that_is_not_listed_is_passed_over() -> None:
    keys = encode(ROUTES)
    assert decode(keys | {"country:IE": "{"}) == ROUTES


def test_a_rule_that_is_listed_and_missing_is_no_rule() -> None:
    keys = encode(ROUTES)
    del keys["country:NZ"]
    assert decode(keys).countries == {}


@pytest.mark.parametrize(
    "value",
    [
        "{",
        "[]",
        "null",
        '{"regions": []}',
        '{"regions": {"eu-west-1": 1}}',
        '{"default": {"eu-west-1": "1"}}',
        '{"default": {"eu-west-1": true}}',
        '{"drained": {}}',
        '{"drained": [1]}',
        '{"continents": ["EU"]}',
        '{"countries": 7}',
    ],
)
def test_routes_that_the_function_cannot_read_are_reported(value: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        decode({"routes": value})
    assert str(refused.value) == f"the store's routes cannot be read: {value}"


@pytest.mark.parametrize("key", ["continent:EU", "country:IE"])
@pytest.mark.parametrize("value", ["{", "null", "7", '{"eu-west-1": 1.5}'])
def test_a_rule_that_the_function_cannot_read_is_reported(key: str, value: str) -> None:
    routes = json.dumps({"continents": "EU", "countries": "IE"})
    with pytest.raises(UnreadableError) as refused:
        decode({"routes": routes, key: value})
    assert str(refused.value) == f"the store's {key} cannot be read: {value}"


def test_each_part_of_the_routes_is_described_by_itself() -> None:
    assert described({"routes": encode(ROUTES)["routes"], "country:NZ": "{}"}) == {
        "regions": '{"eu-west-1":"eu.api.example.com","ap-southeast-2":"ap.api.example.com"}',
        "drained": '["eu-west-1"]',
        "default": '{"eu-west-1":3,"ap-southeast-2":1}',
        "country:NZ": "{}",
    }


def test_routes_that_cannot_be_read_are_described_as_they_are() -> None:
    assert described({"routes": "{"}) == {"routes": "{"}

"""The CloudFront Function: which Region it chooses, for whom."""

from __future__ import annotations

import ipaddress
import json
from collections import Counter
from collections.abc import Collection, Mapping
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.route.countries import CONTINENT_OF, CONTINENTS
from antipode_tools.operate.route.routes import Weights
from localaws.cloudfront.events import Request, Viewer, viewer_request
from localaws.cloudfront.function import CloudFrontFunction, Outcome
from tests.edge.conftest import TEMPLATE
from tests.edge.stack import DOMAINS, HOST, edge, function_code, store
from tests.template.reading import Node

VIEWER = "198.51.100.7"
UNKNOWN = ("ZZ", "", "ie", "A1")
REGIONS = list(DOMAINS)
REGION_OF = {domain: region for region, domain in DOMAINS.items()}
HOME = "eu-west-1"

ALL_DRAINED = "antipode: all Regions are drained: {} serves all the same"
NO_ROUTES = "antipode: there are no routes: eu.api.example.com serves"


@pytest.fixture(scope="module")
def code(template: Node) -> str:
    return function_code(edge(template))


@pytest.fixture(scope="module")
def function(code: str) -> CloudFrontFunction:
    return CloudFrontFunction(code)


def run(
    function: CloudFrontFunction,
    keys: Mapping[str, str],
    *,
    country: str = "IE",
    address: str = VIEWER,
    request: Request | None = None,
) -> Outcome:
    event = viewer_request(request or Request(HOST), Viewer(address, country))
    return function.run(event, keys)


def chosen(
    function: CloudFrontFunction,
    keys: Mapping[str, str],
    *,
    country: str = "IE",
    address: str = VIEWER,
) -> str:
    """The Region that a viewer is taken to."""
    domain: str = run(function, keys, country=country, address=address).origin["domainName"]
    return REGION_OF[domain]


# -- The request ----------------------------------------------------------------------------------


def test_the_origin_is_the_regions_domain_by_name_host_and_certificate(
    function: CloudFrontFunction,
) -> None:
    told = run(function, store(default={"ap-southeast-2": 1}))
    assert told.origin == {
        "domainName": "ap.api.example.com",
        "hostHeader": "ap.api.example.com",
        "sni": "ap.api.example.com",
    }
    assert told.logs == ()


@pytest.mark.parametrize("path", ["/graphql", "/graphql/realtime", "/ping"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_the_request_itself_goes_on_as_it_came_but_for_the_viewers_address(
    function: CloudFrontFunction, path: str, method: str
) -> None:
    # The runtime refuses a request whose Host was written to.
    request = Request(
        HOST,
        path,
        method,
        query="header=eyJob3N0IjoiYSJ9&payload=e30=",
        headers={"authorization": "a token", "sec-websocket-protocol": "graphql-ws"},
    )
    told = run(function, store(default={HOME: 1}), request=request)
    sent = viewer_request(request, Viewer(VIEWER, "IE"))["request"]
    assert told.value == sent | {
        "headers": sent["headers"] | {"x-antipode-address": {"value": VIEWER}}
    }


def test_a_viewer_cannot_tell_its_own_address(function: CloudFrontFunction) -> None:
    request = Request(HOST, headers={"x-antipode-address": "192.0.2.1"})
    told = run(function, store(default={HOME: 1}), request=request)
    assert told.value["headers"]["x-antipode-address"] == {"value": VIEWER}


def refused(told: Outcome) -> tuple[int, str]:
    assert told.origin is None
    response = told.value
    assert response["headers"] == {
        "content-type": {"value": "application/json"},
        "cache-control": {"value": "no-store"},
    }
    assert response["body"]["encoding"] == "text"
    [error] = json.loads(response["body"]["data"])["errors"]
    assert error["errorType"] == "EdgeRefusal"
    return response["statusCode"], error["message"]


@pytest.mark.parametrize(
    "path", ["/", "/graphql/", "/graphql/realtime/", "/GraphQL", "/admin", "//graphql", "/event"]
)
def test_a_path_that_is_not_ours_is_not_found(function: CloudFrontFunction, path: str) -> None:
    told = run(function, store(default={HOME: 1}), request=Request(HOST, path))
    assert refused(told) == (
        404,
        "there is nothing here but /graphql, /graphql/realtime, /ping",
    )


@pytest.mark.parametrize("host", ["d111111abcdef8.cloudfront.net", "eu.api.example.com", ""])
def test_a_host_that_is_not_ours_is_refused(function: CloudFrontFunction, host: str) -> None:
    told = run(function, store(default={HOME: 1}), request=Request(host))
    assert refused(told) == (403, "this name is not served here: use api.example.com")


def test_a_host_is_ours_in_any_case(function: CloudFrontFunction) -> None:
    told = run(function, store(default={HOME: 1}), request=Request("API.Example.COM"))
    assert told.origin["domainName"] == "eu.api.example.com"


def test_a_request_without_a_host_is_refused(function: CloudFrontFunction) -> None:
    event = viewer_request(Request(HOST), Viewer(VIEWER))
    del event["request"]["headers"]["host"]
    assert refused(function.run(event, {}))[0] == 403


def test_the_event_for_cloudfronts_own_test_is_one_that_is_served(
    function: CloudFrontFunction,
) -> None:
    event = json.loads((TEMPLATE.parent / "event.json").read_text())
    request = Request(HOST, headers={"content-type": "application/json"})
    assert event == viewer_request(request, Viewer(VIEWER, "IE"))
    assert function.run(event, {}).origin["domainName"] == "eu.api.example.com"


# -- The rules ------------------------------------------------------------------------------------


def test_the_table_of_continents_is_the_one_that_routes_are_checked_against(code: str) -> None:
    for continent, countries in CONTINENTS.items():
        assert f"  {continent}: '{countries}',\n" in code


def test_a_country_comes_before_its_continent_and_that_before_the_default(
    function: CloudFrontFunction,
) -> None:
    keys = store(
        countries={"NZ": {"us-east-1": 1}},
        continents={"OC": {"ap-southeast-2": 1}},
        default={HOME: 1},
    )
    told = {country: chosen(function, keys, country=country) for country in ("NZ", "AU", "IE")}
    assert told == {"NZ": "us-east-1", "AU": "ap-southeast-2", "IE": HOME}


@pytest.mark.parametrize("country", UNKNOWN)
def test_an_unknown_country_gets_the_default(function: CloudFrontFunction, country: str) -> None:
    keys = store(
        continents={continent: {HOME: 1} for continent in CONTINENTS},
        countries={"ZZ": {HOME: 1}},
        default={"sa-east-1": 1},
    )
    assert chosen(function, keys, country=country) == "sa-east-1"


def test_where_a_rule_is_drained_the_next_one_serves(function: CloudFrontFunction) -> None:
    keys = store(
        countries={"NZ": {"ap-southeast-2": 1}},
        continents={"OC": {"us-east-1": 1}},
        default={HOME: 1},
        drained=["ap-southeast-2"],
    )
    assert chosen(function, keys, country="NZ") == "us-east-1"


def test_where_every_rule_is_drained_any_other_region_serves(function: CloudFrontFunction) -> None:
    keys = store(default={HOME: 1}, drained=set(REGIONS) - {"ca-central-1"})
    assert chosen(function, keys) == "ca-central-1"


def test_where_all_is_drained_the_first_rule_serves_all_the_same_and_says_so(
    function: CloudFrontFunction,
) -> None:
    keys = store(continents={"EU": {HOME: 1}}, default={"us-east-1": 1}, drained=REGIONS)
    told = run(function, keys)
    assert told.origin["domainName"] == "eu.api.example.com"
    assert told.logs == (ALL_DRAINED.format(HOME),)


def test_the_last_region_that_is_drained_serves_all_the_same(function: CloudFrontFunction) -> None:
    keys = store({HOME: DOMAINS[HOME]}, default={HOME: 1}, drained=[HOME])
    told = run(function, keys)
    assert told.origin["domainName"] == "eu.api.example.com"
    assert told.logs == (ALL_DRAINED.format(HOME),)


def test_an_empty_store_is_served_by_the_first_region_and_logged(
    function: CloudFrontFunction,
) -> None:
    told = run(function, {})
    assert told.origin["domainName"] == "eu.api.example.com"
    assert told.logs == (NO_ROUTES,)


@pytest.mark.parametrize("value", ["{", "[]", '"eu-west-1"', "null", "7"])
def test_what_cannot_be_read_counts_as_absent(function: CloudFrontFunction, value: str) -> None:
    told = run(function, {"routes": value})
    assert (told.origin["domainName"], told.logs) == ("eu.api.example.com", (NO_ROUTES,))
    keys = store(default={"us-east-1": 1}, countries={"IE": {HOME: 1}})
    assert chosen(function, keys | {"country:IE": value}) == "us-east-1"


@pytest.mark.parametrize("part", ["regions", "drained", "default", "continents", "countries"])
@pytest.mark.parametrize("value", [[], {}, "eu-west-1", None, 7])
def test_a_part_of_the_routes_that_cannot_be_read_counts_as_absent(
    function: CloudFrontFunction, part: str, value: object
) -> None:
    keys = store({HOME: DOMAINS[HOME]}, default={HOME: 1}, continents={"EU": {HOME: 1}})
    routes = json.loads(keys["routes"]) | {part: value}
    told = run(function, keys | {"routes": json.dumps(routes)})
    logs = (NO_ROUTES,) if part == "regions" else ()
    assert (told.origin["domainName"], told.logs) == ("eu.api.example.com", logs)


def test_a_rule_that_is_listed_and_not_there_yet_is_skipped(function: CloudFrontFunction) -> None:
    keys = store(countries={"NZ": {HOME: 1}}, default={"us-east-1": 1})
    del keys["country:NZ"]
    assert chosen(function, keys, country="NZ") == "us-east-1"


# -- The reads of the store -----------------------------------------------------------------------


def reads(
    function: CloudFrontFunction, country: str, drained: Collection[str] = ()
) -> tuple[str, ...]:
    keys = store(
        countries={"NZ": {"us-east-1": 1}},
        continents={"OC": {"ap-southeast-2": 1}},
        default={HOME: 1},
        drained=drained,
    )
    return run(function, keys, country=country).reads


def test_a_viewer_without_a_rule_takes_one_read(function: CloudFrontFunction) -> None:
    assert reads(function, "IE") == reads(function, "") == ("routes",)


def test_a_viewer_with_a_rule_takes_two_reads(function: CloudFrontFunction) -> None:
    assert reads(function, "NZ") == ("routes", "country:NZ")
    assert reads(function, "AU") == ("routes", "continent:OC")


def test_only_a_country_whose_rule_is_drained_takes_a_third_read(
    function: CloudFrontFunction,
) -> None:
    three = ("routes", "country:NZ", "continent:OC")
    assert reads(function, "NZ", drained=["us-east-1"]) == three
    assert reads(function, "NZ", drained=REGIONS) == three


@pytest.mark.parametrize("domain", ["127.0.0.1", "eu.api.example.com:8080", "https://a.b", "a", ""])
def test_what_is_no_domain_name_is_never_an_origin(
    function: CloudFrontFunction, domain: str
) -> None:
    keys = store({HOME: domain, "us-east-1": "us.api.example.com"}, default={HOME: 1})
    assert chosen(function, keys) == "us-east-1"


def test_a_region_that_has_no_domain_is_passed_over(function: CloudFrontFunction) -> None:
    keys = store({HOME: DOMAINS[HOME]}, default={"us-east-1": 5, HOME: 1})
    assert chosen(function, keys) == HOME


def test_a_region_without_weight_serves_only_where_nothing_else_can(
    function: CloudFrontFunction,
) -> None:
    weights = {HOME: 0, "us-east-1": 1}
    assert chosen(function, store(default=weights)) == "us-east-1"
    others = [region for region in REGIONS if region != HOME]
    assert chosen(function, store(default=weights, drained=others)) == HOME


# -- Every country, every combination -------------------------------------------------------------

THREE = {region: DOMAINS[region] for region in REGIONS[:3]}
DRAINED = [subset for n in range(4) for subset in combinations(THREE, n)]
RULES = {
    "countries": {"NZ": {"us-east-1": 1}, "GB": {HOME: 3, "us-east-1": 1}},
    "continents": {
        "EU": {HOME: 1},
        "OC": {"ap-southeast-2": 1},
        "AS": {"ap-southeast-2": 3, HOME: 1},
        "NA": {"us-east-1": 1},
        "SA": {"us-east-1": 2, HOME: 1},
    },
    "default": {HOME: 1, "us-east-1": 1},
}


def candidates(rules: Node, country: str, drained: Collection[str]) -> tuple[set[str], bool]:
    """The Regions that may serve, and whether all are drained: the rules, said in another way."""
    continent = CONTINENT_OF.get(country)
    steps: list[Weights] = [
        rules["countries"].get(country, {}) if continent else {},
        rules["continents"].get(continent, {}),
        rules["default"],
        dict.fromkeys(THREE, 1),
    ]
    weighted = [{name for name, weight in step.items() if weight} for step in steps]
    for names in weighted:
        if names - set(drained):
            return names - set(drained), False
    return next(names for names in weighted if names), True


@pytest.mark.parametrize("drained", DRAINED, ids="+".join)
def test_every_country_is_served_whatever_is_drained(
    function: CloudFrontFunction, drained: tuple[str, ...]
) -> None:
    keys = store(THREE, drained=drained, **RULES)  # type: ignore[arg-type] # RULES has all others
    for country in [*CONTINENT_OF, *UNKNOWN]:
        told = run(function, keys, country=country)
        region = REGION_OF[told.origin["domainName"]]
        names, none_is_open = candidates(RULES, country, drained)
        assert region in names, country
        assert told.logs == ((ALL_DRAINED.format(region),) if none_is_open else ()), country


weights = st.dictionaries(st.sampled_from([*THREE]), st.integers(0, 9), max_size=3)
addresses = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str)


@given(
    country=st.sampled_from([*CONTINENT_OF, *UNKNOWN]),
    countries=st.dictionaries(st.sampled_from(["IE", "NZ", "BR"]), weights),
    continents=st.dictionaries(st.sampled_from([*CONTINENTS]), weights),
    default=weights,
    drained=st.sets(st.sampled_from([*THREE])),
    address=addresses,
)
def test_any_routes_take_any_viewer_to_a_region_that_they_allow(
    function: CloudFrontFunction,
    country: str,
    countries: dict[str, Weights],
    continents: dict[str, Weights],
    default: Weights,
    drained: set[str],
    address: str,
) -> None:
    rules = {"countries": countries, "continents": continents, "default": default}
    keys = store(
        THREE, countries=countries, continents=continents, default=default, drained=drained
    )
    names, _ = candidates(rules, country, drained)
    assert chosen(function, keys, country=country, address=address) in names


# -- Weights --------------------------------------------------------------------------------------

EVEN = {HOME: 1, "ap-southeast-2": 1, "us-east-1": 1}
NEIGHBOURS = [str(ipaddress.ip_address("203.0.113.0") + n) for n in range(3_000)]


def test_weights_share_the_viewers_out(function: CloudFrontFunction) -> None:
    keys = store(default={HOME: 3, "ap-southeast-2": 1})
    shares = Counter(chosen(function, keys, address=address) for address in NEIGHBOURS)
    assert shares[HOME] + shares["ap-southeast-2"] == len(NEIGHBOURS)
    assert 0.72 < shares[HOME] / len(NEIGHBOURS) < 0.78


def test_a_viewer_meets_one_region_on_every_path_and_from_everywhere(
    function: CloudFrontFunction,
) -> None:
    keys = store(default=EVEN)
    for address in NEIGHBOURS[:50]:
        origins = {
            run(function, keys, address=address, country=country, request=request).origin["sni"]
            for country in ("IE", "AU", "")
            for request in (Request(HOST), Request(HOST, "/graphql/realtime", "GET"))
        }
        assert len(origins) == 1


def test_draining_a_region_moves_its_own_viewers_alone(function: CloudFrontFunction) -> None:
    before, after = store(default=EVEN), store(default=EVEN, drained=[HOME])
    for address in NEIGHBOURS[:500]:
        region = chosen(function, before, address=address)
        moved = chosen(function, after, address=address)
        assert moved != HOME if region == HOME else moved == region


def test_its_viewers_are_shared_out_among_the_others(function: CloudFrontFunction) -> None:
    keys = store(default=EVEN, drained=[HOME])
    shares = Counter(chosen(function, keys, address=address) for address in NEIGHBOURS[:1_000])
    assert min(shares["ap-southeast-2"], shares["us-east-1"]) > 400


@given(network=st.integers(0, 2**64 - 1), hosts=st.lists(st.integers(0, 2**64 - 1), min_size=2))
def test_a_client_that_changes_its_ipv6_address_within_its_network_stays(
    function: CloudFrontFunction, network: int, hosts: list[int]
) -> None:
    keys = store(default=dict.fromkeys(REGIONS, 1))
    addresses = [str(ipaddress.IPv6Address((network << 64) + host)) for host in hosts]
    assert len({chosen(function, keys, address=address) for address in addresses}) == 1


def test_networks_of_ipv6_are_shared_out_as_well(function: CloudFrontFunction) -> None:
    keys = store(default={HOME: 1, "us-east-1": 1})
    shares = Counter(
        chosen(function, keys, address=f"2001:db8:{number:x}::1") for number in range(1_000)
    )
    assert min(shares.values()) > 400

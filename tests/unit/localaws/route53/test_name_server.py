from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.route53.name_server import Client, NoRecord, choose
from localaws.route53.records import Policy, Record

NAME = "api.example.com"
ANY = "any.api.example.com"
IRELAND, SYDNEY, VIRGINIA = "eu-west-1", "ap-southeast-2", "us-east-1"
REGIONS = (IRELAND, SYDNEY, VIRGINIA)
EVERY = frozenset(REGIONS)


def record(region: str, policy: Policy, value: str, name: str = NAME) -> Record:
    return Record(name, region, policy, value)


LATENCY = [record(region, Policy.LATENCY, region) for region in REGIONS]
FAILOVER = [
    record(IRELAND, Policy.FAILOVER, "PRIMARY"),
    record(SYDNEY, Policy.FAILOVER, "SECONDARY"),
]
WEIGHTED = [
    record(IRELAND, Policy.WEIGHTED, "75"),
    record(SYDNEY, Policy.WEIGHTED, "25"),
    record(VIRGINIA, Policy.WEIGHTED, "0"),
]
# As template.yaml makes them: the default leads to the nearest healthy Region.
GEOLOCATION = [
    Record(NAME, IRELAND, Policy.GEOLOCATION, "*", alias=ANY),
    *(record(region, Policy.LATENCY, region, ANY) for region in REGIONS),
    record(IRELAND, Policy.GEOLOCATION, "EU"),
    record(SYDNEY, Policy.GEOLOCATION, "OC"),
    record(SYDNEY, Policy.GEOLOCATION, "JP"),
]
POLICIES = {
    "latency": LATENCY,
    "failover": FAILOVER,
    "weighted": WEIGHTED,
    "geolocation": GEOLOCATION,
}


def region(records: list[Record], client: Client, healthy: frozenset[str] = EVERY) -> str:
    return choose(records, NAME, client, healthy).region


@pytest.mark.parametrize(
    ("healthy", "chosen"),
    [
        (EVERY, SYDNEY),
        ({IRELAND, VIRGINIA}, VIRGINIA),
        ({IRELAND}, IRELAND),
        (set(), SYDNEY),
    ],
)
def test_latency_sends_a_client_to_the_nearest_region_that_is_healthy(
    healthy: frozenset[str], chosen: str
) -> None:
    client = Client(near=[SYDNEY, VIRGINIA, IRELAND])
    assert choose(LATENCY, NAME, client, healthy).region == chosen


@pytest.mark.parametrize(
    ("healthy", "chosen"),
    [(EVERY, IRELAND), ({SYDNEY}, SYDNEY), ({IRELAND}, IRELAND), (set(), IRELAND)],
)
def test_failover_sends_everybody_to_the_primary_while_it_is_healthy(
    healthy: frozenset[str], chosen: str
) -> None:
    assert choose(FAILOVER, NAME, Client(near=[SYDNEY]), healthy).region == chosen


def test_weighted_shares_clients_out_by_the_weights() -> None:
    draws = Counter(region(WEIGHTED, Client(draw=step / 100)) for step in range(100))
    assert draws == {IRELAND: 75, SYDNEY: 25}


def test_weighted_leaves_out_what_is_not_healthy() -> None:
    draws = {
        region(WEIGHTED, Client(draw=step / 100), frozenset({SYDNEY, VIRGINIA}))
        for step in range(100)
    }
    assert draws == {SYDNEY}


def test_weights_of_nothing_but_zero_are_equal() -> None:
    zero = [record(code, Policy.WEIGHTED, "0") for code in REGIONS]
    draws = Counter(region(zero, Client(draw=step / 99)) for step in range(99))
    assert draws == dict.fromkeys(REGIONS, 33)


@pytest.mark.parametrize(
    ("continent", "country", "healthy", "chosen"),
    [
        ("EU", "IE", EVERY, IRELAND),
        ("OC", "AU", EVERY, SYDNEY),
        # A country comes before its continent.
        ("AS", "JP", EVERY, SYDNEY),
        # The default leads to the nearest.
        ("AS", "IN", EVERY, VIRGINIA),
        ("", "", EVERY, VIRGINIA),
        # What is not healthy leaves its clients to the next larger place, at last to the default.
        ("EU", "IE", {SYDNEY, VIRGINIA}, VIRGINIA),
        ("EU", "IE", {SYDNEY}, SYDNEY),
        ("AS", "JP", {IRELAND}, IRELAND),
        ("", "", {IRELAND}, IRELAND),
        ("OC", "AU", set(), SYDNEY),
    ],
)
def test_geolocation_goes_from_the_smallest_place_to_the_default(
    continent: str, country: str, healthy: frozenset[str], chosen: str
) -> None:
    client = Client(near=[VIRGINIA, IRELAND, SYDNEY], continent=continent, country=country)
    assert choose(GEOLOCATION, NAME, client, healthy).region == chosen


def test_geolocation_without_a_default_leaves_some_without_an_answer() -> None:
    with pytest.raises(NoRecord, match="there is no default"):
        choose(GEOLOCATION[4:], NAME, Client(continent="AF"), EVERY)


def test_a_name_without_a_record_does_not_resolve() -> None:
    with pytest.raises(NoRecord, match=r"there is no record api\.example\.org"):
        choose(LATENCY, "api.example.org", Client(), EVERY)


@given(
    policy=st.sampled_from(sorted(POLICIES)),
    healthy=st.frozensets(st.sampled_from(REGIONS)),
    client=st.builds(
        Client,
        near=st.permutations(REGIONS),
        continent=st.sampled_from(["", "AF", "AN", "AS", "EU", "NA", "OC", "SA"]),
        country=st.sampled_from(["", "IE", "JP", "AU", "BR", "XK"]),
        draw=st.floats(0, 1, exclude_max=True),
    ),
)
def test_every_client_gets_an_answer_and_of_a_healthy_region_if_its_policy_has_one(
    policy: str, healthy: frozenset[str], client: Client
) -> None:
    records = POLICIES[policy]
    chosen = choose(records, NAME, client, healthy).region
    # A third Region takes no part in failover, and a weight of zero takes none while others do.
    reachable = {each.region for each in records if each.alias is None} & healthy
    assert chosen in reachable or not reachable

"""What a month costs: the README's example, and what each option adds."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from antipode.relay.report import count
from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.cost.bill import (
    JOURNAL_DAYS,
    PARAMETERS,
    RELAY_METRICS,
    Options,
    bill,
    chosen,
    effects,
    total,
)
from antipode_tools.operate.cost.prices import load
from antipode_tools.operate.cost.traffic import Foreseen, updates_of

README_PATH = Path(__file__).parents[5] / "README.md"
README = README_PATH.read_text()
JOURNAL = README_PATH.with_name("graphql") / "resolvers/journal.js"
PRICES = load()
REGIONS = ("ireland", "sydney")
# The README's example.
EXAMPLE = Foreseen(writes=1_000_000, queries=0, subscribers=10, kilobytes=2)


def parts(options: Options | None = None, foreseen: Foreseen = EXAMPLE) -> dict[str, float]:
    """Dollars by what they are for, of all Regions."""
    found: dict[str, float] = {}
    for line in bill(foreseen.in_each(REGIONS), 1, options or Options(), PRICES):
        found[line.what] = found.get(line.what, 0.0) + line.usd
    return found


def test_the_readmes_example_is_what_the_prices_come_to() -> None:
    told = re.search(
        r"\$([\d.]+) for the writes, \$([\d.]+) for the announcements,"
        r"\s+\$([\d.]+) for the updates delivered, \$([\d.]+) for the connections",
        README,
    )
    assert told
    bought = parts()
    assert [float(each) for each in told.groups()] == [
        round(bought[name], 2)
        for name in ("operations of clients", "announcements", "updates delivered", "connections")
    ]


def test_the_readme_says_what_lambda_and_the_logs_come_to() -> None:
    told = re.search(
        r"Lambda's part is \$([\d.]+) at most, and that of the logs \$([\d.]+)", README
    )
    assert told
    bought = parts()
    assert [float(each) for each in told.groups()] == [
        round(bought["invocations"] + bought["time"], 2),
        round(bought["logs of the relay"] + bought["logs of the API"], 2),
    ]


def test_the_readmes_prices_are_those_of_the_file() -> None:
    told = re.search(
        r"\(\$([\d.]+) per million operations, \$([\d.]+) per million\s+updates"
        r".+?\$([\d.]+) per million connection minutes\)",
        README,
        re.DOTALL,
    )
    assert told
    names = ("appsync_operations", "appsync_updates", "appsync_connection_minutes")
    assert [float(each) for each in told.groups()] == [
        pytest.approx(PRICES.usd[name] * 1_000_000) for name in names
    ]


def test_the_metrics_are_those_that_the_relay_writes() -> None:
    assert len(count([])) + 1 == RELAY_METRICS
    words = {9: "nine", 10: "ten", 11: "eleven"}
    assert f"with two Regions, {words[RELAY_METRICS + 2]} in each of them" in README


def test_a_bigger_message_is_billed_by_five_kilobytes_begun() -> None:
    assert [updates_of(size) for size in (0, 5, 5.1, 10, 240)] == [1, 1, 2, 2, 48]


def test_each_option_adds_what_it_is_said_to_add() -> None:
    traffic = EXAMPLE.in_each(REGIONS)
    added = effects(traffic, 1, Options(), PRICES)
    assert {name: round(usd, 2) for name, usd in added.items()} == {
        "AlarmTopicArn": 3.20,
        "CanaryModel": 5.54,
        "Dashboard=true": 6.00,
        "LogChanges=true": 0.65,
        "MappingMetrics=true": 3.60,
        "@model(sync: true) of every model": 4.15,
        "KmsKeyId": 2.00,
        "WebAcl=true": 23.80,
        "edge/template.yaml": 1.10,
        "half of the fields subscribed to": -1.80,
    }


def test_the_page_says_what_alarms_and_a_canary_cost_in_each_of_two_regions() -> None:
    page = README_PATH.with_name("docs").joinpath("operations.md").read_text()
    added = effects(EXAMPLE.in_each(REGIONS), 1, Options(), PRICES)
    assert f"${added['AlarmTopicArn'] / 2:.2f} in each of\ntwo Regions" in page
    assert round(added["CanaryModel"] / 2) == 3
    assert "about three dollars a month in each of two Regions" in page


def test_what_is_on_would_save_what_it_costs() -> None:
    traffic = EXAMPLE.in_each(REGIONS)
    every = Options(**dict.fromkeys(PARAMETERS, True))
    saved = effects(traffic, 1, every, PRICES)
    added = effects(traffic, 1, Options(), PRICES)
    for name in PARAMETERS.values():
        assert saved[f"without {name}"] == pytest.approx(-added[name])


def test_a_journal_takes_what_is_kept_beside_the_item_and_eight_days() -> None:
    kept = parts(Options(sync=True))
    # Three units each of a million changes in two Regions, where an item of 2 kB alone takes two.
    assert kept["journal's writes"] == pytest.approx(2 * 3 * 0.625)
    assert kept["journal's storage, at most"] == pytest.approx(2 * 3 * 0.25 * 8 / 30)
    told = re.search(r"for eight days: \$([\d.]+) more in the example", README)
    assert told
    assert float(told[1]) == pytest.approx(
        sum(parts(Options(sync=True)).values()) - sum(parts().values()), abs=0.005
    )
    days = re.search(r"SECONDS_KEPT = (\d+) \* 86400", JOURNAL.read_text())
    assert days
    assert int(days[1]) == JOURNAL_DAYS


def test_what_appsync_logs_is_foreseen_by_the_request_and_billed_as_it_was_measured() -> None:
    # A million writes, and a million announcements in each of two Regions, of a kilobyte each.
    assert parts()["logs of the API"] == pytest.approx(3 * 0.5)
    [traffic] = EXAMPLE.in_each(["ireland"]).values()
    lines = bill({"ireland": replace(traffic, api_log_gigabytes=10)}, 1, Options(), PRICES)
    assert [line.usd for line in lines if line.what == "logs of the API"] == [pytest.approx(5)]


def test_half_of_a_message_over_five_kilobytes_is_fewer_updates() -> None:
    large = Foreseen(writes=1_000_000, queries=0, subscribers=10, kilobytes=8)
    added = effects(large.in_each(REGIONS), 1, Options(), PRICES)
    # Two updates become one, and half of the data goes out.
    assert added["half of the fields subscribed to"] == pytest.approx(-40 - 7.2)


@given(
    writes=st.floats(0, 1e9),
    subscribers=st.floats(0, 1e5),
    kilobytes=st.floats(0.1, 240),
    count=st.integers(1, 5),
)
def test_more_traffic_never_costs_less(
    writes: float, subscribers: float, kilobytes: float, count: int
) -> None:
    regions = [f"region{number}" for number in range(count)]
    less = Foreseen(writes, 0, subscribers, kilobytes).in_each(regions)
    more = Foreseen(writes + 1, 1, subscribers + 1, kilobytes).in_each(regions)
    assert total(bill(more, 1, Options(), PRICES)) >= total(bill(less, 1, Options(), PRICES)) >= 0


def test_an_option_that_does_not_exist_is_refused_with_those_that_do() -> None:
    assert chosen(["web-acl"]) == Options(web_acl=True)
    with pytest.raises(ValueError, match="there is no option frills; there are alarms, canary,"):
        chosen(["frills"])

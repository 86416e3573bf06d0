"""What a backfill would take, and in which words."""

from __future__ import annotations

from datetime import date

import pytest

from antipode_tools.operate.backfill.plan import Plan, plan
from antipode_tools.operate.backfill.ports import Item
from antipode_tools.operate.backfill.report import Ends, duration, plan_json, plan_text
from antipode_tools.operate.cost.prices import Prices, load

PRICES = Prices(date(2026, 11, 26), "us-east-1", load().usd)
ENDS = Ends("todos-old", "us-east-1", "antipode-Todo", "eu-west-1")
MILLION = Plan(1_000_000, 1024, 1, 500, ["eu-west-1", "ap-southeast-2"], [])


def test_it_is_said_beforehand_what_a_million_items_cost() -> None:
    assert plan_text(ENDS, MILLION, PRICES).splitlines() == [
        "todos-old (us-east-1) to antipode-Todo (eu-west-1)",
        "about 1,000,000 items of 1,024 bytes, as DynamoDB counted within the last six hours",
        "1,000,000 write units in each of eu-west-1, ap-southeast-2: $1.25; to read both tables:"
        " $0.28 (list prices of us-east-1)",
        "at 500 write units a second: about 33 minutes",
    ]


def test_it_is_said_who_would_hear_of_it_and_what_that_costs() -> None:
    heard = Plan(1_000_000, 1024, 1, 500, ["eu-west-1", "ap-southeast-2"], ["ap-southeast-2"])
    assert plan_text(ENDS, heard, PRICES).splitlines()[-1] == (
        "each item is announced in ap-southeast-2: $4.60 more, and what subscribers get."
        " docs/adopting.md says how not to"
    )
    assert plan_json(ENDS, heard, PRICES) == {
        "source": {"table": "todos-old", "region": "us-east-1"},
        "target": {"table": "antipode-Todo", "region": "eu-west-1"},
        "dry_run": True,
        "items": 1_000_000,
        "bytes_each": 1024,
        "regions": ["eu-west-1", "ap-southeast-2"],
        "write_units_in_each_region": 1_000_000,
        "usd_written": 1.25,
        "usd_read": 0.2812,
        "seconds": 2000,
        "announced_in": ["ap-southeast-2"],
        "usd_announced": 4.6,
    }


def test_it_goes_by_some_of_the_items() -> None:
    some: list[Item] = [{"id": {"S": "a" * 98}}, {"id": {"S": "a" * 1998}}]
    assert plan(10, some, 5, ["eu-west-1"], []) == Plan(10, 1050, 1.5, 5, ["eu-west-1"], [])
    # DynamoDB has not counted yet.
    assert plan(0, some, 5, ["eu-west-1"], []).items == 2
    assert plan(0, [], 5, ["eu-west-1"], []) == Plan(0, 0, 0, 5, ["eu-west-1"], [])


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 second"),
        (119, "119 seconds"),
        (150, "2 minutes"),
        (7300, "2 hours"),
        (2e6, "23 days"),
    ],
)
def test_a_duration_is_said_roughly(seconds: float, words: str) -> None:
    assert duration(seconds) == words

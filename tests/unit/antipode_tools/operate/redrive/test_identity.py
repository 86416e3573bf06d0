"""Which change a record is, for sound and for broken records."""

from __future__ import annotations

from typing import Any

import pytest

from antipode_tools.operate.redrive.identity import Identity, identify
from tests.unit.antipode_tools.operate.redrive.fakes import STREAM, record


def test_a_sound_record_is_known_by_its_event_id_its_item_and_its_number() -> None:
    assert identify(record("a", 1200)) == Identity(
        id="a1200",
        table="antipode-ItemsModel",
        item='antipode-ItemsModel {"id":{"S":"a"}}',
        sequence="1200",
        order=(False, STREAM, 4, "1200"),
        recorded_at=1_767_226_800.0,
    )


def test_the_order_of_the_attributes_of_a_key_does_not_matter() -> None:
    one, other = record("a", 1), record("a", 1)
    one["dynamodb"]["Keys"] = {"pk": {"S": "x"}, "sk": {"N": "1"}}
    other["dynamodb"]["Keys"] = {"sk": {"N": "1"}, "pk": {"S": "x"}}

    assert identify(one) == identify(other)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [("9", "10"), ("0099", "100"), ("1" * 39, "1" * 40), ("9" * 5000, "1" + "0" * 5000)],
)
def test_sequence_numbers_are_compared_as_numbers(earlier: str, later: str) -> None:
    first, second = record("a", 1), record("a", 2)
    first["dynamodb"]["SequenceNumber"] = earlier
    second["dynamodb"]["SequenceNumber"] = later

    assert identify(first).order < identify(second).order


@pytest.mark.parametrize(
    "broken",
    [None, 7, "text", [], {}, {"dynamodb": []}, {"eventSourceARN": 1}, {"dynamodb": {"Keys": 1}}],
)
def test_a_record_that_says_nothing_is_an_item_by_itself_and_sorts_last(broken: Any) -> None:
    identity = identify(broken)

    assert identity.id.startswith("sha256:")
    assert identity.item == identity.id
    assert identity.order > identify(record("a", 10**40)).order
    assert identify(broken) == identity


def test_records_that_say_nothing_differ_by_what_they_hold() -> None:
    assert identify({"a": 1}) != identify({"a": 2})


@pytest.mark.parametrize("moment", ["now", -1, 10**400, 1e300, None])
def test_a_time_that_cannot_be_read_is_left_out(moment: Any) -> None:
    odd = record("a", 1)
    odd["dynamodb"]["ApproximateCreationDateTime"] = moment

    assert identify(odd).recorded_at is None

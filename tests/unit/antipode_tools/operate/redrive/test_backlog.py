"""Each record once, with every place that holds it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from antipode_tools.operate.redrive.backlog import Backlog
from antipode_tools.operate.redrive.identity import identify
from antipode_tools.operate.redrive.spool import Spool
from antipode_tools.operate.redrive.stored import Container, Location, Source
from tests.unit.antipode_tools.operate.redrive.fakes import record

M1, M2 = Location(Source.QUEUE, "m1"), Location(Source.QUEUE, "m2")
OBJECT = Location(Source.BUCKET, "o")


@pytest.fixture
def backlog() -> Backlog:
    return Backlog(Spool(io.BytesIO()))


def put(backlog: Backlog, place: Location, *records: Any) -> None:
    backlog.add(Container(place, records, "rejected"))


def ids(backlog: Backlog) -> list[str]:
    return [entry.identity.id for entry in backlog.ordered()]


def test_a_record_in_two_places_is_one_entry(backlog: Backlog) -> None:
    put(backlog, M1, record("a", 1))
    put(backlog, OBJECT, record("b", 2), record("a", 1))

    assert (len(backlog), ids(backlog)) == (2, ["a1", "b2"])


def test_records_of_one_event_id_with_different_numbers_are_two_entries(backlog: Backlog) -> None:
    forged = record("a", 2) | {"eventID": "a1"}
    put(backlog, M1, record("a", 1))
    put(backlog, M2, forged)

    assert ids(backlog) == ["a1", "a1"]


def test_the_contents_of_a_record_come_back(backlog: Backlog) -> None:
    put(backlog, OBJECT, record("b", 2), record("a", 1))

    assert [json.loads(backlog.text(entry)) for entry in backlog.ordered()] == [
        record("a", 1),
        record("b", 2),
    ]


def test_a_place_is_empty_when_all_of_its_records_are_settled(backlog: Backlog) -> None:
    put(backlog, M1, record("a", 1))
    put(backlog, OBJECT, record("a", 1), record("b", 2))
    first, second = backlog.ordered()

    assert backlog.settle([first]) == [M1]
    assert backlog.partly_settled() == [("o", {identify(record("a", 1))})]
    assert backlog.settle([second]) == [OBJECT]
    assert backlog.partly_settled() == []


def test_an_object_that_holds_a_record_twice_is_empty_after_it(backlog: Backlog) -> None:
    put(backlog, OBJECT, record("a", 1), record("a", 1))

    assert backlog.settle(backlog.ordered()) == [OBJECT]

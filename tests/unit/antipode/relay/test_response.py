"""What the relay answers."""

from __future__ import annotations

import pytest
from antipode.relay.change import read
from antipode.relay.errors import RedriveVersionError, UnplacedFailureError
from antipode.relay.response import is_redrive, response
from antipode.relay.task import Fate, Task

from tests.fakes.relay import Json, record

REDRIVE = {"redrive": True, "version": 1}


def task(sequence: str | None, fate: Fate, detail: str = "") -> Task:
    each = record(1)
    each["dynamodb"]["SequenceNumber"] = sequence
    return Task(each, read(each), fate, detail=detail)


def test_a_batch_that_is_done_has_no_failures() -> None:
    done = [Fate.PUBLISHED, Fate.UNDELIVERED, Fate.REDELIVERED]
    assert response({}, [task("1", fate) for fate in done]) == {"batchItemFailures": []}


def test_the_lowest_number_that_is_left_is_named_alone() -> None:
    tasks = [task("20", Fate.FAILED), task("9", Fate.HELD_BACK), task("100", Fate.FAILED)]
    assert response({}, tasks) == {"batchItemFailures": [{"itemIdentifier": "9"}]}


def test_numbers_of_40_digits_are_compared_as_numbers() -> None:
    low, high = "9" * 39, "1" + "0" * 39
    tasks = [task(high, Fate.FAILED), task(low, Fate.FAILED)]
    assert response({}, tasks) == {"batchItemFailures": [{"itemIdentifier": low}]}


def test_a_record_that_cannot_be_named_fails_the_whole_batch() -> None:
    with pytest.raises(UnplacedFailureError) as raised:
        response({}, [task("1", Fate.FAILED), task(None, Fate.FAILED)])
    assert str(raised.value) == (
        "a record without a sequence number failed, so the whole batch is to be sent again"
    )


def test_a_redrive_learns_what_became_of_each_record() -> None:
    tasks = [
        task("1", Fate.PUBLISHED),
        task("2", Fate.UNDELIVERED, "rejected: x"),
        task(None, Fate.FAILED, "status 503"),
        task("4", Fate.HELD_BACK),
    ]
    assert response(REDRIVE, tasks) == {
        "version": 1,
        "outcomes": [
            {"fate": "PUBLISHED", "detail": ""},
            {"fate": "UNDELIVERED", "detail": "rejected: x"},
            {"fate": "FAILED", "detail": "status 503"},
            {"fate": "HELD_BACK", "detail": ""},
        ],
    }


def test_to_a_redrive_what_was_announced_before_is_announced() -> None:
    assert response(REDRIVE, [task("1", Fate.REDELIVERED)]) == {
        "version": 1,
        "outcomes": [{"fate": "PUBLISHED", "detail": ""}],
    }


@pytest.mark.parametrize("event", [{}, {"redrive": False}, {"redrive": "yes"}])
def test_only_an_event_that_says_so_is_a_redrive(event: Json) -> None:
    assert not is_redrive(event)


@pytest.mark.parametrize(
    ("event", "found"), [({"redrive": True}, "None"), ({"redrive": True, "version": 2}, "2")]
)
def test_a_redrive_of_an_older_or_a_newer_version_is_refused(event: Json, found: str) -> None:
    with pytest.raises(RedriveVersionError) as raised:
        is_redrive(event)
    assert str(raised.value) == (f"the redrive is of version {found} and the relay reads version 1")

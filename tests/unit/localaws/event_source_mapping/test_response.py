"""What a function's response says, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from localaws.event_source_mapping.response import accepted

BATCH = ["100", "99999", "100000"]


def failures(*identifiers: Any) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in identifiers]}


@pytest.mark.parametrize(
    "response",
    [
        pytest.param(None, id="null"),
        pytest.param({}, id="an empty object"),
        pytest.param("", id="an empty string"),
        pytest.param([], id="an empty list"),
        pytest.param({"batchItemFailures": []}, id="an empty list of failures"),
        pytest.param({"batchItemFailures": None}, id="no list of failures"),
        pytest.param({"failedItems": ["100"]}, id="a wrong name at the top level"),
    ],
)
def test_a_response_that_reports_nothing_accepts_the_batch(response: Any) -> None:
    assert accepted(response, BATCH) == 3


@pytest.mark.parametrize(
    ("response", "count"),
    [
        (failures("99999"), 1),
        (failures("100000"), 2),
        (failures("100000", "99999"), 1),
        (failures("99999", "99999"), 1),
        (failures("100"), 0),
    ],
)
def test_the_lowest_number_reported_is_the_checkpoint(response: Any, count: int) -> None:
    assert accepted(response, BATCH) == count


@pytest.mark.parametrize(
    "response",
    [
        pytest.param(failures(""), id="an empty identifier"),
        pytest.param(failures(None), id="no identifier"),
        pytest.param(failures("7"), id="a number of another batch"),
        pytest.param(failures(100000), id="a number that is not text"),
        pytest.param({"batchItemFailures": [{"foo": "100000"}]}, id="a wrong name"),
        pytest.param({"batchItemFailures": ["100000"]}, id="an entry that is no object"),
        pytest.param({"batchItemFailures": "100000"}, id="failures that are no list"),
        pytest.param(failures("100000", ""), id="one good entry and one bad"),
        pytest.param("done", id="text"),
        pytest.param(True, id="a boolean"),
    ],
)
def test_a_malformed_response_fails_the_batch_whole(response: Any) -> None:
    assert accepted(response, BATCH) == 0

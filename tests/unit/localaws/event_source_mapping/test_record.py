"""Records of a stream, and the form in which functions get them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from localaws.event_source_mapping.record import StreamRecord, compact, event_form
from tests.unit.localaws.event_source_mapping.stream_events import STREAM_ARN, event


def test_a_record_knows_its_place_its_item_its_age_and_its_size() -> None:
    given = event(7, item="a", at=1_700_000_000)
    assert StreamRecord.from_event(given) == StreamRecord(
        sequence_number="7",
        item='{"id": {"S": "a"}}',
        arrived_at=1_700_000_000.0,
        size=len(compact(given)),
        event=given,
    )


def test_an_item_is_its_partition_and_its_sort_key_in_any_order() -> None:
    def item_of(**keys: Any) -> str:
        given = event(1)
        return StreamRecord.from_event(
            {**given, "dynamodb": given["dynamodb"] | {"Keys": keys}}
        ).item

    first = item_of(id={"S": "a"}, at={"N": "1"})
    assert item_of(at={"N": "1"}, id={"S": "a"}) == first
    assert item_of(id={"S": "a"}, at={"N": "2"}) != first


def test_the_size_is_counted_in_bytes() -> None:
    ascii_only = StreamRecord.from_event(event(1, text={"S": "u"}))
    accented = StreamRecord.from_event(event(1, text={"S": "\N{LATIN SMALL LETTER U WITH GRAVE}"}))
    assert accented.size - ascii_only.size == len(r"\u00f9") - len("u")


def test_what_boto3_made_of_a_record_is_undone() -> None:
    record = {
        "eventID": "1",
        "dynamodb": {
            "ApproximateCreationDateTime": datetime(2026, 1, 1, tzinfo=UTC),
            "NewImage": {"b": {"B": b"foobar"}, "bs": {"BS": [b"\x00", b"\xff"]}},
        },
    }
    assert event_form(record, STREAM_ARN) == {
        "eventID": "1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_767_225_600.0,
            "NewImage": {"b": {"B": "Zm9vYmFy"}, "bs": {"BS": ["AA==", "/w=="]}},
        },
        "eventSourceARN": STREAM_ARN,
    }


def test_an_expiry_names_the_service_that_deleted_the_item() -> None:
    identity = {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}
    assert event_form({"userIdentity": identity}, STREAM_ARN) == {
        "userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"},
        "eventSourceARN": STREAM_ARN,
    }


def test_what_is_not_of_a_stream_is_refused() -> None:
    strange: dict[str, Any] = {"eventID": {1, 2}}
    with pytest.raises(TypeError, match="a stream record holds a set, which JSON cannot"):
        event_form(strange, STREAM_ARN)

"""What lies undelivered, counted."""

from __future__ import annotations

import io

from antipode_tools.operate.redrive.backlog import Backlog
from antipode_tools.operate.redrive.spool import Spool
from antipode_tools.operate.redrive.stored import Location, Source, Unreadable
from antipode_tools.operate.redrive.survey import Group, Survey, look
from tests.fakes.clock import Clock
from tests.unit.antipode_tools.operate.redrive.fakes import (
    FakeBucket,
    FakeQueue,
    batch,
    message,
    record,
)


def survey(queue: FakeQueue, bucket: FakeBucket) -> Survey:
    return look(bucket, queue, Backlog(Spool(io.BytesIO())), watch=lambda _: None)


def test_two_empty_places_hold_nothing() -> None:
    found = survey(FakeQueue(), FakeBucket())

    assert found.nothing_there
    assert (found.groups, found.complete, found.hidden) == ([], True, 0)


def test_records_are_counted_by_place_table_and_reason() -> None:
    queue, bucket = FakeQueue(), FakeBucket()
    queue.send(message(record("a", 5), reason="rejected", detail="status 200: BadRequest"))
    queue.send(message(record("b", 3), reason="rejected", detail="status 200: NotNull"))
    queue.send(message({}, reason="malformed"))
    bucket.objects["o"] = batch(record("a", 5), record("a", 6))

    found = survey(queue, bucket)

    table = "antipode-ItemsModel"
    assert found.groups == [
        Group(Source.BUCKET, table, "RetryAttemptsExhausted", 2, 1_767_225_605.0),
        Group(Source.QUEUE, "", "malformed", 1),
        Group(Source.QUEUE, table, "rejected", 2, 1_767_225_603.0, "status 200: BadRequest"),
    ]
    assert found.places == {Source.QUEUE: 3, Source.BUCKET: 1}
    assert len(found.backlog) == 4
    assert not found.nothing_there


def test_what_cannot_be_read_is_named() -> None:
    queue, bucket = FakeQueue(), FakeBucket()
    queue.send("?")
    bucket.objects["o"] = b"{}"

    found = survey(queue, bucket)

    assert found.unreadable == [
        Unreadable(
            Location(Source.BUCKET, "o"), "the object has no payload, which holds the records"
        ),
        Unreadable(
            Location(Source.QUEUE, "m1"),
            "it is not JSON: Expecting value: line 1 column 1 (char 0)",
        ),
    ]
    assert not found.nothing_there


def test_messages_that_another_reader_has_are_counted() -> None:
    queue = FakeQueue(Clock())
    queue.send(message(record("a", 1)))
    survey(queue, FakeBucket())

    found = survey(queue, FakeBucket())

    assert (found.hidden, found.nothing_there) == (1, False)


def test_a_look_that_was_cut_short_is_not_complete() -> None:
    assert not survey(FakeQueue(more=True), FakeBucket()).complete
    assert not survey(FakeQueue(), FakeBucket(more=True)).complete


def test_the_bucket_is_read_before_the_queue_whose_messages_are_hidden_from_then_on() -> None:
    queue, bucket = FakeQueue(), FakeBucket()
    queue.send(message(record("a", 1)))
    bucket.objects["o"] = batch(record("b", 2))
    seen: list[tuple[int, int]] = []

    look(
        bucket,
        queue,
        Backlog(Spool(io.BytesIO())),
        watch=lambda s: seen.append((s.places[Source.BUCKET], s.places[Source.QUEUE])),
    )

    assert seen == [(1, 0), (1, 1)]

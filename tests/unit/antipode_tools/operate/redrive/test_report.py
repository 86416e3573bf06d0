"""What an operator and a program are told."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from antipode_tools.operate.redrive.backlog import Backlog
from antipode_tools.operate.redrive.redriving import Tally
from antipode_tools.operate.redrive.report import Report, as_json, as_text
from antipode_tools.operate.redrive.spool import Spool
from antipode_tools.operate.redrive.survey import Survey, look
from antipode_tools.operate.stacks.where import Where
from tests.unit.antipode_tools.operate.redrive.fakes import (
    FakeBucket,
    FakeQueue,
    batch,
    message,
    record,
)


def survey(queue: FakeQueue | None = None, bucket: FakeBucket | None = None) -> Survey:
    backlog = Backlog(Spool(io.BytesIO()))
    return look(bucket or FakeBucket(), queue or FakeQueue(), backlog, watch=lambda _: None)


def found() -> Survey:
    queue, bucket = FakeQueue(), FakeBucket()
    queue.send(message(record("a", 1), detail="status 200: BadRequest"))
    queue.send(message({"eventID": "?"}, reason="malformed", detail="it has no dynamodb"))
    bucket.objects["o"] = batch(record("a", 1), record("a", 2))
    return survey(queue, bucket)


def report(survey: Survey, tally: Tally | None = None) -> Report:
    return Report(
        region="eu-west-1",
        name="ireland",
        stack="antipode",
        where=Where.AWS,
        survey=survey,
        tally=tally,
        seconds=1.25,
    )


def test_nothing_undelivered_is_said_in_a_line() -> None:
    empty = report(survey())

    assert as_text(empty) == ("ireland (eu-west-1), stack antipode, on AWS\nnothing is undelivered")
    assert empty.everything_delivered


def test_a_look_shows_what_lies_where_and_why() -> None:
    looked = report(found())

    assert as_text(looked) == (
        "ireland (eu-west-1), stack antipode, on AWS\n"
        "undelivered: 3 records in 2 messages and 1 object\n"
        "  bucket       2  antipode-ItemsModel  RetryAttemptsExhausted,"
        " oldest of 2026-01-01T00:00:01.000Z\n"
        "  queue        1  no table  malformed: it has no dynamodb\n"
        "  queue        1  antipode-ItemsModel  rejected, oldest of 2026-01-01T00:00:01.000Z:"
        " status 200: BadRequest"
    )
    assert not looked.everything_delivered


def tally(survey: Survey) -> Tally:
    first, second, broken = survey.backlog.ordered()
    return Tally(
        published=[first],
        rejected=[(broken, "malformed: it has no dynamodb")],
        failed=[(second, "status 503")],
        messages_removed=2,
        objects_shrunk=1,
    )


def test_a_redrive_says_what_it_did_and_what_is_left() -> None:
    survey = found()

    assert as_text(report(survey, tally(survey))).splitlines()[5:] == [
        "published 1, rejected again 1, kept 1; removed 2 messages and 0 objects in 1.2 s",
        "failed, and kept with the later changes of the same item:",
        '  antipode-ItemsModel {"id":{"S":"a"}} sequence 2: status 503',
        "rejected again, and back in the queue:",
        "  ? sequence none: malformed: it has no dynamodb",
    ]


def test_a_long_list_is_cut_for_people_and_whole_for_programs() -> None:
    bucket = FakeBucket()
    bucket.objects["o"] = batch(*(record("a", number) for number in range(25)))
    survey_ = survey(bucket=bucket)
    failed = Tally(failed=[(entry, "status 503") for entry in survey_.backlog.ordered()])

    lines = as_text(report(survey_, failed)).splitlines()

    assert len([line for line in lines if line.endswith("status 503")]) == 20
    assert lines[-1] == "  and 5 more"
    assert len(as_json(report(survey_, failed))["failed"]) == 25


def test_the_json_report_holds_everything() -> None:
    survey = found()

    assert as_json(report(survey, tally(survey))) == {
        "region": "eu-west-1",
        "name": "ireland",
        "stack": "antipode",
        "where": "aws",
        "dry_run": False,
        "seconds": 1.25,
        "records": 3,
        "messages": 2,
        "objects": 1,
        "groups": [
            {
                "source": "bucket",
                "table": "antipode-ItemsModel",
                "reason": "RetryAttemptsExhausted",
                "records": 2,
                "oldest": "2026-01-01T00:00:01.000Z",
                "example": "",
            },
            {
                "source": "queue",
                "table": "",
                "reason": "malformed",
                "records": 1,
                "oldest": None,
                "example": "it has no dynamodb",
            },
            {
                "source": "queue",
                "table": "antipode-ItemsModel",
                "reason": "rejected",
                "records": 1,
                "oldest": "2026-01-01T00:00:01.000Z",
                "example": "status 200: BadRequest",
            },
        ],
        "unreadable": [],
        "hidden": 0,
        "complete": True,
        "published": 1,
        "rejected": [
            {"id": "?", "item": "?", "sequence": "", "why": "malformed: it has no dynamodb"}
        ],
        "failed": [
            {
                "id": "a2",
                "item": 'antipode-ItemsModel {"id":{"S":"a"}}',
                "sequence": "2",
                "why": "status 503",
            }
        ],
        "kept": 1,
        "messages_removed": 2,
        "objects_removed": 0,
        "objects_shrunk": 1,
        "not_removed": [],
        "stopped": None,
    }


def test_a_dry_run_reports_nothing_as_done() -> None:
    told = as_json(report(survey()))

    assert told["dry_run"]
    assert "published" not in told


def unreadable() -> Survey:
    queue = FakeQueue()
    queue.send("{}")
    return survey(queue)


def hidden() -> Survey:
    queue = FakeQueue()
    queue.send(message(record("a", 1)))
    survey(queue)
    return survey(queue)


@pytest.mark.parametrize(
    ("look_at", "line"),
    [
        (
            unreadable,
            "cannot be read: m1: the message is not an undelivered change of version 1",
        ),
        (
            hidden,
            "about 1 message of the queue hidden by another reader; what a killed redrive had read"
            " is visible again within 30 minutes",
        ),
        (
            lambda: survey(FakeQueue(more=True)),
            "there is more than one run reads: run this again",
        ),
    ],
)
def test_what_is_left_without_being_sent_is_said_and_is_no_success(
    look_at: Callable[[], Survey], line: str
) -> None:
    after = report(look_at(), Tally())

    assert as_text(after).splitlines()[-1] == line
    assert not after.everything_delivered


def test_a_redrive_that_was_stopped_or_could_not_remove_says_so_and_is_no_success() -> None:
    stopped = report(survey(), Tally(stopped="interrupted"))
    stuck = report(survey(), Tally(not_removed=["m1", "m2"]))

    assert as_text(stopped).splitlines()[-1] == "stopped: interrupted"
    assert as_text(stuck).splitlines()[-1] == "published, but not removed: m1, m2"
    assert [stopped.everything_delivered, stuck.everything_delivered] == [False, False]


def test_a_redrive_that_published_all_is_a_success() -> None:
    survey = found()

    assert report(survey, Tally(published=survey.backlog.ordered())).everything_delivered

"""What the relay says of a batch."""

from __future__ import annotations

import io
import json
import re
from itertools import repeat
from typing import Any
from uuid import uuid4

import pytest
from antipode.namespace import Namespace
from antipode.relay.answers import PUBLISHED, Answer, AnswerKind
from antipode.relay.relay import Task
from antipode.relay.report import MAX_VALUES, count, record_ages, replication_lags, report
from antipode.relay.task import Fate
from aws_lambda_powertools import Logger
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import Clock
from tests.fakes.relay import FakeAppSync, FakeQueue, Json, a_relay, batch, event, record
from tests.unit.insights import COMMANDS, check_syntax, queries

NOW = 1795380425.0  # 20:47:05
NAMESPACE = Namespace("Antipode", "shop")


def announced(*records: Json, appsync: FakeAppSync | None = None) -> list[Task]:
    """The fates of these records, at five past."""
    return a_relay(appsync, clock=Clock(NOW)).publish(batch(*records), seconds=60)


def mixed() -> list[Task]:
    """One record of each fate, and one that was retried."""
    answers = {
        "event-2": iter([Answer(AnswerKind.REJECTED, "status 200: Code", "secret words")]),
        "event-3": iter([Answer(AnswerKind.RETRY, "status 503")]),
        "event-4": repeat(Answer(AnswerKind.UNAUTHORIZED, "status 401")),
    }

    def answer(change: Json) -> Answer:
        published = Answer(AnswerKind.PUBLISHED)
        return next(answers.get(change["_change"]["id"], iter([published])), published)

    relay = a_relay(FakeAppSync(answer), FakeQueue(), Clock(NOW))
    relay.publish(batch(record(1)), seconds=60)
    records = [record(number, f"Item{number}") for number in range(1, 4)]
    return relay.publish(batch(*records, record(4, "Item3"), record(5, "Item3")), seconds=60)


class Log:
    """What a logger wrote."""

    def __init__(self, level: str) -> None:
        self._stream = io.StringIO()
        # Loggers of one name share what they write to.
        self.logger = Logger(service=f"relay-{uuid4()}", level=level, stream=self._stream)

    def written(self) -> str:
        return self._stream.getvalue()

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]


def test_every_metric_is_counted_zeros_included() -> None:
    assert count([]) == {
        "Published": 0,
        "Undelivered": 0,
        "Redelivered": 0,
        "Failed": 0,
        "Oversized": 0,
        "Retried": 0,
        "Throttled": 0,
    }


def test_each_fate_is_counted() -> None:
    assert {task.fate for task in mixed()} == set(Fate)
    assert count(mixed()) == {
        "Published": 1,
        "Undelivered": 1,
        "Redelivered": 1,
        "Failed": 2,
        "Oversized": 0,
        "Retried": 17,
        "Throttled": 0,
    }


def test_every_attempt_that_was_throttled_is_counted() -> None:
    answers = iter([Answer(AnswerKind.THROTTLED, "status 429")] * 2)
    appsync = FakeAppSync(lambda change: next(answers, PUBLISHED))
    counts = count(announced(record(1), record(2), appsync=appsync))
    assert (counts["Published"], counts["Retried"], counts["Throttled"]) == (2, 2, 2)


def test_an_announcement_without_its_largest_field_is_counted() -> None:
    tasks = announced(record(1), record(2, image={"updatedIn": {"S": "x" * 300_000}}))
    assert count(tasks)["Oversized"] == 1


def test_the_age_of_a_record_is_from_the_stream_to_the_announcement() -> None:
    assert record_ages(announced(record(1), record(2, "Item002"))) == [5_000, 5_000]


def test_a_record_without_a_time_has_no_age() -> None:
    timeless = record(1)
    del timeless["dynamodb"]["ApproximateCreationDateTime"]
    assert record_ages(announced(timeless)) == []


def test_lag_is_from_the_write_to_the_announcement_by_source_region() -> None:
    stamps = {"updatedAt": {"S": "2026-11-22T20:47:03.750Z"}}
    lags = replication_lags(
        announced(
            record(1, image=stamps | {"updatedIn": {"S": "ap-southeast-2"}}),
            record(2, "Item002", image=stamps | {"updatedIn": {"S": "eu-west-1"}}),
            record(3, "Item003", image=stamps | {"updatedIn": {"S": "eu-west-1"}}),
        )
    )
    assert lags == {"ap-southeast-2": [1_250], "eu-west-1": [1_250, 1_250]}


def test_a_clock_that_is_ahead_makes_no_negative_lag() -> None:
    stamps = {"updatedAt": {"S": "2026-11-22T20:48:00Z"}, "updatedIn": {"S": "eu-west-1"}}
    assert replication_lags(announced(record(1, image=stamps))) == {"eu-west-1": [0]}


@pytest.mark.parametrize(
    "stamps",
    [
        {},
        {"updatedAt": {"S": "2026-11-22T20:47:00Z"}},
        {"updatedIn": {"S": "eu-west-1"}},
        {"updatedIn": {"S": "eu-west-1"}, "updatedAt": {"S": "yesterday"}},
        {"updatedIn": {"S": "eu-west-1"}, "updatedAt": {"N": "1"}},
        {"updatedIn": {"S": "anything at all"}, "updatedAt": {"S": "2026-11-22T20:47:00Z"}},
    ],
)
def test_an_item_without_proper_stamps_has_no_lag(stamps: Json) -> None:
    assert replication_lags(announced(record(1, image=stamps))) == {}


def test_a_deleted_item_has_no_lag() -> None:
    assert replication_lags(announced(*event("remove")["Records"])) == {}


def test_what_was_not_announced_has_no_age_and_no_lag() -> None:
    stamps = {"updatedAt": {"S": "2026-11-22T20:47:00Z"}, "updatedIn": {"S": "eu-west-1"}}
    refusing = FakeAppSync(lambda change: Answer(AnswerKind.REJECTED, "x"))
    tasks = announced(record(1, image=stamps), appsync=refusing)
    assert (record_ages(tasks), replication_lags(tasks)) == ([], {})


# -- Lines --------------------------------------------------------------------------------------


@pytest.fixture
def log() -> Log:
    return Log("INFO")


def test_a_batch_is_one_line_with_its_counts(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    report(announced(record(1)), logger=log.logger, namespace=NAMESPACE)
    [line] = log.lines()
    assert (line["message"], line["records"], line["Published"]) == ("batch relayed", 1, 1)


def test_what_is_undelivered_and_what_failed_is_reported_with_ids_and_keys(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    report(mixed(), logger=log.logger, namespace=NAMESPACE)
    undelivered, failed, _ = log.lines()
    facts = ("level", "message", "detail", "event_id", "kind", "model", "keys", "sequence")
    assert [undelivered[name] for name in facts] == [
        "ERROR",
        "change undelivered",
        "rejected: status 200: Code",
        "event-2",
        "UPDATE",
        "ItemsModel",
        {"id": {"S": "Item2"}},
        "1002",
    ]
    assert [failed[name] for name in facts[:4]] == [
        "ERROR",
        "change failed and will be sent again",
        "status 401",
        "event-4",
    ]


def test_what_an_item_holds_is_not_logged(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    bad = record(9, "Item9", image={"version": {"X": "the item's secret"}})
    report([*mixed(), *announced(bad)], logger=log.logger, namespace=NAMESPACE)
    written = json.dumps(log.lines()) + capsys.readouterr().out
    assert "Item2 2" not in written
    assert "secret" not in written


def test_at_debug_whole_records_are_logged(capsys: pytest.CaptureFixture[str]) -> None:
    log = Log("DEBUG")
    report(announced(record(1)), logger=log.logger, namespace=NAMESPACE)
    line, _ = log.lines()
    assert (line["message"], line["fate"], line["record"]) == ("record", "PUBLISHED", record(1))


def test_an_announcement_without_its_largest_field_is_warned_of(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    large = record(1, image={"updatedIn": {"S": "x" * 300_000}})
    report(announced(large), logger=log.logger, namespace=NAMESPACE)
    line, _ = log.lines()
    assert (line["level"], line["dropped"], line["event_id"]) == (
        "WARNING",
        ["item", "updatedIn"],
        "event-1",
    )


# -- Metrics ------------------------------------------------------------------------------------


def emitted(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    blobs = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for blob in blobs:
        del blob["_aws"]["Timestamp"]
    return blobs


def metrics(dimensions: list[str], unit: str, *names: str) -> Json:
    return {
        "CloudWatchMetrics": [
            {
                "Namespace": "Antipode",
                "Dimensions": [dimensions],
                "Metrics": [{"Name": name, "Unit": unit} for name in names],
            }
        ]
    }


def test_a_batch_emits_its_counts_and_its_ages(
    log: Log, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "relay")
    stamps = {"updatedAt": {"S": "2026-11-22T20:47:03Z"}, "updatedIn": {"S": "ap-southeast-2"}}
    report(announced(record(1, image=stamps)), logger=log.logger, namespace=NAMESPACE)
    counts = {"Published": [1]} | {
        name: [0]
        for name in (
            "Undelivered",
            "Redelivered",
            "Failed",
            "Oversized",
            "Retried",
            "Throttled",
        )
    }
    own = {"Stack": "shop", "service": "relay"}
    assert emitted(capsys) == [
        {"_aws": metrics(["Stack", "service"], "Count", *counts), **own, **counts},
        {
            "_aws": metrics(["Stack", "service"], "Milliseconds", "RecordAge"),
            **own,
            "RecordAge": [5_000],
        },
        {
            "_aws": metrics(["Stack", "SourceRegion", "service"], "Milliseconds", "ReplicationLag"),
            **own,
            "SourceRegion": "ap-southeast-2",
            "ReplicationLag": [2_000],
        },
    ]


def test_a_line_has_no_more_values_than_cloudwatch_takes(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [record(number, f"Item{number}") for number in range(250)]
    report(announced(*records), logger=log.logger, namespace=NAMESPACE)
    lengths = [len(blob["RecordAge"]) for blob in emitted(capsys) if "RecordAge" in blob]
    assert lengths == [MAX_VALUES, MAX_VALUES, 50]


FORGED = '{"level":"ERROR","message":"forged","_aws":{"Timestamp":1}}'


@given(
    id_=st.one_of(
        st.text(min_size=1),
        st.sampled_from(
            [f"a\n{FORGED}", f"a\r\n{FORGED}", f'"}}\n{FORGED}', "\x1b[2J", "\u2028x", "\x00", "%s"]
        ),
    ),
    name=st.sampled_from(["id", "_aws", "level", "message", "timestamp"]),
)
def test_no_key_of_an_item_makes_a_line_of_its_own_or_another_entry_of_it(
    id_: str, name: str
) -> None:
    log = Log("INFO")
    refused = Answer(AnswerKind.REJECTED, "status 200: Code", id_)
    written = record(1, image={name: {"S": id_}})
    written["dynamodb"]["Keys"] = {name: {"S": id_}}
    appsync = FakeAppSync(lambda change: refused)
    report(
        a_relay(appsync, FakeQueue(), Clock(NOW)).publish(batch(written), seconds=60),
        logger=log.logger,
        namespace=NAMESPACE,
    )
    lines = [json.loads(line) for line in log.written().rstrip("\n").split("\n")]
    assert [line["message"] for line in lines] == ["change undelivered", "batch relayed"]
    assert lines[0]["keys"] == {name: {"S": id_}}
    assert all("_aws" not in line for line in lines)


STAMPED = {
    "updatedAt": {"S": "2026-11-22T20:47:03.750Z"},
    "updatedIn": {"S": "ap-southeast-2"},
    "version": {"N": "7"},
}


def test_a_change_that_was_published_has_a_line_where_it_is_asked_for() -> None:
    log = Log("INFO")
    tasks = announced(record(1, image={**STAMPED, "item": {"S": "secret"}}))
    report(tasks, logger=log.logger, namespace=NAMESPACE, each=True)
    line, _ = log.lines()
    told = ("message", "event_id", "keys", "updated_in", "version", "lag_ms", "age_ms")
    assert {name: line[name] for name in told} == {
        "message": "change published",
        "event_id": tasks[0].id,
        "keys": {"id": {"S": "Item001"}},
        "updated_in": "ap-southeast-2",
        "version": 7,
        "lag_ms": 1_250,
        "age_ms": 5_000,
    }
    assert "secret" not in log.written()


@pytest.mark.parametrize(
    "image",
    [
        {"updatedIn": {"S": "x" * 300}, "version": {"N": "1e30"}},
        {"updatedIn": {"N": "1"}, "version": {"S": "words"}},
        {},
    ],
)
def test_what_has_not_the_form_of_a_stamp_is_not_logged(image: Json) -> None:
    log = Log("INFO")
    report(announced(record(1, image=image)), logger=log.logger, namespace=NAMESPACE, each=True)
    line, _ = log.lines()
    assert {"updated_in", "version", "lag_ms"}.isdisjoint(line)


QUERIES = queries("Following a change")


def test_there_are_queries_to_follow_a_change_with() -> None:
    assert len(QUERIES) == 4


@pytest.mark.parametrize("query", QUERIES)
def test_each_query_of_the_page_has_the_syntax_of_logs_insights(query: str) -> None:
    check_syntax(query)


@pytest.mark.parametrize("query", QUERIES)
def test_each_query_of_the_page_asks_for_what_the_log_has(query: str) -> None:
    log = Log("INFO")
    report(announced(record(1, image=STAMPED)), logger=log.logger, namespace=NAMESPACE, each=True)
    report(mixed(), logger=log.logger, namespace=NAMESPACE)
    there = {name for line in log.lines() for name in line} | {"@timestamp"}
    words = re.sub(r'"[^"]*"|\bas \w+|\w+\(|\bbin\b', " ", query)
    named = set(re.findall(r"@?[a-z_][\w.]*", words)) - COMMANDS.keys()
    plain = named - {"and", "or", "in", "by", "asc", "desc", "m", "changes", "p50", "p99", "most"}
    assert {name.partition(".")[0] for name in plain} <= there

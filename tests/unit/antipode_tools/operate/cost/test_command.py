"""The command: what it prints, and what it refuses."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from antipode_tools.cli.app import app
from antipode_tools.operate.cost import prices
from antipode_tools.operate.cost.command import Run, cost
from antipode_tools.operate.cost.counted import counted
from antipode_tools.operate.cost.journal import items_of
from antipode_tools.operate.cost.measured import measured
from antipode_tools.operate.cost.traffic import Foreseen, Traffic
from antipode_tools.operate.output import Output
from antipode_tools.operate.stacks.errors import ExitCode, OperationError, UsageError
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.counted import Counted
from antipode_tools.project.regions import Region
from tests.fakes.project import start_world

NOW = datetime(2026, 12, 1, tzinfo=UTC)
EXAMPLE = Foreseen(1_000_000, 0, 10, 2)


def run(root: Path, **arguments: Any) -> tuple[ExitCode, str, str]:
    out, err = io.StringIO(), io.StringIO()
    given: dict[str, Any] = {"foreseen": EXAMPLE, "now": lambda: NOW, **arguments}
    ended = cost(Run(root=root, output=Output(out, err), **given))
    return ended, out.getvalue(), err.getvalue()


def test_the_bill_is_by_service_and_region_and_says_what_dominates(root: Path) -> None:
    ended, out, _ = run(root)
    lines = out.splitlines()
    assert ended is ExitCode.DONE
    assert lines[0] == (
        "1,000,000 writes and 0 queries a month of 2 kB, 10 subscribers in each of 2 Regions"
    )
    assert "US dollars a month              ireland  sydney    all" in lines
    assert "AppSync: updates delivered        20.00   20.00  40.00" in lines
    assert "AppSync: updates delivered is 59 % of it" in lines
    assert lines[-1].startswith(f"list prices of us-east-1 as of {prices.load().as_of}")


def test_programs_get_every_line(root: Path) -> None:
    _, out, _ = run(root, json_output=True)
    told = json.loads(out)
    assert told["dominant"] == "AppSync updates delivered"
    assert sum(line["usd"] for line in told["lines"]) == pytest.approx(told["usd_a_month"], abs=0.1)
    assert told["options"]["Dashboard=true"] == 6.0


def test_old_prices_are_said_to_be_old(root: Path) -> None:
    _, out, _ = run(root, now=lambda: datetime(2028, 1, 1, tzinfo=UTC))
    assert "these prices are 401 days old: compare them with AWS's" in out


def test_prices_of_ones_own_take_the_place_of_the_projects(root: Path) -> None:
    own = root / "prices.toml"
    own.write_text(prices.FILE.read_text().replace("usd = 4.00", "usd = 5.00"))
    _, out, _ = run(root, prices=own, json_output=True)
    assert {
        line["usd"] for line in json.loads(out)["lines"] if line["what"] == "announcements"
    } == {5.0}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "has no prices"),
        ("as_of = 1\nregion = 'x'\n", "as_of is no date"),
        ("as_of = 2026-01-01\nregion = 'x'\n", "has no price of appsync_connection_minutes,"),
    ],
)
def test_a_file_without_prices_is_refused(root: Path, text: str, why: str) -> None:
    own = root / "prices.toml"
    own.write_text(text)
    with pytest.raises(UsageError, match=why):
        prices.load(own)


def test_every_price_has_a_source_of_aws() -> None:
    text = prices.FILE.read_text()
    assert text.count('source = "https://aws.amazon.com/') == text.count("usd =")


def test_the_local_world_measures_no_days(root: Path) -> None:
    ended, _, err = run(root, days=7, where=Where.LOCAL)
    assert (ended, err) == (
        ExitCode.WRONG_USAGE,
        "antipode cost: the local world keeps no days: leave --days out, or --where aws\n",
    )


def test_aws_is_asked_about_days(root: Path) -> None:
    ended, out, err = run(root, where=Where.AWS)
    assert (ended, out, err) == (
        ExitCode.WRONG_USAGE,
        "",
        "antipode cost: --where aws goes by what was counted: say in how many --days\n",
    )


def test_what_was_measured_is_billed(root: Path) -> None:
    traffic = Traffic(1_000_000, 1_000_000, 0, 0, 0, 0, 5)
    _, out, _ = run(root, days=7, measure=lambda *_: {"ireland": traffic}, json_output=True)
    told = json.loads(out)
    assert told["basis"] == "measured in the last 7 days"
    assert {line["region"] for line in told["lines"]} == {"ireland"}


def test_a_wrong_option_is_wrong_usage() -> None:
    result = CliRunner().invoke(app, ["cost", "--with", "frills"])
    assert result.exit_code == 2
    assert "there is no option frills" in result.stderr


class CloudWatch:
    """Metrics of seven days, by name; or a refusal."""

    def __init__(
        self, values: Mapping[str, list[float]] | None, journal: str | None = None
    ) -> None:
        self.values, self.journal = values, journal

    def client(self, service: str, **_: object) -> CloudWatch:
        return self

    def describe_stack_resource(self, **asked: str) -> Any:
        assert asked == {"StackName": "antipode", "LogicalResourceId": "Journal"}
        if self.journal is None:
            error: Any = {"Error": {"Code": "ValidationError", "Message": "does not exist"}}
            raise ClientError(error, "DescribeStackResource")
        return {"StackResourceDetail": {"PhysicalResourceId": self.journal}}

    def describe_table(self, TableName: str) -> Any:
        assert TableName == self.journal
        return {"Table": {"ItemCount": 40}}

    def get_paginator(self, name: str) -> CloudWatch:
        return self

    def paginate(self, MetricDataQueries: Any, **_: object) -> Any:
        if self.values is None:
            error: Any = {"Error": {"Code": "AccessDenied", "Message": "not authorized"}}
            raise ClientError(error, "GetMetricData")
        for query in MetricDataQueries:
            name = query["MetricStat"]["Metric"]["MetricName"]
            yield {"MetricDataResults": [{"Id": query["Id"], "Values": self.values.get(name, [])}]}


def target(values: Mapping[str, list[float]] | None, journal: str | None = None) -> Target:
    region = Region("ireland", "eu-west-1", "antipode", {})
    session = cast("boto3.Session", CloudWatch(values, journal))
    outputs = {"ApiId": "a", "ATableName": "antipode-A", "BTableName": "antipode-B"}
    return Target(region, Where.AWS, session, {}, outputs)


def test_a_week_of_metrics_is_a_month_of_traffic() -> None:
    values = {
        "Published": [7.0] * 7,
        "Requests": [17.0] * 7,
        "OutboundMessages": [70.0] * 7,
        "ActiveConnections": [4.0, 6.0],
        "ConsumedWriteCapacityUnits": [7.0] * 7,
        "IncomingBytes": [1e9] * 7,
    }
    found = measured(target(values), 7, NOW)
    assert found.api_log_gigabytes == pytest.approx(30)
    assert found.changes == pytest.approx(210)
    assert found.operations == pytest.approx(300)
    assert found.updates == pytest.approx(2_100)
    assert found.connection_minutes == pytest.approx(5 * 43_200)
    assert found.write_units == pytest.approx(2 * 210)


def test_the_journals_writes_are_read_from_its_table() -> None:
    values = {"ConsumedWriteCapacityUnits": [7.0] * 7}
    found = measured(target(values, journal="antipode-Journal-1"), 7, NOW)
    assert found.write_units == pytest.approx(2 * 210)
    assert found.journal == pytest.approx(210)


def test_a_journal_that_is_there_is_billed_without_being_asked_for(root: Path) -> None:
    traffic = Traffic(0, 1_000_000, 0, 0, 0, 0, 5, journal=2_000_000)
    _, out, _ = run(root, days=7, measure=lambda *_: {"ireland": traffic}, json_output=True)
    told = json.loads(out)
    lines = {line["what"]: line["usd"] for line in told["lines"]}
    assert (lines["journal's writes"], lines["journal's storage, at most"]) == (1.25, 0.1333)
    assert told["options"]["without @model(sync: true) of every model"] == -1.38


# A minute of a local world, in which each change was of 2 kB.
COUNTED = Counted(
    seconds=60,
    requests=90,
    announced=60,
    updates=120,
    bytes_told=240_000,
    connection_s=120,
    connections=2,
    writes=60,
    write_units=120,
    bytes_written=120_000,
)


def test_a_minute_of_a_local_world_is_a_month_at_that_rate() -> None:
    month = 43_200
    assert counted(COUNTED, None) == Traffic(
        operations=30 * month,
        changes=60 * month,
        updates=120 * month,
        connection_minutes=2 * month,
        write_units=120 * month,
        gigabytes_out=240_000 / 1_000_000_000 * month,
        kilobytes=2,
    )


def test_a_local_worlds_journal_holds_all_that_was_announced() -> None:
    # Three units each for 2 kB and what is kept beside it.
    assert counted(COUNTED, 40).journal == pytest.approx(40 * 3 * 43_200)


@pytest.mark.parametrize(("journal", "items"), [("antipode-Journal-1", 40), (None, None)])
def test_what_a_journal_holds_is_asked_of_its_table(journal: str | None, items: int | None) -> None:
    assert items_of(target({}, journal)) == items


def test_a_world_of_which_nothing_was_asked_yet_is_said_to_have_done_nothing() -> None:
    with pytest.raises(OperationError, match=r"^the local world has done nothing for a second yet"):
        counted(Counted(), None)


def test_a_local_world_is_billed_by_what_it_counted(root: Path) -> None:
    lock = start_world(root)
    # Sydney is none of this world's, and was asked for longer.
    counts = {"eu-west-1": COUNTED, "ap-southeast-2": replace(COUNTED, seconds=120)}
    ended, out, err = run(
        root, where=Where.LOCAL, counts=lambda _: counts, kept=lambda _: None, json_output=True
    )
    lock.release()
    assert (ended, err) == (ExitCode.DONE, "")
    told = json.loads(out)
    assert told["basis"] == "counted in the local world in 120 s, at that rate for a month"
    lines = {(line["region"], line["what"]): line["usd"] for line in told["lines"]}
    assert lines["ireland", "announcements"] == pytest.approx(60 / 120 * 2_592_000 * 4e-6)


def test_a_world_of_before_there_were_counts_is_said_to_be_one(root: Path) -> None:
    lock = start_world(root)
    ended, _, err = run(root, where=Where.LOCAL)
    lock.release()
    assert (ended, err) == (
        ExitCode.FAILED,
        "antipode cost: the local world does not tell what it has done: antipode down &&"
        " antipode up\n",
    )


def test_a_stack_without_traffic_costs_its_metrics_alone() -> None:
    assert measured(target({}), 7, NOW) == Traffic(0, 0, 0, 0, 0, 0, 5, api_log_gigabytes=0)


def test_who_may_not_read_metrics_is_told_so() -> None:
    with pytest.raises(OperationError, match=r"cannot read the metrics of eu-west-1: .*authorized"):
        measured(target(None), 7, NOW)

"""The command, against AppSync and Route 53 in memory."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

from antipode_tools.operate.failover.command import Asked, Outside, Terminal, failover
from antipode_tools.operate.failover.handover import Status
from antipode_tools.operate.output import Output
from antipode_tools.operate.stacks.errors import ExitCode
from tests.unit.antipode_tools.operate.failover.fakes import (
    APIS,
    CERTIFICATE,
    IRELAND,
    NAME,
    SYDNEY,
    FakeCloud,
    FakeNames,
    held,
    target,
)

ASKED = Asked(to="sydney", name=NAME, certificate=CERTIFICATE, zone="Z1")


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud(regions={IRELAND: held(IRELAND, Status.SUCCESS)}, pointer=target(IRELAND))


def run(cloud: FakeCloud, asked: Asked = ASKED) -> tuple[ExitCode, list[str], str]:
    out, err = io.StringIO(), io.StringIO()
    domains = {region: cloud.domains(region) for region in APIS}
    code = failover(
        replace(asked, output=Output(out, err)),
        outside=Outside(SYDNEY, APIS[SYDNEY], domains, FakeNames(cloud)),
        terminal=Terminal(cloud.clock, cloud.clock.sleep),
    )
    return code, out.getvalue().splitlines(), err.getvalue()


def test_a_name_is_moved(cloud: FakeCloud) -> None:
    code, lines, errors = run(cloud)
    assert (code, errors) == (ExitCode.DONE, "")
    assert lines[-1] == (
        "api.example.com is in ap-southeast-2 now; clients come back as their DNS entries expire"
    )
    assert cloud.pointer == target(SYDNEY)


def test_a_second_time_there_is_nothing_to_do(cloud: FakeCloud) -> None:
    run(cloud)
    assert run(cloud) == (
        ExitCode.DONE,
        ["api.example.com is already in ap-southeast-2: nothing to do"],
        "",
    )


def test_a_dry_run_tells_each_step_and_changes_nothing(cloud: FakeCloud) -> None:
    code, lines, _ = run(cloud, replace(ASKED, dry_run=True))
    assert code is ExitCode.DONE
    assert lines == [
        "dry run: nothing is changed",
        "1. take the API off api.example.com in eu-west-1",
        "2. delete api.example.com in eu-west-1",
        "3. create api.example.com in ap-southeast-2",
        "4. put api.example.com in front of the API of ap-southeast-2",
        "5. point the DNS record of api.example.com to ap-southeast-2",
    ]
    assert cloud.calls == []


def test_a_dry_run_tells_where_it_would_stop(cloud: FakeCloud) -> None:
    cloud.broken = {IRELAND}
    code, lines, _ = run(cloud, replace(ASKED, dry_run=True))
    assert code is ExitCode.FAILED
    assert lines[1].startswith("stop: eu-west-1 does not answer, and may hold the name")


def test_a_dry_run_is_reported_as_json(cloud: FakeCloud) -> None:
    cloud.regions = {SYDNEY: held(SYDNEY)}
    _, [line], _ = run(cloud, replace(ASKED, dry_run=True, json_output=True))
    assert json.loads(line) == {
        "dry_run": True,
        "name": NAME,
        "steps": [{"do": "associate", "in": SYDNEY}, {"do": "point", "in": SYDNEY}],
        "stop": None,
    }


def test_each_step_is_reported_as_json(cloud: FakeCloud) -> None:
    _, lines, _ = run(cloud, replace(ASKED, json_output=True))
    assert json.loads(lines[0]) == {"at": "take the API off api.example.com in eu-west-1"}


def test_where_it_cannot_go_on_it_says_so(cloud: FakeCloud) -> None:
    cloud.broken = {SYDNEY}
    code, lines, errors = run(cloud)
    # The name stays where it is: Sydney was looked at first.
    assert (code, lines, cloud.calls) == (ExitCode.FAILED, [], [])
    assert errors == (
        "antipode failover: ap-southeast-2, which the name is to move to, does not answer:"
        " no answer\n"
    )


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (
            replace(ASKED, certificate="arn:aws:acm:eu-west-1:111122223333:certificate/0a"),
            "is not the ARN of a certificate in us-east-1, where AppSync looks for it",
        ),
        (replace(ASKED, name="api.example.com:443"), "is no domain name in lower case"),
        (replace(ASKED, name="API.example.com"), "is no domain name in lower case"),
        (replace(ASKED, name="localhost"), "is no domain name in lower case"),
    ],
)
def test_what_aws_would_refuse_is_refused_before_anything_is_done(
    cloud: FakeCloud, asked: Asked, why: str
) -> None:
    code, _, errors = run(cloud, asked)
    assert (code, cloud.calls) == (ExitCode.WRONG_USAGE, [])
    assert why in errors


def test_a_region_that_is_not_in_samconfig_is_wrong_usage() -> None:
    out, err = io.StringIO(), io.StringIO()
    asked = replace(ASKED, to="atlantis", output=Output(out, err))
    assert failover(asked) is ExitCode.WRONG_USAGE
    assert "samconfig.toml has no Region atlantis; it has ireland (eu-west-1)" in err.getvalue()


def test_without_credentials_there_is_nothing_to_move() -> None:
    quiet = replace(ASKED, output=Output(io.StringIO(), io.StringIO()))
    assert failover(quiet) is ExitCode.NOT_RUNNING

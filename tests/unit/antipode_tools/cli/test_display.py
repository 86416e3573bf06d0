from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from antipode_tools.cli.display import (
    findings_json,
    findings_text,
    progress,
    table,
    way_to,
    world_table,
)
from antipode_tools.project.conditions import Conditions, Loss
from antipode_tools.project.finding import Finding, Verdict
from antipode_tools.project.world_file import SharedName, Urls
from antipode_tools.world.progress import Step, StepState
from tests.fakes.world import a_region, a_world

WORLD = a_world(
    a_region("ireland", "eu-west-1", api_key="da2-one"),
    a_region(
        "virginia",
        "us-east-1",
        graphql_url="http://127.0.0.1:4002/graphql",
        realtime_url="ws://127.0.0.1:4002/graphql/realtime",
        api_key="da2-two",
    ),
)


def test_a_column_is_as_wide_as_its_widest_cell() -> None:
    assert table(("a", "long head"), [("wide cell", "b"), ("", "c")]) == (
        "a          long head\n"  # fmt
        "wide cell  b\n"
        "           c"
    )


def test_the_table_of_a_world_has_all_that_a_client_needs() -> None:
    assert [re.split(" {2,}", line) for line in world_table(WORLD).splitlines()] == [
        ["", "Region", "GraphQL", "real time", "API key"],
        [
            "ireland",
            "eu-west-1",
            "http://127.0.0.1:4001/graphql",
            "ws://127.0.0.1:4001/graphql/realtime",
            "da2-one",
        ],
        [
            "virginia",
            "us-east-1",
            "http://127.0.0.1:4002/graphql",
            "ws://127.0.0.1:4002/graphql/realtime",
            "da2-two",
        ],
    ]


def test_below_the_table_stands_the_name_that_the_regions_share() -> None:
    shared = SharedName("api.example.com", "http://127.0.0.1:4005")

    assert world_table(replace(WORLD, shared_name=shared)) == (
        f"{world_table(WORLD)}\n\napi.example.com  http://127.0.0.1:4005/graphql"
    )


def test_below_it_stands_what_is_in_force() -> None:
    cut = Conditions().losing("eu-west-1", Loss.REFUSED)
    shown = world_table(a_world(conditions=cut))
    assert shown.endswith("\n\nin force, until antipode heal:\nireland: lost, refused")


def test_addresses_over_tls_are_shown_with_whom_to_trust() -> None:
    urls = Urls("https://127.0.0.1:4006/graphql", "wss://127.0.0.1:4006/graphql/realtime")
    world = a_world(a_region(tls=urls), certificate_authority=Path("/project/.local/tls/ca.pem"))
    assert world_table(world).splitlines()[-3:] == [
        "         GraphQL over TLS                real time over TLS",
        "ireland  https://127.0.0.1:4006/graphql  wss://127.0.0.1:4006/graphql/realtime",
        "trust /project/.local/tls/ca.pem",
    ]


def test_other_commands_are_shown_a_world_that_is_elsewhere() -> None:
    world = a_world(logs=Path("/tmp/my world/log"))

    assert way_to(world, known=Path("/tmp/my world")) == ""
    assert way_to(world, known=Path("/project/.local")) == ("export ANTIPODE_STATE='/tmp/my world'")


def test_without_a_terminal_each_step_is_a_line_when_it_begins_and_when_it_ends(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with progress() as report:
        report(Step("build", "the functions", StepState.STARTED))
        report(Step("build", "the functions", StepState.DONE, 3.44))
        report(Step("sydney", "the stack", StepState.FAILED, 12))
    assert capfd.readouterr() == (
        "",
        "… build    the functions\n"
        "✔ build    the functions                           3.4 s\n"
        "✖ sydney   the stack                              12.0 s\n",
    )


def test_findings_stand_by_region_with_what_to_do() -> None:
    findings = [
        Finding("credentials", Verdict.RIGHT, "ada"),
        Finding("API key", Verdict.WARNING, "it expires in 3 days", "deploy", "eu-west-1"),
        Finding("stack", Verdict.WRONG, "ROLLBACK_FAILED", "clean up", "eu-west-1"),
        Finding("templates", Verdict.RIGHT, "the same in every Region"),
    ]
    assert findings_text(findings).splitlines() == [
        "✔ credentials  ada",
        "",
        "eu-west-1",
        "! API key      it expires in 3 days",
        "               → deploy",
        "✖ stack        ROLLBACK_FAILED",
        "               → clean up",
        "",
        "✔ templates    the same in every Region",
    ]
    assert json.loads(findings_json(findings))[1] == {
        "subject": "API key",
        "verdict": "warning",
        "found": "it expires in 3 days",
        "fix": "deploy",
        "region": "eu-west-1",
    }

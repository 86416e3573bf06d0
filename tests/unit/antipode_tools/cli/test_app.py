from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from antipode_tools.cli.app import app
from antipode_tools.project import world_file
from antipode_tools.project.config import load, project_root
from antipode_tools.project.lock import Lock
from antipode_tools.project.world_file import Pids
from antipode_tools.world.deployment.fingerprint import Project
from localaws.sockets import free_port
from tests.fakes.world import a_world

COMMANDS = [
    "up",
    "down",
    "status",
    "drill",
    "lag",
    "cut",
    "heal",
    "lose",
    "recover",
    "throttle",
    "fail",
    "demo",
    "deploy",
    "doctor",
    "evaluate",
    "init",
    "schema",
    "console",
    "probe",
    "cost",
    "redrive",
    "token",
    "outputs",
    "drain",
    "undrain",
    "route",
    "failover",
    "adopt",
    "backfill",
    "cleanup",
    "import",
]


def antipode(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "100", **environment})


def test_help_names_every_command_and_exit_code() -> None:
    result = antipode("--help")
    assert result.exit_code == 0
    assert all(f"  {command} " in result.stdout for command in COMMANDS)
    codes = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not running, 130 interrupted."
    assert codes in " ".join(result.stdout.split())


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((project_root() / "pyproject.toml").read_text())["project"]
    result = antipode("--version")
    assert (result.exit_code, result.stdout) == (0, f"antipode {project['version']}\n")


@pytest.mark.parametrize("group", [(), ("route",)])
def test_what_a_command_does_fits_a_line_of_the_help(group: tuple[str, ...]) -> None:
    commands = antipode(*group, "--help", COLUMNS="80").stdout.partition("Show this message")[2]
    assert commands
    assert "..." not in commands


DISTANCE = "Far, broken and whole again"


def test_help_shows_the_commands_in_groups() -> None:
    lines = antipode("--help").stdout.splitlines()
    groups: dict[str, list[str]] = {}
    for line in lines[lines.index("On this machine:") :]:
        if line.endswith(":"):
            names = groups.setdefault(line[:-1], [])
        elif line:
            names.append(line.split()[0])
    assert groups == {
        "On this machine": ["up", "down", "status", "demo"],
        DISTANCE: ["lag", "cut", "heal", "lose", "recover", "throttle", "fail", "drill"],
        "The project": ["init", "schema", "evaluate", "token", "outputs"],
        "Deploying": ["doctor", "deploy", "adopt", "import", "backfill", "cleanup"],
        "Operating": [
            "console",
            "probe",
            "cost",
            "redrive",
            "drain",
            "undrain",
            "failover",
            "route",
        ],
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    assert antipode(command, "--help").exit_code == 0


def test_no_command_shows_the_help_and_is_wrong_usage() -> None:
    assert antipode().exit_code == 2


def test_help_comes_without_anything_heavy() -> None:
    code = """
import sys
from typer.testing import CliRunner
from antipode_tools.cli.app import app
CliRunner().invoke(app, ["up", "--help"])
heavy = {"boto3", "gql", "graphql", "localaws", "rich.console", "samcli", "uvicorn"}
heavy &= set(sys.modules)
print(sorted(heavy))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize(
    ("command", "told"),
    [("status", "not running: start it with make up\n"), ("down", "not running\n")],
)
def test_status_and_down_end_with_3_where_nothing_runs(
    command: str, told: str, tmp_path: Path
) -> None:
    result = antipode(command, "--state", str(tmp_path))
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", told)


def test_the_state_may_come_from_the_environment(tmp_path: Path) -> None:
    assert antipode("status", ANTIPODE_STATE=str(tmp_path / "there")).exit_code == 3


@pytest.mark.parametrize(
    "arguments", [["up", "--regions", "atlantis"], ["up", "--port", "0"], ["sideways"]]
)
def test_wrong_usage_ends_with_2(arguments: list[str], tmp_path: Path) -> None:
    assert antipode(*arguments, ANTIPODE_STATE=str(tmp_path)).exit_code == 2


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """That of a world in Ireland alone, of this process, whose engine does not answer."""
    config = load(root=project_root(), names=["ireland"], state=tmp_path)
    world = a_world(
        engine_url=f"http://127.0.0.1:{free_port()}",
        pids=Pids(os.getpid(), os.getpid()),
        logs=config.logs,
        project=Project.read(config).digest,
    )
    world_file.write(config.world_file, world)
    lock = Lock.take(config.lock_file)
    assert lock is not None
    yield tmp_path
    lock.release()


def test_up_names_the_regions_that_a_running_world_was_started_without(state: Path) -> None:
    result = antipode("up", ANTIPODE_STATE=str(state))
    assert result.stderr.splitlines()[:2] == [
        "already running",
        "sydney left out: antipode down && antipode up adds Regions",
    ]


@pytest.mark.parametrize("other", [["--regions", "ireland,sydney"], ["--port", "1"]])
def test_up_changes_neither_the_regions_nor_the_ports_of_a_running_world(
    state: Path, other: list[str]
) -> None:
    result = antipode("up", *other, ANTIPODE_STATE=str(state))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("✖ the running world cannot take the change: it")
    assert "  do:  antipode down && antipode up starts over, without the items" in result.stderr


def test_down_says_that_it_removed_what_a_killed_world_had_left(tmp_path: Path) -> None:
    (tmp_path / "world.json").write_text("{}")
    result = antipode("down", "--state", str(tmp_path))
    assert (result.exit_code, result.stderr) == (
        3,
        "not running; removed what a killed world had left behind\n",
    )
    assert list(tmp_path.iterdir()) == [tmp_path / "world.lock"]


def test_status_reports_what_a_killed_world_left_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "world.json").write_text("{}")
    result = antipode("status", "--state", str(tmp_path))
    assert (result.exit_code, result.stderr.splitlines()) == (
        3,
        [
            "not running: start it with make up",
            "a killed world left files behind; antipode down removes them",
        ],
    )
    assert list(tmp_path.iterdir()) == [tmp_path / "world.json"]


def test_status_prints_the_worlds_file_with_its_version(state: Path) -> None:
    result = antipode("status", "--json", "--state", str(state))
    told = json.loads(result.stdout)
    assert (result.exit_code, told) == (0, json.loads((state / "world.json").read_text()))
    assert told["version"] == 1


def test_a_world_of_another_version_is_named_with_what_to_do(state: Path) -> None:
    (state / "world.json").write_text('{"version": 2}')
    for command in ("status", "up", "demo"):
        result = antipode(command, ANTIPODE_STATE=str(state))
        assert (result.exit_code, result.stdout) == (1, "")
        assert "world.json has version 2, and this antipode reads 1" in result.stderr
        assert "do:  antipode down && antipode up" in result.stderr


CODE = """
import { util } from '@aws-appsync/utils';
export function request(ctx) {
  ctx.stash.seen = true;
  return { payload: ctx.arguments.id };
}
export function response(ctx) {
  return util.error('no', 'Never');
}
"""


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "code.js").write_text(CODE)
    (tmp_path / "context.json").write_text('{"arguments": {"id": "1"}}')
    return ["--code", str(tmp_path / "code.js"), "--context", str(tmp_path / "context.json")]


def test_evaluate_prints_what_a_handler_made(files: list[str]) -> None:
    result = antipode("evaluate", *files)
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert json.loads(told["evaluationResult"]) == {"payload": "1"}
    assert json.loads(told["stash"]) == {"seen": True}


def test_evaluate_ends_with_1_if_the_handler_reports_an_error(files: list[str]) -> None:
    result = antipode("evaluate", *files, "--function", "response")
    assert (result.exit_code, json.loads(result.stdout)["error"]) == (1, {"message": "no"})


def test_evaluate_takes_a_context_that_is_not_an_object_for_wrong_usage(
    files: list[str], tmp_path: Path
) -> None:
    (tmp_path / "context.json").write_text("[")
    assert antipode("evaluate", *files).exit_code == 2


def test_evaluate_takes_a_file_that_is_not_there_for_wrong_usage(files: list[str]) -> None:
    assert antipode("evaluate", *files[:2], "--context", "nowhere.json").exit_code == 2


def test_what_is_generated_fits_the_models() -> None:
    result = antipode("schema", "--check")
    assert (result.exit_code, result.stderr) == (
        0,
        "all 24 generated files are up to date\n",
    )


@pytest.mark.parametrize("writing", [("--auth", "AWS_LAMBDA"), ("--modernise",)])
def test_something_is_written_or_the_files_are_checked_but_not_both(
    writing: tuple[str, ...],
) -> None:
    result = antipode("schema", "--check", *writing)
    assert result.exit_code == 2
    assert "cannot be combined with --check, which writes nothing" in " ".join(
        result.stderr.split()
    )


def test_a_mode_that_appsync_does_not_know_is_wrong_usage() -> None:
    assert antipode("schema", "--auth", "PASSWORD").exit_code == 2


def test_doctor_prints_each_finding_as_json(tmp_path: Path) -> None:
    result = antipode("doctor", "--json", "--state", str(tmp_path))
    findings = json.loads(result.stdout)
    assert result.exit_code == (0 if all(each["verdict"] == "right" for each in findings) else 1)
    assert all(set(each) == {"subject", "verdict", "found", "fix", "region"} for each in findings)


def test_the_project_is_found_from_anywhere() -> None:
    assert (project_root() / "template.yaml").is_file()


HAND_OVER = [
    "failover",
    *("--domain", "api.example.com"),
    *("--certificate", "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"),
    *("--hosted-zone", "Z0123456789"),
]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["route"], 2, ""),
        (["route", "show"], 3, "no credentials"),
        (["route", "set", "edge/routes.toml", "--dry-run"], 3, "no credentials"),
        (["route", "undrain", "ireland"], 3, "no credentials"),
        ([*HAND_OVER, "--to", "sydney", "--dry-run"], 3, "no credentials"),
        ([*HAND_OVER, "--to", "atlantis"], 2, "has no Region atlantis"),
        (["failover", "--to", "sydney"], 2, "Missing option"),
        (["cleanup", "ireland", "--dry-run"], 3, "no credentials"),
        (["cleanup", "ireland", "atlantis", "--yes"], 2, "has no Region atlantis"),
        (["cleanup"], 2, "Missing argument"),
        (["import", "ireland"], 3, "no credentials"),
        (["import", "sydney"], 2, "ap-southeast-2 is not the home Region"),
        (["doctor", "--where", "aws"], 1, "✖ credentials  there are no credentials for AWS"),
        (["doctor", "--where", "aws", "atlantis"], 2, "has no Region atlantis"),
    ],
)
def test_without_an_account_a_command_says_what_is_missing(
    arguments: list[str], code: int, told: str
) -> None:
    result = antipode(*arguments)
    assert (result.exit_code, told in result.output) == (code, True)


def test_drills_are_listed_and_one_that_is_unknown_is_told() -> None:
    listed = antipode("drill")
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [
        "region-loss",
        "shared-name",
        "split",
        "slow-replication",
        "throttled",
        "poison",
        "relay-killed",
        "deployment",
        "outage",
    ]
    unknown = antipode("drill", "earthquake")
    assert unknown.exit_code == 2
    assert (
        "there is no drill earthquake; there are region-loss, shared-name, split" in unknown.stderr
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lag", "ireland", "sydney", "5"), "5 is no duration: 800ms"),
        (("lag", "ireland", "sydney", "5s", "--jitter", "some"), "some is no duration"),
        (("throttle", "ireland", "50"), "50 is no rate: 50/s, or off"),
        (("fail", "ireland", "often"), "often is no share: 10%"),
        (("drill", "split", "--seconds", "0"), "greater than or equal to 1"),
        (("drill", "split", "--seconds", "inf"), "less than or equal to 86400"),
        (("cost", "--writes", "inf"), "less than or equal to 1000000000000000"),
        (("probe", "--pause", "inf"), "less than or equal to 60000"),
        (("deploy", "--watch", "1441"), "less than or equal to 1440"),
    ],
)
def test_a_quantity_that_is_none_is_wrong_usage(arguments: tuple[str, ...], message: str) -> None:
    result = antipode(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [("cut", "ireland", "sydney"), ("heal",), ("lose", "sydney"), ("drill", "split")],
)
def test_without_a_world_there_is_nothing_to_break(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    result = antipode(*arguments, "--state", str(tmp_path))
    assert (result.exit_code, result.stderr) == (3, "not running: start it with make up\n")

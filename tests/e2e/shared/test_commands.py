"""The commands as a user runs them: what they print, how they end and what they leave behind."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.shell import Shell, free_block


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    shell = Shell(tmp_path, free_block())
    yield shell
    shell.run("down")


def test_status_json_is_world_json_which_is_for_its_owner_alone(running: Shell) -> None:
    status, out, err = running.run("status", "--json")
    assert (status, json.loads(out), err) == (0, running.world(), "")
    assert stat.S_IMODE((running.state / "world.json").stat().st_mode) == 0o600


def test_the_worlds_file_has_all_that_a_client_needs(running: Shell) -> None:
    world = running.world()
    assert world["engine_url"] == f"http://127.0.0.1:{running.port}"
    assert list(world["regions"]) == ["eu-west-1", "ap-southeast-2"]
    sydney = world["regions"]["ap-southeast-2"]
    host = f"127.0.0.1:{running.port + 2}"
    assert sydney | {"api_key": "", "api_id": "", "outputs": {}} == {
        "name": "sydney",
        "stack": "antipode",
        "graphql_url": f"http://{host}/graphql",
        "realtime_url": f"ws://{host}/graphql/realtime",
        "api_key": "",
        "auth": {"mode": "API_KEY"},
        "api_id": "",
        "tables": {"ItemsModel": "antipode-ItemsModel"},
        "outputs": {},
        "tls": {
            "graphql_url": f"https://127.0.0.1:{running.port + 7}/graphql",
            "realtime_url": f"wss://127.0.0.1:{running.port + 7}/graphql/realtime",
        },
    }
    assert sydney["outputs"]["GraphqlUrl"] == sydney["graphql_url"]
    assert sydney["outputs"]["RealtimeUrl"] == sydney["realtime_url"]
    assert sydney["outputs"]["ApiId"] == sydney["api_id"]
    assert sydney["outputs"]["ApiKey"] == sydney["api_key"]


def test_what_a_world_has_done_is_billed_region_by_region(running: Shell) -> None:
    assert running.run("probe", "--writes", "6", "--pause", "1000", "--json")[0] == 0
    status, out, err = running.run("cost", "--where", "local", "--json")
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert told["basis"].startswith("counted in the local world in ")
    billed = {(line["region"], line["what"]): line["usd"] for line in told["lines"]}
    for region in ("ireland", "sydney"):
        for what in ("operations of clients", "announcements", "updates delivered", "writes"):
            assert billed[region, what] > 0, (region, what)


def test_a_second_up_finds_the_world_and_shows_it_again(running: Shell) -> None:
    before = running.world()
    status, out, err = running.run("up")
    assert (status, err) == (0, "already running\n")
    assert running.run("status") == (0, out, "")
    for region in before["regions"].values():
        assert all(region[key] in out for key in ("graphql_url", "realtime_url", "api_key"))
    assert running.world() == before


def test_what_up_says_to_try_next_works(running: Shell) -> None:
    _, out, _ = running.run("status")
    [line] = [line.strip() for line in out.splitlines() if line.strip().startswith("curl ")]
    answer = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout)["data"]["createItemsModel"]["item"] == "hello"


def test_a_demo_that_is_interrupted_leaves_the_world_that_was_running(running: Shell) -> None:
    with running.start("demo") as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "subscribed in ireland and sydney\n"
        command.send_signal(signal.SIGINT)
        _, err = command.communicate(timeout=60)
    assert (command.returncode, err) == (130, "interrupted; the world runs on\n")
    assert running.run("status")[0] == 0


def test_the_demo_uses_the_world_that_is_running(running: Shell) -> None:
    status, out, err = running.run("demo")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "subscribed in ireland and sydney"
    writes = [line for line in lines if line.startswith("sydney writes: ")]
    assert [line.split()[2].partition("(")[0] for line in writes] == [
        "createItemsModel",
        "updateItemsModel",
        "deleteItemsModel",
    ]
    heard = [line.split() for line in lines if " heard after " in line]
    assert [words[0] for words in heard] == ["ireland", "sydney"] * 3
    assert all(words[4] == "ms:" for words in heard)
    assert running.run("status")[0] == 0


def test_a_port_in_use_is_named_with_what_to_change(running: Shell, tmp_path: Path) -> None:
    other = Shell(tmp_path, running.port)
    status, out, err = other.run("up")
    assert (status, out) == (1, "")
    assert err.splitlines() == [
        f"✖ the world cannot start: port {running.port} of 127.0.0.1 is in use by another program",
        f"  do:  stop that program, or choose other ports than {running.port} to "
        f"{running.port + 2} with --port or ANTIPODE_PORT",
    ]
    assert other.left() == []
    assert running.run("status")[0] == 0


def test_down_and_status_end_with_3_where_nothing_runs(shell: Shell) -> None:
    assert shell.run("status") == (3, "", "not running: start it with make up\n")
    assert shell.run("status", "--json") == (3, "", "not running: start it with make up\n")
    assert shell.run("down") == (3, "", "not running\n")


def test_a_killed_world_leaves_nothing_that_stands_in_the_way(shell: Shell) -> None:
    """Shows that status reports what a killed world left, and that up removes it and starts.

    Of one Region, which is as much as there need be to be left.
    """
    assert shell.run("up", "--regions", "ireland")[0] == 0
    killed = shell.world()
    os.kill(killed["pids"]["world"], signal.SIGKILL)
    assert shell.run("status") == (
        3,
        "",
        "not running: start it with make up\n"
        "a killed world left files behind; antipode down removes them\n",
    )
    assert shell.left(*killed["pids"].values()) == []

    status, _, err = shell.run("up", "--regions", "ireland")
    assert status == 0, err
    second = shell.world()
    assert second["iam"] != killed["iam"]

    assert shell.run("down") == (0, "", "down\n")
    shell.assert_nothing_is_left(second)
    assert shell.run("down") == (3, "", "not running\n")


def test_an_interrupted_start_leaves_nothing(shell: Shell) -> None:
    with shell.start("up") as command:
        assert command.stderr is not None
        assert command.stderr.readline() == "… engine   starting MiniStack\n"
        command.send_signal(signal.SIGINT)
        out, err = command.communicate(timeout=60)
    assert (command.returncode, out) == (130, "")
    assert err.endswith("interrupted; nothing is left running\n")
    shell.assert_nothing_is_left()


def test_a_failed_start_says_why_and_leaves_nothing(shell: Shell) -> None:
    # Sydney alone: the template's rule wants the home Region among the Regions.
    status, out, err = shell.run("up", "--regions", "sydney")
    assert (status, out) == (1, "")
    assert "✖ sam deploy failed in sydney (ap-southeast-2): " in err
    assert "HomeRegion must be one of Regions" in err
    assert f"  log: {shell.state / 'log' / 'sydney.log'}\n" in err
    shell.assert_nothing_is_left()


def test_an_environment_that_is_not_there_is_wrong_usage(shell: Shell) -> None:
    status, out, err = shell.run("up", "--regions", "ireland,atlantis")
    assert (status, out) == (2, "")
    assert "samconfig.toml has no environment atlantis; it has ireland, sydney" in err

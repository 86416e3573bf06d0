"""The web client of a drill, with programs that stand for Node."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.world_file import Auth, Keys
from antipode_tools.world.drills.clients import JAVASCRIPT, PYTHON, Log
from antipode_tools.world.drills.web import PROGRAM, hold_copies, installed, missing
from tests.fakes.world import a_region

REGIONS = [a_region(), a_region("sydney", "ap-southeast-2", outputs={"HealthUrl": "http://h"})]


def a_log() -> Log:
    return Log(lambda: 0.0, {region.code: region.name for region in REGIONS})


def node(folder: Path, code: str) -> list[str]:
    """A program in Node's place."""
    program = folder / "node.py"
    program.write_text(f"import json, os, sys\n{code}\n")
    return [sys.executable, str(program)]


def a_version(folder: Path, told: str) -> str:
    program = folder / "node"
    program.write_text(f"#!/bin/sh\n{told}\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(
    ("told", "options"),
    [
        ("echo v24.19.0", ()),
        ("echo v22.0.0", ()),
        ("echo v20.20.2", ("--experimental-websocket",)),
        ("echo v18.19.1", None),
        ("echo v2.0.0", None),
        ("echo no version", None),
        ("exit 1", None),
    ],
)
def test_a_node_is_one_that_the_web_client_runs_on(
    tmp_path: Path, told: str, options: tuple[str, ...] | None
) -> None:
    program = a_version(tmp_path, told)
    assert installed(program) == (None if options is None else (program, *options))


def test_no_node_and_no_signer_are_said_clearly() -> None:
    assert installed("no-such-node") is None
    signed = a_region(auth=Auth(AuthMode.AWS_IAM, keys=Keys("a", "b")))
    assert [missing(None, REGIONS), missing(["node"], [signed]), missing(["node"], REGIONS)] == [
        "no web client holds a copy: there is no Node 20 or newer on the PATH",
        "no web client holds a copy: with AWS_IAM, an application brings its signer",
        None,
    ]


async def test_what_it_tells_last_is_what_each_of_its_clients_holds(tmp_path: Path) -> None:
    given = tmp_path / "given.json"
    program = node(
        tmp_path,
        f"""
json.dump([sys.argv[1], os.environ["ANTIPODE_DRILL"]], open({str(given)!r}, "w"))
long = {{"a": "x" * 200_000}}
for home, items in (("ireland", {{}}), ("sydney", {{"a": "1"}}), ("ireland", long)):
    print(json.dumps({{"home": home, "items": items}}), flush=True)
""",
    )
    log, said = a_log(), list[str]()
    async with asyncio.timeout(30):
        await hold_copies(program, REGIONS, "drill-", log, said.append)
    assert log.copies == {
        PYTHON: {},
        JAVASCRIPT: {"ireland": {"a": "x" * 200_000}, "sydney": {"a": "1"}},
    }
    assert said == ["the web client ended by itself, with status 0"]
    called, told = json.loads(given.read_text())
    assert called == str(PROGRAM)
    region = {
        "graphqlUrl": "http://127.0.0.1:4001/graphql",
        "realtimeUrl": "ws://127.0.0.1:4001/graphql/realtime",
        "credentials": {"apiKey": "da2-1"},
    }
    assert json.loads(told) == {
        "regions": [
            {"name": "ireland", **region},
            {"name": "sydney", **region, "healthUrl": "http://h"},
        ],
        "prefix": "drill-",
    }


async def test_it_ends_with_the_drill(tmp_path: Path) -> None:
    """Where Node is another program's child, too."""
    told = 'print(json.dumps({"home": "ireland", "items": {"pid": str(os.getpid())}}), flush=True)'
    inner = f"import json, os, sys\n{told}\nsys.stdin.read()"
    launcher = "import subprocess\nsubprocess.call([sys.executable, '-c', inner])"
    program = node(tmp_path, f"inner = {inner!r}\n{launcher}")
    log = a_log()
    holding = asyncio.create_task(hold_copies(program, REGIONS, "drill-", log, print))
    async with asyncio.timeout(30):
        while not log.copies.get(JAVASCRIPT):
            await asyncio.sleep(0.01)
        holding.cancel()
        await asyncio.wait([holding])
    assert holding.cancelled()
    with pytest.raises(ProcessLookupError):
        os.kill(int(log.copies[JAVASCRIPT]["ireland"]["pid"]), 0)


async def test_one_that_fails_leaves_copies_that_are_found_to_be_wrong(tmp_path: Path) -> None:
    log, said = a_log(), list[str]()
    async with asyncio.timeout(30):
        await hold_copies(node(tmp_path, "sys.exit(3)"), REGIONS, "drill-", log, said.append)
    assert (log.copies[JAVASCRIPT], said) == ({}, ["the web client ended by itself, with status 3"])

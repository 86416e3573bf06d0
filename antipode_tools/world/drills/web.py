"""The web client of a drill: clients/javascript in Node, with a copy for each Region's clients."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.world_file import WorldRegion
from antipode_tools.world.clients.credentials import token
from antipode_tools.world.drills.clients import JAVASCRIPT, Log

# JSON.
Json = Any
# How Node is called: the program and its options.
Node = Sequence[str]

PROGRAM = Path(__file__).with_name("holding.mjs")
_SETTINGS = "ANTIPODE_DRILL"

# Node has a WebSocket from 22 on, and an experimental one from 20 on.
_OLDEST, _WITHOUT_OPTION = 20, 22
_OPTION = "--experimental-websocket"
_VERSION_WITHIN_S = 20
_END_WITHIN_S = 10
# Of what a copy holds, in one line: an outage leaves thousands of items.
_MOST_BYTES = 2**25


def installed(name: str = "node") -> Node | None:
    """The Node of this machine, if it has one that the web client runs on."""
    if (program := shutil.which(name)) is None:
        return None
    try:
        told = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=_VERSION_WITHIN_S,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.match(r"v(\d+)\.", told)
    if version is None or int(version[1]) < _OLDEST:
        return None
    return (program,) if int(version[1]) >= _WITHOUT_OPTION else (program, _OPTION)


def missing(node: Node | None, regions: Iterable[WorldRegion]) -> str | None:
    """Why the web client takes no part; None where it does."""
    if node is None:
        return f"no web client holds a copy: there is no Node {_OLDEST} or newer on the PATH"
    if any(region.auth.mode is AuthMode.AWS_IAM for region in regions):
        return "no web client holds a copy: with AWS_IAM, an application brings its signer"
    return None


async def hold_copies(
    node: Node,
    regions: Sequence[WorldRegion],
    prefix: str,
    log: Log,
    say: Callable[[str], None],
) -> None:
    """Be the web client at home in each Region, which moves to the others if it must.

    It goes on until it is cancelled. If Node ends before that, what it held is what the drill's
    verdict sees.

    Args:
        say: is told if it ends by itself.
    """
    copies = log.copies.setdefault(JAVASCRIPT, {})
    settings = {"regions": [_told(region) for region in regions], "prefix": prefix}
    process = await asyncio.create_subprocess_exec(
        *node,
        str(PROGRAM),
        env={**os.environ, _SETTINGS: json.dumps(settings)},
        stdin=asyncio.subprocess.PIPE,  # which ends with this process, and the program with it
        stdout=asyncio.subprocess.PIPE,
        limit=_MOST_BYTES,
    )
    assert process.stdin
    assert process.stdout
    try:
        while line := await process.stdout.readline():
            told = json.loads(line)
            copies[told["home"]] = told["items"]
        say(f"the web client ended by itself, with status {await process.wait()}")
    finally:
        # It ends with what it reads. To be killed would not do: a Node that was installed by pip
        # is a program that waits for Node.
        process.stdin.close()
        try:
            async with asyncio.timeout(_END_WITHIN_S):
                await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()


def _told(region: WorldRegion) -> Json:
    """A Region, as the web client takes it, and the program its credentials."""
    key = region.api_key
    told = {
        "name": region.name,
        "graphqlUrl": region.graphql_url,
        "realtimeUrl": region.realtime_url,
        "credentials": {"apiKey": key} if key else {"token": token(region)},
    }
    if url := region.outputs.get("HealthUrl"):
        told["healthUrl"] = url
    return told

"""`antipode console`: of stacks on AWS, and of a world that serves its own."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from antipode_tools.console.command import Run, console
from antipode_tools.console.guard import KEY_HEADER
from antipode_tools.operate.output import Output
from antipode_tools.operate.probe.endpoint import Endpoint
from antipode_tools.operate.stacks.errors import ExitCode, NotRunningError
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.regions import Region
from antipode_tools.project.world_file import Control
from localaws.sockets import listen, number
from tests.fakes.http_client import http_client
from tests.fakes.places import a_target
from tests.fakes.project import start_world


def run(
    root: Path, *names: str, where: Where | None = Where.AWS, **more: Any
) -> tuple[ExitCode, str, str]:
    """What the command ends with, prints, and says beside."""
    out, err = io.StringIO(), io.StringIO()
    how = Run(root=root, where=where, output=Output(out, err), **more)
    return console(names, how), out.getvalue(), err.getvalue()


def there(region: Region) -> Target:
    return replace(a_target(), region=region, where=Where.AWS)


def unreachable(_: Target) -> Endpoint:
    raise NotRunningError("not asked")


def test_the_regions_that_are_named_are_served_until_it_is_interrupted(root: Path) -> None:
    asked: list[Any] = []

    async def until(console: Control) -> None:
        headers = {KEY_HEADER: console.key}
        async with http_client(headers=headers) as client:
            asked.append((await client.post(f"{console.url}/api/regions", json={})).json())
            asked.append((await client.post(f"{console.url}/api/order", json={})).status_code)
        raise KeyboardInterrupt

    status, printed, said = run(root, "sydney", find=there, reach=unreachable, until=until)
    assert status is ExitCode.DONE
    assert printed.startswith("console http://127.0.0.1:")
    assert said == "whoever has this address acts with your credentials: Ctrl-C\n"
    regions = [{"name": "sydney", "code": "ap-southeast-2"}]
    # There is nothing to break.
    assert asked == [{"where": "on AWS", "regions": regions, "faults": False}, 404]


def test_a_stack_that_is_not_there_is_said_before_anything_is_served(root: Path) -> None:
    def nowhere(region: Region) -> Target:
        raise NotRunningError(f"there is no stack in {region.code}")

    assert run(root, find=nowhere) == (
        ExitCode.NOT_RUNNING,
        "",
        "antipode console: there is no stack in eu-west-1\n",
    )
    assert run(root, "atlantis", find=there)[0] is ExitCode.WRONG_USAGE


def test_a_port_that_is_taken_is_said(root: Path) -> None:
    with listen(0) as taken:
        status, _, said = run(root, find=there, reach=unreachable, port=number(taken))
    assert status is ExitCode.WRONG_USAGE
    assert "choose another with --port" in said


def test_a_world_serves_its_own(root: Path) -> None:
    assert run(root, where=Where.LOCAL)[0] is ExitCode.NOT_RUNNING
    lock = start_world(root, console=Control("http://127.0.0.1:4008", "key"))
    assert run(root, where=None) == (ExitCode.DONE, "http://127.0.0.1:4008/#key\n", "")
    lock.release()
    lock = start_world(root)
    status, _, said = run(root, where=None)
    lock.release()
    assert status is ExitCode.FAILED
    assert "has no console" in said

"""A project with two Regions, and a local world that runs in its folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from antipode_tools.project import world_file
from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.lock import Lock
from antipode_tools.project.world_file import Auth, Control, Pids, SharedName, Urls
from tests.fakes.world import a_region, a_world

SAMCONFIG = """
[ireland.global.parameters]
stack_name = "antipode"
region = "eu-west-1"
[sydney.global.parameters]
stack_name = "antipode"
region = "ap-southeast-2"
"""

# Nobody listens there.
NO_ENGINE = "http://127.0.0.1:1"


def make_project(folder: Path) -> Path:
    """The folder, with all that a command of an operator's reads in a project."""
    (folder / "samconfig.toml").write_text(SAMCONFIG)
    return folder


def start_world(
    root: Path,
    *,
    engine_url: str = NO_ENGINE,
    auth: Auth | None = None,
    outputs: Mapping[str, str] | None = None,
    tls: Urls | None = None,
    shared_name: SharedName | None = None,
    control: Control | None = None,
    console: Control | None = None,
) -> Lock:
    """Has this process be that of a world of Ireland alone, until its lock is released."""
    state = root / ".local"
    lock = Lock.take(state / "world.lock")
    assert lock is not None
    ireland = a_region(auth=auth or Auth(AuthMode.API_KEY), outputs=outputs or {}, tls=tls)
    world = a_world(
        ireland,
        engine_url=engine_url,
        pids=Pids(os.getpid(), os.getpid()),
        shared_name=shared_name,
        certificate_authority=state / "tls" / "ca.pem" if tls else None,
        control=control,
        console=console,
    )
    world_file.write(state / "world.json", world)
    return lock

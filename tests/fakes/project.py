"""A project with two Regions, and what a running local world leaves in its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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


def start_world(root: Path, *, engine_url: str = NO_ENGINE, **ireland: Mapping[str, Any]) -> Path:
    """Writes world.json, with what it is to say of Ireland; returns the folder that it is in."""
    facts = {"engine_url": engine_url, "regions": {"eu-west-1": {"outputs": {}, **ireland}}}
    state = root / ".local"
    state.mkdir()
    (state / "world.json").write_text(json.dumps(facts))
    return state

"""A running local world, as its file describes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.world_file import Auth, Keys, Pids, WorldFile, WorldRegion

KEYS = Keys("AKIA1", "it's")


def a_region(name: str = "ireland", code: str = "eu-west-1", **given: Any) -> WorldRegion:
    """A Region in the mode API_KEY, but for what is given."""
    fields: dict[str, Any] = {
        "stack": "antipode",
        "graphql_url": "http://127.0.0.1:4001/graphql",
        "realtime_url": "ws://127.0.0.1:4001/graphql/realtime",
        "api_key": "da2-1",
        "auth": Auth(AuthMode.API_KEY),
        "api_id": "a",
        "tables": {"ItemsModel": "antipode-ItemsModel"},
        "outputs": {},
    }
    return WorldRegion(name, code, **(fields | given))


def a_world(*regions: WorldRegion, **given: Any) -> WorldFile:
    """A world of these Regions, by default of Ireland alone, but for what is given."""
    fields: dict[str, Any] = {
        "engine_url": "http://127.0.0.1:4000",
        "iam": KEYS,
        "pids": Pids(1, 2),
        "logs": Path("/project/.local/log"),
        "project": "digest",
    }
    by_code = {region.code: region for region in regions or (a_region(),)}
    return WorldFile(regions=by_code, **(fields | given))

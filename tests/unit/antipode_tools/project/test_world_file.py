"""The world's file: what one process writes, another reads."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.recipe import Recipe
from antipode_tools.project.world_file import (
    VERSION,
    Auth,
    SharedName,
    Urls,
    WorldFile,
    WorldFileError,
    read,
    write,
)
from tests.fakes.world import KEYS, a_region, a_world

RECIPE = Recipe("RS256", "pem", {"iss": "pool", "sub": "local"}, key_id="local")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "world.json"


@pytest.mark.parametrize(
    "world",
    [
        a_world(),
        a_world(project=None, shared_name=SharedName("api.example.com", "http://127.0.0.1:1")),
        a_world(
            a_region(api_key=None, auth=Auth(AuthMode.AWS_IAM, keys=KEYS)),
            a_region("sydney", "ap-southeast-2", outputs={"ApiId": "a"}),
        ),
        a_world(a_region(auth=Auth(AuthMode.OPENID_CONNECT, token=RECIPE))),
        a_world(
            a_region(tls=Urls("https://127.0.0.1:2/graphql", "wss://127.0.0.1:2/graphql/realtime")),
            certificate_authority=Path("/project/.local/tls/ca.pem"),
        ),
    ],
)
def test_what_is_written_is_read(file: Path, world: WorldFile) -> None:
    write(file, world)
    assert read(file) == world
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_several_ways_to_sign_in_are_read_as_they_were_written(file: Path) -> None:
    others = (Auth(AuthMode.AWS_LAMBDA), Auth(AuthMode.AWS_IAM, keys=KEYS))
    world = a_world(a_region(auth=Auth(AuthMode.API_KEY, others=others)))
    write(file, world)
    assert read(file) == world


def test_scripts_find_each_regions_addresses_and_credentials_where_they_always_were(
    file: Path,
) -> None:
    write(file, a_world(a_region(api_key=None, auth=Auth(AuthMode.AWS_IAM, keys=KEYS))))
    assert json.loads(file.read_text()) == {
        "version": VERSION,
        "engine_url": "http://127.0.0.1:4000",
        "regions": {
            "eu-west-1": {
                "name": "ireland",
                "stack": "antipode",
                "graphql_url": "http://127.0.0.1:4001/graphql",
                "realtime_url": "ws://127.0.0.1:4001/graphql/realtime",
                "api_key": None,
                "auth": {
                    "mode": "AWS_IAM",
                    "region": "eu-west-1",
                    "access_key_id": "AKIA1",
                    "secret_access_key": "it's",
                },
                "api_id": "a",
                "tables": {"ItemsModel": "antipode-ItemsModel"},
                "outputs": {},
            }
        },
        "iam": {"access_key_id": "AKIA1", "secret_access_key": "it's"},
        "pids": {"world": 1, "engine": 2},
        "logs": "/project/.local/log",
        "project": "digest",
    }


@pytest.mark.parametrize(("told", "version"), [({}, "none"), ({"version": VERSION + 1}, "2")])
def test_a_file_of_another_version_is_refused_whatever_else_it_says(
    file: Path, told: dict[str, Any], version: str
) -> None:
    file.write_text(json.dumps(told))
    with pytest.raises(WorldFileError) as refused:
        read(file)
    assert str(refused.value) == f"{file} has version {version}, and this antipode reads 1"


def test_a_file_that_is_not_there_is_not_there(file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(file)

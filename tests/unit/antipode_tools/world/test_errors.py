from __future__ import annotations

import json
from pathlib import Path

import pytest

from antipode_tools.world.errors import WorldError


def test_an_error_says_what_why_what_to_do_and_where_to_read_more() -> None:
    error = WorldError("the world cannot start", "port 1 is in use", "stop it", Path("/log"))
    assert str(error) == (
        "the world cannot start: port 1 is in use\n"  # in the order a reader needs it
        "  do:  stop it\n"
        "  log: /log"
    )


def test_an_error_with_nothing_to_do_is_one_line() -> None:
    assert str(WorldError("it failed", "somehow")) == "it failed: somehow"


@pytest.mark.parametrize("error", [WorldError("a", "b", "c", Path("/d")), WorldError("a", "b")])
def test_an_error_is_the_same_after_its_way_between_processes(error: WorldError) -> None:
    assert WorldError.from_json(json.loads(json.dumps(error.as_json()))) == error

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from local.daemon import published


def test_world_json_is_there_for_a_block_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    with published(file, {"regions": {}}):
        assert json.loads(file.read_text()) == {"regions": {}}
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert list(tmp_path.iterdir()) == [file]
    assert list(tmp_path.iterdir()) == []


def test_world_json_goes_when_the_world_fails(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    with pytest.raises(LookupError), published(file, {}):
        raise LookupError
    assert not file.exists()


def test_what_a_killed_world_half_wrote_does_not_stand_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "world.new").write_text("{")
    with published(tmp_path / "world.json", {}):
        assert (tmp_path / "world.json").read_text() == "{}"

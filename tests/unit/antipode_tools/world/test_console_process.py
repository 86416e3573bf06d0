"""The console's key, which an open page has."""

from __future__ import annotations

import stat
from pathlib import Path

from antipode_tools.world.console_process import kept_key


def test_a_folder_keeps_its_key_which_its_owner_alone_may_read(tmp_path: Path) -> None:
    file = tmp_path / "console.key"
    key = kept_key(file)
    assert len(key) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept_key(file) == key
    assert kept_key(tmp_path / "another.key") != key


def test_a_key_that_was_not_written_to_its_end_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "console.key"
    file.touch(mode=0o644)
    assert len(kept_key(file)) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

from __future__ import annotations

from pathlib import Path

import pytest

from antipode_tools.world.engine.engine import EngineInstallation


@pytest.fixture
def installation(tmp_path: Path) -> EngineInstallation:
    (tmp_path / "antipode_tools/world/engine").mkdir(parents=True)
    (tmp_path / "antipode_tools/world/engine/engine.lock").write_text("ministack==1.0\n")
    (tmp_path / "shared" / "engine").mkdir(parents=True)
    return EngineInstallation(tmp_path, tmp_path / "shared")


def test_an_environment_that_was_not_finished_is_not_current(
    installation: EngineInstallation,
) -> None:
    assert not installation.current


async def test_a_current_environment_is_left_as_it_is(
    installation: EngineInstallation, tmp_path: Path
) -> None:
    stamp = tmp_path / "shared" / "engine" / "installed"
    stamp.write_text(installation.wanted())
    assert installation.current
    await installation.install(environment={}, log=tmp_path / "log")
    assert not (tmp_path / "log").exists()


def test_an_environment_of_another_lock_file_is_not_current(
    installation: EngineInstallation, tmp_path: Path
) -> None:
    (tmp_path / "shared" / "engine" / "installed").write_text(installation.wanted())
    (tmp_path / "antipode_tools/world/engine/engine.lock").write_text("ministack==2.0\n")
    assert not installation.current

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.project import make_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with two Regions, Ireland and Sydney."""
    return make_project(tmp_path)

from __future__ import annotations

from pathlib import Path

import pytest

from .reading import Node, load_file

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def template(root: Path) -> Node:
    return load_file(root / "template.yaml")

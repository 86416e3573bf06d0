from __future__ import annotations

from pathlib import Path

import pytest

from .reading import Node, load

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def template_text(root: Path) -> str:
    return (root / "template.yaml").read_text()


@pytest.fixture(scope="session")
def template(template_text: str) -> Node:
    return load(template_text)

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from .evaluate import Stack
from .reading import Node, load
from .variants import all_stacks

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


@pytest.fixture(scope="session")
def every_stack(template: Node) -> Mapping[str, Stack]:
    """Of each variant in the home Region and in another: `production in eu-west-1`."""
    return dict(all_stacks(template))

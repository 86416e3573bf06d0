"""The edge's stack, worked out with and without its options."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.template.reading import Node, load_file

TEMPLATE = Path(__file__).parents[2] / "edge" / "template.yaml"


@pytest.fixture(scope="session")
def template() -> Node:
    return load_file(TEMPLATE)

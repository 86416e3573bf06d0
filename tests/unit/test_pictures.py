"""The pictures that the docs show are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser.pictures import SCHEMES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", ["README.md", "docs/console.md"])
def test_a_picture_is_shown_in_light_and_dark(page: str) -> None:
    file = ROOT / page
    shown = re.findall(r'(?:src|srcset)="([\w./-]+)-(\w+)\.png"', file.read_text())
    assert {scheme for _, scheme in shown} == {*SCHEMES}
    assert all((file.parent / f"{name}-{scheme}.png").is_file() for name, scheme in shown)

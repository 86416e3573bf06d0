"""Locks name what is installed by its hash, and no place to fetch it from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from antipode_tools.project.config import project_root

ROOT = project_root()
OF_PYTHON = re.findall(r"--output-file (\S+)", (ROOT / "Makefile").read_text())


def test_npms_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "tests" / "clients" / "package-lock.json").read_text())
    packages = [each for path, each in lock["packages"].items() if path]
    assert packages
    assert [each for each in packages if "resolved" in each or "integrity" not in each] == []


@pytest.mark.parametrize("name", OF_PYTHON)
def test_a_lock_of_python_names_no_index(name: str) -> None:
    text = Path(ROOT / name).read_text()
    assert "--hash=sha256:" in text
    assert re.findall(r"https?://\S+|^ *--(?:extra-)?(?:index|find)\S*", text, re.MULTILINE) == []

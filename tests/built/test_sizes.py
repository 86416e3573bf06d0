"""How large what is deployed is, held against docs/performance.md."""

from __future__ import annotations

import re
from pathlib import Path

from bench.artefacts import zipped

KB, MB = 1_000, 1_000_000
UNITS = {"KB": KB, "MB": MB}
# Code and layers of one function together. Lambda takes no more.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
UNZIPPED_LIMIT = 250 * MB


def size(text: str) -> float:
    number, unit = text.split()
    return float(number) * UNITS[unit]


def test_what_is_deployed_is_no_larger_than_it_may_be(build: Path, root: Path) -> None:
    page = (root / "docs/performance.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+ .B) \| under (\d+ .B) \|$", page, re.MULTILINE)
    built = {folder.name for folder in build.iterdir() if folder.is_dir()}
    assert {name for name, _, _ in rows} == built
    sizes = {name: zipped(build / name) for name, _, _ in rows}
    assert {name: sizes[name] for name, _, aim in rows if sizes[name] >= size(aim)} == {}
    assert {name: sizes[name] for name, seen, _ in rows if sizes[name] > 1.5 * size(seen)} == {}


def test_all_of_it_together_is_far_from_lambdas_limit(build: Path) -> None:
    files = [path for folder in build.iterdir() if folder.is_dir() for path in folder.rglob("*")]
    assert sum(path.stat().st_size for path in files if path.is_file()) < UNZIPPED_LIMIT / 5

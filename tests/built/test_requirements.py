"""What is shipped is what the lock says: the same versions, the same hashes."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LAMBDA = {"python_version": "3.13", "python_full_version": "3.13.0", "sys_platform": "linux"}

Pins = dict[str, tuple[str, frozenset[str]]]


def pins(path: Path) -> Pins:
    """The version and the hashes of every requirement in a file."""
    found: Pins = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", path.read_text()):
        pinned = re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", entry)
        if pinned is not None:
            hashes = frozenset(re.findall(r"--hash=(\S+)", entry))
            found[canonicalize_name(pinned[1])] = (pinned[2], hashes)
    return found


def needed(names: list[str]) -> set[str]:
    """Distributions by name, with everything that they need in Lambda."""
    found: set[str] = set()
    waiting = [canonicalize_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for text in requires(name) or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({**LAMBDA, "extra": ""}):
                waiting.append(canonicalize_name(requirement.name))
    return found


PARTS = ("layer", "authorizer", "asymmetric")


@pytest.mark.parametrize("part", PARTS)
def test_every_requirement_of_a_part_is_pinned_as_in_the_lock(root: Path, part: str) -> None:
    shipped = pins(root / "src" / part / "requirements.txt")
    lock = pins(root / "requirements.lock")
    assert shipped == {name: lock[name] for name in shipped}
    assert all(hashes for _, hashes in shipped.values())


@pytest.mark.parametrize("part", PARTS)
def test_a_part_requires_its_group_with_all_that_needs_and_nothing_else(
    root: Path, part: str
) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())
    group = [Requirement(text).name for text in project["dependency-groups"][part]]
    assert set(pins(root / "src" / part / "requirements.txt")) == needed(group)


@pytest.mark.parametrize("part", PARTS)
def test_the_requirements_name_no_registry(root: Path, part: str) -> None:
    text = (root / "src" / part / "requirements.txt").read_text()
    assert "://" not in text
    assert "index-url" not in text

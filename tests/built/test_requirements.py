"""The layer's requirements are those of the lock: the same versions, the same hashes."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

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


def test_every_requirement_of_the_layer_is_pinned_as_in_the_lock(root: Path) -> None:
    layer = pins(root / "src" / "layer" / "requirements.txt")
    lock = pins(root / "requirements.lock")
    assert layer == {name: lock[name] for name in layer}
    assert all(hashes for _, hashes in layer.values())


def test_the_layer_requires_its_group_with_all_that_needs_and_nothing_else(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())
    group = [Requirement(text).name for text in project["dependency-groups"]["layer"]]
    assert set(pins(root / "src" / "layer" / "requirements.txt")) == needed(group)


def test_the_requirements_name_no_registry(root: Path) -> None:
    text = (root / "src" / "layer" / "requirements.txt").read_text()
    assert "://" not in text
    assert "index-url" not in text

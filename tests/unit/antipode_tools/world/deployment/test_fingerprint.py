"""What a world is made from, and when it is another."""

from __future__ import annotations

from pathlib import Path

import pytest

from antipode_tools.project.config import WorldConfig, load
from antipode_tools.world.deployment.fingerprint import Project
from tests.fakes.project import SAMCONFIG, make_project

FILES = ("template.yaml", "graphql/models.graphql", "graphql/resolvers/get.js", "src/relay/app.py")


@pytest.fixture
def config(tmp_path: Path) -> WorldConfig:
    """A project of a few files, and its world in Ireland alone."""
    for name in FILES:
        put(tmp_path, name, "as it was")
    return load(root=make_project(tmp_path), names=["ireland"])


def put(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def test_what_was_only_read_again_is_the_same(config: WorldConfig) -> None:
    first, second = Project.read(config), Project.read(config)
    assert second.changed_since(first) == []
    assert second.digest == first.digest


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_built_or_deployed_makes_it_another(config: WorldConfig, name: str) -> None:
    before = Project.read(config)
    put(config.root, name, "as it is now")
    assert Project.read(config).changed_since(before) == [name]
    assert Project.read(config).digest != before.digest


def test_what_came_and_what_went_are_changes(config: WorldConfig) -> None:
    before = Project.read(config)
    put(config.root, "src/relay/new.py", "")
    (config.root / "src/relay/app.py").unlink()
    (config.root / "template.yaml").unlink()
    assert Project.read(config).changed_since(before) == [
        "src/relay/app.py",
        "src/relay/new.py",
        "template.yaml",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "tests/test.py",
        "src/relay/__pycache__/app.pyc",
        "src/.mypy_cache/app.json",
        "graphql/.models.graphql.swp",
        "graphql/models.graphql~",
    ],
)
def test_what_goes_into_no_stack_is_no_change(config: WorldConfig, name: str) -> None:
    before = Project.read(config)
    put(config.root, name, "new")
    assert Project.read(config).changed_since(before) == []


def test_of_samconfig_what_its_regions_are_deployed_with_counts(config: WorldConfig) -> None:
    before = Project.read(config)
    sydney = SAMCONFIG.replace('"ap-southeast-2"', '"us-east-1"')
    put(config.root, "samconfig.toml", f"# A comment.\n{sydney}")
    assert Project.read(config).changed_since(before) == []
    more = '[ireland.deploy.parameters]\nparameter_overrides = "Introspection=ENABLED"\n'
    put(config.root, "samconfig.toml", f"{SAMCONFIG}\n{more}")
    assert Project.read(config).changed_since(before) == ["ireland in samconfig.toml"]

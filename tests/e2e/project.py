"""A project with models of its own, as a user would make it from this one."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import WorldConfig, load, project_root
from antipode_tools.schema import resolved
from antipode_tools.schema.command import MODELS, TEMPLATE, schema

# A model whose items have owners.
NOTE = """
type Note @model @auth(rules: [{ allow: owner }]) {
  id: ID!
  owner: String @index(name: "mine", sortKeyFields: ["createdAt"], queryField: "notesMine")
  text: String
}
"""
# A model whose table is called otherwise, as one that was there before.
MEMO = """
type Memo @model(table: "Memo-abc123-prod") {
  id: ID!
  text: String @index(name: "byText", queryField: "memosByText")
}
"""
DOMAIN = "api.example.com"
# The parameters by which the Regions have one name.
SHARED_NAME = f'DomainName = "{DOMAIN}"\nHostedZoneId = "Z0123456789"\n'

# README and licence are what the template's metadata points to, which the SAM CLI uploads.
_FILES = (
    "samconfig.toml",
    TEMPLATE,
    "antipode_tools/world/engine/engine.lock",
    "README.md",
    "LICENSE",
)
_FOLDERS = ("graphql", "src")


def project(
    folder: Path,
    models: str,
    *,
    auth: Sequence[AuthMode] = (),
    example: str | None = None,
    operations: Path | None = None,
) -> Path:
    """The repository with these models instead of its own, and `antipode schema` run on them.

    Args:
        auth: how clients sign in, by default as in the repository.
        example: whose operations and functions are put into it as well.
        operations: a folder of others.
    """
    for name in _FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(project_root() / name, folder / name)
    for name in _FOLDERS:
        shutil.copytree(
            project_root() / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    (folder / MODELS).write_text(models)
    if example:
        _put(project_root() / "examples" / example, folder)
    if operations:
        shutil.copytree(operations, folder / resolved.FOLDER, dirs_exist_ok=True)
    assert schema(folder, check=False, auth=auth) == 0
    return folder


def _put(example: Path, folder: Path) -> None:
    """As the example's own words have it: its folders beside the project's, and the part of the
    template among the resources."""
    for name in _FOLDERS:
        shutil.copytree(example / name, folder / name, dirs_exist_ok=True)
    template = (folder / TEMPLATE).read_text()
    function = (example / "function.yaml").read_text()
    (folder / TEMPLATE).write_text(
        template.replace("\nResources:\n", f"\nResources:\n{function}", 1)
    )


def examples(*names: str) -> str:
    """The models of some of the examples, as one file."""
    return "\n".join(
        (project_root() / "examples" / name / "models.graphql").read_text() for name in names
    )


def config_of(root: Path, state: Path, *, tls: bool = False) -> WorldConfig:
    """A world of a project; the engine and the build cache are the repository's."""
    config = load(root=root, port=0, state=state, tls=tls)
    return replace(config, shared=project_root() / ".local")

"""The generated files beside each example, and one schema for each mode of signing in.

`python -m tests.unit.ops.schema.golden` writes them anew, to be reviewed as a diff.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from local.config import project_root
from ops.schema.compiler import compile_models
from ops.schema.modes import Mode

EXAMPLES = ("order", "todo")


def folder(example: str) -> Path:
    return project_root() / "examples" / example


def generated(example: str) -> Mapping[str, str]:
    """What the example's models ask for, by the name of the file."""
    compiled = compile_models((folder(example) / "models.graphql").read_text())
    return {
        "schema.graphql": compiled.schema,
        "publish.json": compiled.documents,
        "fields.json": compiled.fields,
        "mappings.yaml": compiled.mappings,
    }


def modes() -> Path:
    """Where the models are that have a schema for each mode."""
    return Path(__file__).parent / "modes"


def of_mode(mode: Mode) -> str:
    """Their schema for one."""
    return compile_models((modes() / "models.graphql").read_text(), mode=mode).schema


if __name__ == "__main__":
    for example in EXAMPLES:
        for name, text in generated(example).items():
            (folder(example) / name).write_text(text)
    for mode in Mode:
        (modes() / f"{mode}.graphql").write_text(of_mode(mode))

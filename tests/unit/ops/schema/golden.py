"""The generated files beside each example.

`python -m tests.unit.ops.schema.golden` writes them anew, to be reviewed as a diff.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from local.config import project_root
from ops.schema.compiler import compile_models

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


if __name__ == "__main__":
    for example in EXAMPLES:
        for name, text in generated(example).items():
            (folder(example) / name).write_text(text)

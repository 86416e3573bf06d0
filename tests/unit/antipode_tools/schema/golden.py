"""The generated files beside each example, and one schema for each mode of signing in.

`python -m tests.unit.antipode_tools.schema.golden` writes them anew, to be reviewed as a diff.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import project_root
from antipode_tools.schema.compiler import Compiled, compile_models

# By the mode that each is made for: API keys tell nobody from another, orders have owners,
# and the board's operations have scopes.
EXAMPLES = {
    "board": AuthMode.AWS_LAMBDA,
    "order": AuthMode.AWS_LAMBDA,
    "todo": AuthMode.API_KEY,
}


def folder(example: str) -> Path:
    return project_root() / "examples" / example


def operations(example: str) -> list[str]:
    """The example's own resolvers, by the names of their files."""
    return sorted(each.name for each in (folder(example) / "graphql").glob("operations/*.js"))


def compiled(example: str) -> Compiled:
    """What follows from the example's models."""
    return compile_models(
        (folder(example) / "models.graphql").read_text(),
        modes=[EXAMPLES[example]],
        files=operations(example),
    )


def generated(example: str) -> Mapping[str, str]:
    """What the example's models ask for, by the name of the file."""
    texts = compiled(example)
    return {
        "schema.graphql": texts.schema,
        "operations.graphql": texts.operations,
        "publish.json": texts.documents,
        "fields.json": texts.fields,
        "mappings.yaml": texts.mappings,
    }


def modes() -> Path:
    """Where the models are that have a schema for each mode."""
    return Path(__file__).parent / "modes"


def of_mode(mode: AuthMode) -> str:
    """Their schema for one."""
    return compile_models((modes() / "models.graphql").read_text(), modes=[mode]).schema


if __name__ == "__main__":
    for example in EXAMPLES:
        for name, text in generated(example).items():
            (folder(example) / name).write_text(text)
    for mode in AuthMode:
        (modes() / f"{mode}.graphql").write_text(of_mode(mode))

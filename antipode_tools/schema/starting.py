"""`antipode init`: a small models' file to begin with, and one operation, where there are none."""

from __future__ import annotations

from pathlib import Path

import typer

from antipode_tools.schema.command import MODELS, OWN, Faults, schema

_STARTER = Path(__file__).with_name("starter")


def init(root: Path, *, faults: Faults = lambda _: (), deployed: bool = True) -> int:
    """Writes both into the project in `root`, and what is generated from them. Whatever is there
    stays.

    Args:
        deployed: the models that were there before may be.

    Returns the exit code: 1 if there are models or operations, or nothing could be generated.
    """
    if there := _there(root):
        typer.echo(
            f"✖ {there[0]} is there already, and init writes over nothing: change it and run "
            "antipode schema, or remove it first",
            err=True,
        )
        return 1
    (root / OWN).mkdir(exist_ok=True)
    for source in sorted(_STARTER.iterdir()):
        written = MODELS if source.suffix == ".graphql" else f"{OWN}/{source.name}"
        (root / written).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    # The operation is told of with the helpers that are written into it.
    typer.echo(f"{MODELS} is written", err=True)
    code = schema(root, check=False, faults=faults, deployed=deployed)
    if code == 0:
        typer.echo("next: make up", err=True)
    return code


def _there(root: Path) -> list[str]:
    """The models' file and the operations that the project has."""
    found = [root / MODELS, *sorted((root / OWN).glob("*.js"))]
    return [str(each.relative_to(root)) for each in found if each.exists()]

"""The arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from antipode_tools.operate.stacks.where import Where

SETTINGS = {"help_option_names": ["-h", "--help"]}

RegionArgument = Annotated[str, typer.Argument(help="ireland, or eu-west-1.")]
PortOption = Annotated[
    int | None,
    typer.Option(
        envvar="ANTIPODE_PORT",
        min=1,
        max=65_000,
        help="The engine's port; the Regions take the ports after it.",
        show_default="4000",
    ),
]
RegionsOption = Annotated[
    str,
    typer.Option(
        help="Environments of samconfig.toml, separated by commas: ireland,sydney.",
        show_default="the first of each Region",
    ),
]
StateOption = Annotated[
    Path | None,
    typer.Option(
        envvar="ANTIPODE_STATE",
        help="The world's folder, for world.json, logs and temporary files.",
        show_default=".local",
    ),
]
WhereOption = Annotated[
    Where | None,
    typer.Option(help="The local world or AWS; by default the local world if it is running."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
]
StageOption = Annotated[
    str,
    typer.Option(
        envvar="ANTIPODE_STAGE",
        help="A stage of stages.toml, whose Regions are meant.",
        show_default="production",
    ),
]
TlsOption = Annotated[
    bool, typer.Option("--tls", help="Serve each Region over TLS as well, on a second port.")
]

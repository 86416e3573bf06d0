"""The local world that a command is for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from antipode_tools.project.config import WorldConfig


def config_of(
    port: int | None = None, regions: str = "", state: Path | None = None, *, tls: bool = False
) -> WorldConfig:
    """What the options of a command describe.

    Raises:
        typer.BadParameter: samconfig.toml has no such Regions, or cannot be read.
    """
    from antipode_tools.project.config import DEFAULT_PORT, load, project_root
    from antipode_tools.project.regions import ConfigError

    names = [name.strip() for name in regions.split(",") if name.strip()]
    try:
        first = port or DEFAULT_PORT
        return load(root=project_root(), names=names, port=first, state=state, tls=tls)
    except ConfigError as error:
        raise typer.BadParameter(str(error)) from error

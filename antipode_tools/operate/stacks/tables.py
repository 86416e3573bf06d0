"""The names of the project's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from antipode.errors import AntipodeError
from antipode.relay.documents import load

from antipode_tools.operate.stacks.errors import UsageError
from antipode_tools.project.regions import Region
from antipode_tools.project.tables import is_named, table_of


def models(root: Path) -> Sequence[str]:
    """The project's models, as its relay knows them.

    Raises:
        UsageError: what its relay reads is missing, or of another version.
    """
    try:
        return tuple(load((root / "src/relay/publish.json").read_text(encoding="utf-8")))
    except (OSError, AntipodeError) as error:
        raise UsageError(f"the models cannot be read, run antipode schema: {error}") from error


def table_names(root: Path, region: Region) -> Sequence[str]:
    """The tables of a Region's stack, one for each model.

    Raises:
        UsageError: what its relay reads is missing, or of another version.
    """
    return [table_of(region, model) for model in models(root)]


def named_tables(root: Path, region: Region) -> Mapping[str, str]:
    """The models of those of them that @model(table:) names, by the tables.

    Raises:
        UsageError: what its relay reads is missing, or of another version.
    """
    return {table_of(region, model): model for model in models(root) if is_named(region, model)}

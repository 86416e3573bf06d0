"""The names of the project's tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from antipode.errors import AntipodeError
from antipode.relay.documents import load

from antipode_tools.operate.stacks.errors import UsageError


def models(root: Path) -> Sequence[str]:
    """The project's models, as its relay knows them.

    Raises:
        UsageError: what its relay reads is missing, or of another version.
    """
    try:
        return tuple(load((root / "src/relay/publish.json").read_text(encoding="utf-8")))
    except (OSError, AntipodeError) as error:
        raise UsageError(f"the models cannot be read, run antipode schema: {error}") from error


def table_names(root: Path, stack: str) -> Sequence[str]:
    """The tables of a stack, by the template's rule."""
    return [f"{stack}-{model}" for model in models(root)]

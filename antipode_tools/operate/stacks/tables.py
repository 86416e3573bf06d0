"""The names of the project's tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from antipode.relay.documents import load


def models(root: Path) -> Sequence[str]:
    """The project's models, as its relay knows them."""
    return tuple(load((root / "src/relay/publish.json").read_text(encoding="utf-8")))


def table_names(root: Path, stack: str) -> Sequence[str]:
    """The tables of a stack, by the template's rule."""
    return [f"{stack}-{model}" for model in models(root)]

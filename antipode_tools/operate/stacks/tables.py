"""The names of the project's tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path


def models(root: Path) -> Sequence[str]:
    """The project's models, as its relay knows them."""
    return tuple(json.loads((root / "src/relay/publish.json").read_text(encoding="utf-8")))


def table_names(root: Path, stack: str) -> Sequence[str]:
    """The tables of a stack, by the template's rule."""
    return [f"{stack}-{model}" for model in models(root)]

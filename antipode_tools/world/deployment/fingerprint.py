"""Fingerprints what a world is made from, to see whether the project has changed since."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from antipode_tools.project.config import WorldConfig

_TEMPLATE = "template.yaml"
_FOLDERS = ("graphql", "src")


@dataclass(frozen=True)
class Project:
    """What is built and deployed, part by part.

    Args:
        parts: a digest of each file, by its path, and of each Region's part of samconfig.toml.
    """

    parts: Mapping[str, str]

    @classmethod
    def read(cls, config: WorldConfig) -> Self:
        """Read the project as it is now."""
        return cls({**dict(_files(config.root)), **dict(_settings(config))})

    @property
    def digest(self) -> str:
        """One for all of it."""
        return _digest(json.dumps(dict(self.parts), sort_keys=True).encode())

    def changed_since(self, earlier: Project) -> list[str]:
        """The parts that were added, changed or removed."""
        return sorted(
            name
            for name in self.parts.keys() | earlier.parts.keys()
            if self.parts.get(name) != earlier.parts.get(name)
        )


def _files(root: Path) -> Iterator[tuple[str, str]]:
    paths = (path for folder in _FOLDERS for path in (root / folder).rglob("*"))
    for path in [root / _TEMPLATE, *paths]:
        name = path.relative_to(root)
        if not path.is_dir() and not any(map(_left_out, name.parts)):
            with suppress(FileNotFoundError):  # an editor may be writing it
                yield str(name), _digest(path.read_bytes())


def _left_out(name: str) -> bool:
    """Whether a program left it beside the sources for itself."""
    return name.startswith(".") or name == "__pycache__" or name.endswith("~")


def _settings(config: WorldConfig) -> Iterator[tuple[str, str]]:
    document = tomllib.loads(config.samconfig.read_text(encoding="utf-8"))
    for region in config.regions:
        settings = json.dumps(document[region.name], sort_keys=True, default=str)
        yield f"{region.name} in {config.samconfig.name}", _digest(settings.encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

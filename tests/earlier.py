"""What was deployed before, by which upgrades are tried: the template, the API and the functions.

`earlier.tar.gz` is a release's, and until there is one the project's as of 2026-11-26 20:55, which
this made:

    git archive --format=tar.gz --output tests/earlier.tar.gz 8211897 template.yaml samconfig.toml \
        graphql src README.md LICENSE antipode_tools/world/engine/engine.lock

A shallow clone has no earlier commits, so that it is kept here. CONTRIBUTING.md says when anew.
"""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

_ARCHIVE = Path(__file__).with_suffix(".tar.gz")


def unpack(folder: Path) -> Path:
    """The earlier version as a project in a folder."""
    with tarfile.open(_ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder


def clear(folder: Path) -> None:
    """Takes the earlier version's files out of the folder again; what else is there stays."""
    with tarfile.open(_ARCHIVE) as archive:
        names = {member.name.partition("/")[0] for member in archive.getmembers()}
    for name in names:
        there = folder / name
        if there.is_dir():
            shutil.rmtree(there)
        else:
            there.unlink(missing_ok=True)


def text(name: str) -> str:
    """One of its files."""
    with tarfile.open(_ARCHIVE) as archive:
        file = archive.extractfile(name)
        assert file is not None
        return file.read().decode()

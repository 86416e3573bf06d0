"""Which tests share a process, and in which order processes take them up."""

from __future__ import annotations

from pathlib import PurePosixPath

from xdist.scheduler import (  # type: ignore[import-untyped] # pytest-xdist comes without types
    LoadFileScheduling,
)

# What takes longest is started first, so that no process ends with it alone.
_SLOW = ("tests/e2e", "tests/built", "tests/integration", "tests/template")


def scope(nodeid: str) -> str:
    """The file of a test; of those in a folder of tests/e2e, which share a world, the folder."""
    file = PurePosixPath(nodeid.partition("::")[0])
    in_folder = file.parts[:2] == ("tests", "e2e") and len(file.parts) > 3
    return str(PurePosixPath(*file.parts[:3]) if in_folder else file)


def position(nodeid: str) -> tuple[int, bool]:
    """Sorts tests by how long their folders take, and in tests/e2e those of shared worlds first."""
    folder = "/".join(nodeid.split("/")[:2])
    slow = _SLOW.index(folder) if folder in _SLOW else len(_SLOW)
    return slow, scope(nodeid).endswith(".py")


class ByScope(LoadFileScheduling):  # type: ignore[misc] # as above
    """Keeps the tests of one scope in one process.

    `--dist loadgroup` would do, but pytest-xdist 3.8 does not group with pytest 9.2:
    https://github.com/pytest-dev/pytest-xdist/issues/1386
    """

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)

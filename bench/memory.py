"""The memory of a process and of all that it started, from Linux's /proc.

The proportional set size (PSS) shares each page out among the processes that have it: the sum over
processes is what they take together.
https://man7.org/linux/man-pages/man5/proc_pid_smaps.5.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")

# Whether this machine tells: Linux does.
AVAILABLE = (_PROC / "self" / "smaps_rollup").exists()


@dataclass(frozen=True)
class WorldMemory:
    """MB of PSS: of the process that serves AppSync and polls, the engine, and the functions."""

    world: float
    engine: float
    functions: float

    @property
    def total(self) -> float:
        return self.world + self.engine + self.functions


def of_world(pid: int) -> WorldMemory:
    """The memory of the world that has this process."""
    processes = list(by_depth(pid, dict(_parents())))
    return WorldMemory(
        world=sum(_pss_mb(each) for each, depth in processes if depth == 0),
        # A shell that holds its leash, and the engine itself.
        engine=sum(_pss_mb(each) for each, depth in processes if depth in (1, 2)),
        functions=sum(_pss_mb(each) for each, depth in processes if depth > 2),
    )


def pss_mb(rollup: str) -> float:
    """MB of the process whose `smaps_rollup` this is."""
    lines = (line.split() for line in rollup.splitlines())
    return next(int(line[1]) / 1024 for line in lines if line[0] == "Pss:")


def parent(stat: str) -> int:
    """The parent of the process whose `stat` this is; its name, in brackets, may be anything."""
    return int(stat.rpartition(")")[2].split()[1])


def by_depth(root: int, parents: Mapping[int, int], depth: int = 0) -> Iterator[tuple[int, int]]:
    """A process and all below it, each with how far below, from the parent of each process."""
    yield root, depth
    for child in [pid for pid, its_parent in parents.items() if its_parent == root]:
        yield from by_depth(child, parents, depth + 1)


def _parents() -> Iterator[tuple[int, int]]:
    for folder in _PROC.glob("[0-9]*"):
        with suppress(OSError):  # it has ended in between
            yield int(folder.name), parent((folder / "stat").read_text())


def _pss_mb(pid: int) -> float:
    return pss_mb((_PROC / str(pid) / "smaps_rollup").read_text())

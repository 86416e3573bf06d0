"""Whether a local world runs, as any process can tell from its lock and its file.

Looking changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from antipode_tools.project import world_file
from antipode_tools.project.config import WorldConfig
from antipode_tools.project.lock import holder
from antipode_tools.project.world_file import WorldFile


class Life(StrEnum):
    """The state of a world."""

    RUNNING = "running"
    CHANGING = "starting or ending"
    ABSENT = "not running"


@dataclass(frozen=True)
class Found:
    """A world, as it was found.

    Args:
        pid: its process, if it has one.
        world: what its file says, while it runs.
        remains: whether a world that was killed left files behind.
    """

    life: Life
    pid: int | None = None
    world: WorldFile | None = None
    remains: bool = False


def find(config: WorldConfig) -> Found:
    """Look for the world.

    Raises:
        WorldFileError: it runs, and another version of this program started it.
    """
    pid = holder(config.lock_file)
    if pid is None:
        remains = config.world_file.exists() or config.run.exists()
        return Found(Life.ABSENT, remains=remains)
    try:
        world = world_file.read(config.world_file)
    except FileNotFoundError:
        return Found(Life.CHANGING, pid)
    if world.pids.world != pid:  # a killed world left it, and the one that starts removes it
        return Found(Life.CHANGING, pid)
    return Found(Life.RUNNING, pid, world)

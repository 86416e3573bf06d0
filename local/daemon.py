"""The process that a running local world is: `python -m local.daemon`, started by `antipode up`.

It tells its progress on standard output, a JSON object a line, until the world is ready or has
failed. Then it lets go of standard output, and lives until it is told to end or something breaks.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from local.config import WorldConfig, load, project_root
from local.errors import WorldError
from local.lock import Lock
from local.progress import Step
from local.world import World

log = logging.getLogger(__name__)

_STDOUT = 1

# Whoever asks whether the world runs holds the lock for a moment: then it is tried again.
_LOCK_TRIES = 60
_LOCK_PAUSE_S = 0.05


def main() -> None:
    """Live as the world that the one argument describes: JSON with load's arguments."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    wanted = json.loads(sys.argv[1])
    config = load(
        root=project_root(),
        names=wanted["names"],
        port=wanted["port"],
        state=Path(wanted["state"]),
        samconfig=Path(wanted["samconfig"]),
    )
    sys.exit(asyncio.run(_live(config)))


async def _live(config: WorldConfig) -> int:
    if not await _alone(config.lock_file):
        error = WorldError("the world cannot start", "another one has started in this moment")
        _tell({"failed": error.as_json()})
        return 1
    world = asyncio.create_task(_run(config))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, world.cancel)
    try:
        await world
    except asyncio.CancelledError:
        return 0
    except WorldError as error:
        log.error("%s", error)
        _tell({"failed": error.as_json()})
    except Exception as error:  # whatever it was, the reader gets it in our form
        log.exception("the world ended by a mistake of its own")
        mistake = WorldError(
            "the world ended by a mistake of its own", repr(error), log=config.logs
        )
        _tell({"failed": mistake.as_json()})
    return 1


async def _alone(file: Path) -> bool:
    for _ in range(_LOCK_TRIES):
        if Lock.take(file):
            return True
        await asyncio.sleep(_LOCK_PAUSE_S)
    return False


async def _run(config: WorldConfig) -> None:
    async with World(config, report=_tell_step) as world:
        with published(config.world_file, world.as_json()):
            _tell({"ready": True})
            _let_go_of_stdout()
            raise await world.broken()


@contextmanager
def published(file: Path, world: dict[str, Any]) -> Iterator[None]:
    """world.json for the length of a block: whole or not there, and for the user's eyes alone."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        json.dump(world, output, indent=2)
    new.rename(file)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _tell_step(step: Step) -> None:
    _tell({"step": asdict(step)})


def _tell(event: dict[str, Any]) -> None:
    with suppress(OSError):  # nobody may be listening any more
        os.write(_STDOUT, json.dumps(event).encode() + b"\n")


def _let_go_of_stdout() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDOUT)
    os.close(nowhere)


if __name__ == "__main__":
    main()

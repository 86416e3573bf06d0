"""The process of a running local world: `python -m antipode_tools.world.daemon`.

`antipode up` starts it.

It reports its progress on standard output, one JSON object per line, until the world is ready or
has failed. Then it lets go of standard output, and runs until it is told to stop or something
breaks. It reports an update in the same way, in a file.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, BinaryIO

from antipode_tools.project import world_file
from antipode_tools.project.config import WorldConfig
from antipode_tools.project.lock import Lock
from antipode_tools.project.world_file import Control, WorldFile
from antipode_tools.world.console_process import console
from antipode_tools.world.control import UPDATE
from antipode_tools.world.deployment.update import Update
from antipode_tools.world.errors import AFRESH, WorldError
from antipode_tools.world.listeners import take
from antipode_tools.world.progress import Report, Step
from antipode_tools.world.world import World
from localaws.sockets import free_port, listen

log = logging.getLogger(__name__)

_STDOUT = 1

# Whoever checks whether the world runs holds the lock for a moment, so taking it is retried.
_LOCK_TRIES = 60
_LOCK_PAUSE_S = 0.05


def main() -> None:
    """Run the world that the one argument describes: a WorldConfig as JSON."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    sys.exit(asyncio.run(_live(WorldConfig.from_json(json.loads(sys.argv[1])))))


async def _live(config: WorldConfig) -> int:
    if not await _alone(config.lock_file):
        error = WorldError("the world cannot start", "another one started at the same moment")
        _tell({"failed": error.as_json()})
        return 1
    config.world_file.unlink(missing_ok=True)  # a killed world may have left it
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
    except Exception as error:  # the user sees every failure in the same form
        log.exception("the world failed unexpectedly")
        mistake = WorldError("the world failed unexpectedly", repr(error), log=config.logs)
        _tell({"failed": mistake.as_json()})
    return 1


async def _alone(file: Path) -> bool:
    for _ in range(_LOCK_TRIES):
        if Lock.take(file):
            return True
        await asyncio.sleep(_LOCK_PAUSE_S)
    return False


async def _run(config: WorldConfig) -> None:
    asked = asyncio.Event()
    # Before anything else: without a handler the signal would end the process.
    asyncio.get_running_loop().add_signal_handler(UPDATE, asked.set)
    take(config, free_port, config.port)  # of a world that runs already, the first port is named
    with closing(take(config, listen, config.console_port)) as listener:
        async with (
            World.started(config, report=_tell_step) as world,
            console(config, listener) as page,
        ):
            await _tend(world, page, asked)


async def _tend(world: World, page: Control, asked: asyncio.Event) -> None:
    with published(world.config.world_file, lambda: replace(world.told, console=page)) as publish:
        world.watch(publish)
        updating = asyncio.create_task(_update(world, asked), name="updates")
        _tell({"ready": True})
        _let_go_of_stdout()
        try:
            raise await world.broken()
        finally:
            updating.cancel()
            await asyncio.wait([updating])


async def _update(world: World, asked: asyncio.Event) -> None:
    """Update the world whenever somebody asks, one update at a time."""
    while True:
        await asked.wait()
        asked.clear()
        with world.config.update_file.open("ab", buffering=0) as output:
            await answered(world.update, output)


async def answered(update: Callable[[Report], Awaitable[Update | None]], output: BinaryIO) -> None:
    """Run one update, and report its steps, then what it did or why it failed."""

    def tell(event: dict[str, Any]) -> None:
        output.write(_line(event))

    try:
        done = await update(lambda step: tell({"step": asdict(step)}))
    except WorldError as error:
        log.error("%s", error)
        tell({"failed": error.as_json()})
    except Exception as error:  # the world goes on
        log.exception("an update failed by a mistake of the world's")
        tell({"failed": WorldError("the update failed", repr(error), AFRESH).as_json()})
    else:
        tell({"updated": done.as_json()} if done else {"ready": True})


@contextmanager
def published(file: Path, world: Callable[[], WorldFile]) -> Iterator[Callable[[], None]]:
    """Keep the world's file for the length of a block; yields a function that rewrites it."""

    def publish() -> None:
        if file.exists():
            world_file.write(file, world())

    world_file.write(file, world())
    try:
        yield publish
    finally:
        file.unlink(missing_ok=True)


def _tell_step(step: Step) -> None:
    _tell({"step": asdict(step)})


def _tell(event: dict[str, Any]) -> None:
    with suppress(OSError):  # nobody may be listening any more
        os.write(_STDOUT, _line(event))


def _line(event: dict[str, Any]) -> bytes:
    return json.dumps(event).encode() + b"\n"


def _let_go_of_stdout() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDOUT)
    os.close(nowhere)


if __name__ == "__main__":
    main()

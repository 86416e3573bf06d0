"""Starts, finds, updates and ends the local world's process, from any other process."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from antipode_tools.project import local_world, world_file
from antipode_tools.project.config import WorldConfig, of_regions
from antipode_tools.project.local_world import Found
from antipode_tools.project.lock import Lock, holder
from antipode_tools.project.regions import ConfigError
from antipode_tools.project.world_file import WorldFile, WorldFileError
from antipode_tools.world.deployment.fingerprint import Project
from antipode_tools.world.deployment.update import Update
from antipode_tools.world.engine.environment import isolated
from antipode_tools.world.errors import AFRESH, WorldError, unchangeable
from antipode_tools.world.progress import Report, Step

# Servers give their clients a second; everything else ends at once.
_END_WITHIN_S = 15.0
_CLEAN_WITHIN_S = 2.0
_POLL_S = 0.05

# Asks a running world for an update.
UPDATE = signal.SIGUSR1


class Ended(StrEnum):
    """What `stop` found to end, in words for the user."""

    WORLD = "down"
    REMAINS = "not running; removed what a killed world had left behind"
    NOTHING = "not running"


def find(config: WorldConfig) -> Found:
    """Look for the world.

    Raises:
        WorldError: it runs, and another version of this program started it.
    """
    try:
        return local_world.find(config)
    except WorldFileError as error:
        raise WorldError("the running world cannot be used", str(error), AFRESH) from error


def start(config: WorldConfig, report: Report) -> WorldFile:
    """Start the world as a process of its own, and follow it until it is ready.

    If interrupted, it ends the world again.

    Raises:
        WorldError: it could not start; nothing of it is left but its logs.
    """
    with _spawn(config) as daemon:
        try:
            assert daemon.stdout is not None
            _follow(daemon.stdout, config, report)
        except BaseException:
            _end(daemon.send_signal, lambda: daemon.poll() is not None)
            _remove(config)
            raise
        daemon.returncode = 0  # from here on it is not waited for
    return world_file.read(config.world_file)


def running(
    config: WorldConfig, world: WorldFile, *, ports: bool = False, regions: bool = False
) -> WorldConfig:
    """The configuration of a world that runs, which keeps its Regions and ports.

    Args:
        config: what was asked for.
        ports: whether it was asked for with these ports, and not by default.
        regions: whether it was asked for with these Regions.

    Raises:
        WorldError: it was asked for with others, which only a new world can have.
    """
    names = [region.name for region in world.regions.values()]
    port = urlsplit(world.engine_url).port
    if regions and [region.name for region in config.regions] != names:
        raise unchangeable(f"it has the Regions {', '.join(names)}")
    if ports and config.port != port:
        raise unchangeable(f"its ports begin with {port}")
    if config.tls and world.certificate_authority is None:
        raise unchangeable("it was started without --tls")
    try:
        return of_regions(config, names)
    except ConfigError as error:
        raise unchangeable(str(error)) from error


def update(config: WorldConfig, found: Found, report: Report) -> Update | None:
    """Bring a running world up to date with the project, and follow it until it is.

    Returns None if it is up to date already. If interrupted, it leaves the world to finish.

    Raises:
        WorldError: it could not; the world runs on as it was, or as far as it was changed.
    """
    assert found.pid is not None
    if found.world and Project.read(config).digest == found.world.project:
        return None
    with _alone(config.run / "update.lock"):
        config.update_file.unlink(missing_ok=True)  # an earlier update may still be writing it
        with config.update_file.open("x+b") as told:
            os.kill(found.pid, UPDATE)
            lives = partial(_holds, config, found.pid)
            return _follow(_told(told, lives), config, report)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold the lock that lets one command update at a time."""
    while (lock := Lock.take(file)) is None:
        time.sleep(_POLL_S)
    try:
        yield
    finally:
        lock.release()


def _holds(config: WorldConfig, pid: int) -> bool:
    return holder(config.lock_file) == pid


def stop(config: WorldConfig) -> Ended:
    """End the world, whatever it is doing, and remove what a killed one left behind."""
    pid = holder(config.lock_file)
    if pid is None:
        return Ended.REMAINS if _remove(config) else Ended.NOTHING
    _end(lambda number: os.kill(pid, number), lambda: not _holds(config, pid))
    with suppress(ChildProcessError):  # if this process started it
        os.waitpid(pid, 0)
    _remove(config)
    return Ended.WORLD


def _spawn(config: WorldConfig) -> subprocess.Popen[bytes]:
    home = config.regions[0].code
    environment = isolated(os.environ, run=config.run, region=home)
    if path := os.environ.get("PYTHONPATH"):
        environment["PYTHONPATH"] = path  # the program started is this project's own Python
    try:
        config.logs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorldError(
            "the world's folder cannot be made", str(error), "name another by --state"
        ) from error
    with config.daemon_log.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "antipode_tools.world.daemon", json.dumps(config.as_json())],
            cwd=config.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )


def _follow(lines: Iterable[bytes], config: WorldConfig, report: Report) -> Update | None:
    """Report the steps that a world writes, until it is done."""
    for line in lines:
        match json.loads(line):
            case {"step": fields}:
                report(Step.from_json(fields))
            case {"failed": fields}:
                raise WorldError.from_json(fields)
            case {"updated": fields}:
                return Update.from_json(fields)
            case {"ready": True}:
                return None
    raise WorldError("the world ended before it was ready", "see the log", log=config.daemon_log)


def _told(file: BinaryIO, lives: Callable[[], bool]) -> Iterator[bytes]:
    """Yield the lines that a world writes to a file, as they come, while it lives."""
    line = b""
    while True:
        living = lives()
        line += file.readline()
        if line.endswith(b"\n"):
            yield line
            line = b""
        elif living:
            time.sleep(_POLL_S)
        else:
            return


def _end(send: Callable[[int], None], gone: Callable[[], bool]) -> None:
    """Ask a process to end, then kill it. What it started ends with it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            send(number)
        if _within(_END_WITHIN_S, gone):
            return


def _remove(config: WorldConfig) -> bool:
    """Remove what a killed world left behind, unless one runs; returns whether there was any."""

    def gone() -> bool:
        shutil.rmtree(config.run, ignore_errors=True)
        return not config.run.exists()

    remains = config.world_file.exists() or config.run.exists()
    if not remains or (lock := Lock.take(config.lock_file)) is None:
        return False
    config.world_file.unlink(missing_ok=True)
    _within(_CLEAN_WITHIN_S, gone)  # a process that is just being killed may still write
    lock.release()
    return True


def _within(seconds: float, done: Callable[[], bool]) -> bool:
    """Wait until something is done; returns whether it was in time."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
    return True

"""Starting, finding and ending the process that a local world is, from any other process."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from local.config import WorldConfig
from local.environment import isolated
from local.errors import WorldError
from local.lock import Lock, holder
from local.progress import Report, Step

# Servers wait a second for their clients, everything else ends at once.
_END_WITHIN_S = 15.0
_CLEAN_WITHIN_S = 2.0
_POLL_S = 0.05

# What the daemon wrote: its readers check nothing again.
WorldJson = dict[str, Any]


class Life(StrEnum):
    """What there is of a world."""

    RUNNING = "running"
    CHANGING = "starting or ending"
    ABSENT = "not running"


@dataclass(frozen=True)
class Found:
    """A world, as it was found.

    Args:
        pid: its process, if it has one.
        world: the contents of world.json, while it runs.
        remains: whether a killed one had left files, which are gone now.
    """

    life: Life
    pid: int | None = None
    world: WorldJson | None = None
    remains: bool = False


def find(config: WorldConfig) -> Found:
    """Look for the world. What a killed one left behind is removed on the way."""
    if lock := Lock.take(config.lock_file):
        remains = config.world_file.exists() or config.run.exists()
        _clean(config)
        lock.release()
        return Found(Life.ABSENT, remains=remains)
    pid = holder(config.lock_file)
    try:
        return Found(Life.RUNNING, pid, _read(config))
    except FileNotFoundError:
        return Found(Life.CHANGING, pid)


def start(config: WorldConfig, report: Report) -> WorldJson:
    """Start the world as a process of its own, and follow it until it is ready.

    Interrupted, it ends the world again.

    Raises:
        WorldError: it could not start; nothing of it is left but its logs.
    """
    with _spawn(config) as daemon:
        try:
            _follow(daemon, config, report)
        except BaseException:
            _end(daemon.send_signal, lambda: daemon.poll() is not None)
            find(config)
            raise
        daemon.returncode = 0  # from here on it is not waited for
    return _read(config)


def stop(config: WorldConfig) -> Found:
    """End the world, whatever it is doing; returns what was found."""
    found = find(config)
    if found.pid is not None:
        pid = found.pid
        _end(lambda number: os.kill(pid, number), lambda: holder(config.lock_file) != pid)
        with suppress(ChildProcessError):  # if it was this process that had started it
            os.waitpid(pid, 0)
        find(config)
    return found


def _read(config: WorldConfig) -> WorldJson:
    world: WorldJson = json.loads(config.world_file.read_text(encoding="utf-8"))
    return world


def _spawn(config: WorldConfig) -> subprocess.Popen[bytes]:
    wanted = {
        "names": [region.name for region in config.regions],
        "port": config.port,
        "state": str(config.state),
        "samconfig": str(config.samconfig),
    }
    home = config.regions[0].code
    environment = isolated(os.environ, run=config.run, region=home)
    if path := os.environ.get("PYTHONPATH"):
        environment["PYTHONPATH"] = path  # it is this project's own Python that starts
    config.logs.mkdir(parents=True, exist_ok=True)
    with config.daemon_log.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "local.daemon", json.dumps(wanted)],
            cwd=config.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )


def _follow(daemon: subprocess.Popen[bytes], config: WorldConfig, report: Report) -> None:
    assert daemon.stdout is not None
    for line in daemon.stdout:
        match json.loads(line):
            case {"step": fields}:
                report(Step.from_json(fields))
            case {"failed": fields}:
                raise WorldError.from_json(fields)
            case {"ready": True}:
                return
    raise WorldError("the world ended before it was ready", "see the log", log=config.daemon_log)


def _end(send: Callable[[int], None], gone: Callable[[], bool]) -> None:
    """Ask a process to end, and then make it. What it started ends with it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            send(number)
        if _within(_END_WITHIN_S, gone):
            return


def _clean(config: WorldConfig) -> None:
    def gone() -> bool:
        shutil.rmtree(config.run, ignore_errors=True)
        return not config.run.exists()

    config.world_file.unlink(missing_ok=True)
    _within(_CLEAN_WITHIN_S, gone)  # a process that is just being killed may still write


def _within(seconds: float, done: Callable[[], bool]) -> bool:
    """Wait until something is done; returns whether it was in time."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
    return True

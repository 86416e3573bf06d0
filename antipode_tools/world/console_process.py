"""The console beside a world: a program of its own, which knows the world by its file.

The world takes its port first and has its key, since its file tells of both.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from antipode_tools.project.config import WorldConfig
from antipode_tools.project.world_file import Control
from antipode_tools.world.engine.process import Leashed
from antipode_tools.world.listeners import authority

# What the program is told, by its environment: arguments may be read by anybody on the machine.
WORLD, KEY = "ANTIPODE_CONSOLE_WORLD", "ANTIPODE_CONSOLE_KEY"


@asynccontextmanager
async def console(config: WorldConfig, listener: socket.socket) -> AsyncIterator[Control]:
    """Serve the console for the length of a block; tells where. If it fails, the world goes on."""
    key = kept_key(config.state / "console.key")
    told = {"world": config.as_json(), "socket": listener.fileno()}
    program = await Leashed.start(
        [sys.executable, "-m", "antipode_tools.console"],
        environment={**os.environ, WORLD: json.dumps(told), KEY: key},
        cwd=config.root,
        log=config.logs / "console.log",
        keep=[listener.fileno()],
    )
    try:
        yield Control(f"http://{authority(listener)}", key)
    finally:
        await program.stop()


def kept_key(file: Path) -> str:
    """The key of this folder's worlds, made once: a page that is open finds the next one, too.

    Args:
        file: where it is kept, which its owner alone may read.
    """
    if file.is_file() and (kept := file.read_text(encoding="ascii").strip()):
        return kept
    key = secrets.token_urlsafe(24)
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(key, encoding="ascii")
    return key

"""The AWS emulator under the local world: MiniStack, in a Python environment of its own.

It pins another botocore than the SAM CLI does, so the two cannot share one.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from antipode_tools.project.lock import locked
from antipode_tools.world.engine.environment import isolated
from antipode_tools.world.engine.process import Leashed, run
from antipode_tools.world.errors import WorldError
from localaws.sockets import HOST, free_port

_READY_WITHIN_S = 30.0
_FREE_WITHIN_S = 2.0
_POLL_S = 0.05

# A call takes a thread, and each concurrent invocation a process of 50 MB.
_WORKER_THREADS = 16


@dataclass(frozen=True)
class EngineInstallation:
    """Where MiniStack is installed, made from the lock file on first use."""

    root: Path
    shared: Path

    @property
    def python(self) -> Path:
        return self.shared / "engine" / "bin" / "python"

    @property
    def current(self) -> bool:
        """Whether everything in the lock file is installed."""
        return self._stamp.is_file() and self._stamp.read_text() == self.wanted()

    def wanted(self) -> str:
        """What the stamp of a current environment says."""
        digest = hashlib.sha256(self._lock_file.read_bytes()).hexdigest()
        return f"{digest} {sys.implementation.cache_tag} compiled\n"

    async def install(self, *, environment: dict[str, str], log: Path) -> None:
        """Make it current. Worlds that start at the same time wait for each other.

        Raises:
            WorldError: uv failed; the log has its output.
        """
        async with locked(self.shared / "engine.lock"):
            if self.current:
                return
            commands = [["venv", "--quiet", "--python", sys.executable, str(self._folder)]]
            if self.python.exists():
                commands.clear()
            # Compiled, since the engine and its functions compile nothing: see `_environment`.
            sync = ["pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode"]
            there = ["--python", str(self.python), str(self._lock_file)]
            for arguments in [*commands, [*sync, *there]]:
                await self._uv(arguments, environment, log)
            self._stamp.write_text(self.wanted())

    async def _uv(self, arguments: list[str], environment: dict[str, str], log: Path) -> None:
        uv = str(Path(sys.executable).with_name("uv"))
        status = await run([uv, *arguments], environment=environment, cwd=self.root, log=log)
        if status != 0:
            raise WorldError(
                "the engine cannot be installed",
                f"uv {' '.join(arguments[:2])} ended with status {status}",
                "see what uv says in the log; it needs PyPI on first use",
                log,
            )

    @property
    def _folder(self) -> Path:
        return self.shared / "engine"

    @property
    def _lock_file(self) -> Path:
        return self.root / "antipode_tools" / "world" / "engine" / "engine.lock"

    @property
    def _stamp(self) -> Path:
        return self._folder / "installed"


@dataclass(frozen=True)
class Engine:
    """A running MiniStack. It keeps everything in memory, and there is nothing to save."""

    _port: int
    _process: Leashed

    @classmethod
    async def start(
        cls,
        installation: EngineInstallation,
        *,
        port: int,
        run: Path,
        region: str,
        log: Path,
        front: str | None = None,
    ) -> Self:
        """Start it on 127.0.0.1 and wait until it answers.

        Args:
            port: 0 takes any that is free.
            run: the world's own folder, which must exist.
            front: the URL at which its functions call AWS, by default the engine's own.

        Raises:
            WorldError: it ended, or did not answer in time.
        """
        port = port or free_port()
        process = await Leashed.start(
            [str(installation.python), "-m", "ministack"],
            environment=_environment(port, run, region, front),
            cwd=run,
            log=log,
        )
        engine = cls(port, process)
        try:
            await engine._ready(log)
        except BaseException:
            await process.stop()
            raise
        return engine

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}"

    @property
    def pid(self) -> int:
        """The ID of its process group."""
        return self._process.pid

    async def ended(self) -> int:
        """Wait until the engine is gone."""
        return await self._process.wait()

    async def stop(self) -> None:
        """Kill it with the functions that it runs.

        It is not asked to end: while CloudFormation waits for something that cannot come, it
        ignores SIGTERM for over a minute.
        """
        await self._process.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(_FREE_WITHIN_S):
                while await _answers(self._port):
                    await asyncio.sleep(_POLL_S)

    async def _ready(self, log: Path) -> None:
        try:
            async with asyncio.timeout(_READY_WITHIN_S):
                while not await _answers(self._port):
                    if not self._process.running:
                        raise WorldError("the engine ended at once", "see the log", log=log)
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            why = f"no answer on port {self._port} within {_READY_WITHIN_S:.0f} seconds"
            raise WorldError("the engine did not start", why, log=log) from None


def _environment(port: int, run: Path, region: str, front: str | None) -> dict[str, str]:
    # The engine's functions inherit the endpoint; the engine itself asks nobody.
    return isolated(os.environ, run=run, region=region, endpoint=front) | {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "MINISTACK_REGION": region,
        "MINISTACK_WORKER_THREADS": str(_WORKER_THREADS),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "LOG_LEVEL": "WARNING",
        # Each process of a function has the function's code and layers in a folder of its own, and
        # whatever it would compile there is of use to no other.
        "PYTHONDONTWRITEBYTECODE": "1",
    }


async def _answers(port: int) -> bool:
    with suppress(OSError):
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            writer.write(b"GET /_ministack/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            return b" 200 " in await reader.readline()
        finally:
            writer.close()
    return False

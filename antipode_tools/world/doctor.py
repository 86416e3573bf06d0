"""Checks what the local world needs on this machine, and says how to fix what is wrong."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from antipode_tools.project.config import WorldConfig
from antipode_tools.project.finding import Finding, Verdict
from antipode_tools.project.local_world import Life
from antipode_tools.world import control
from antipode_tools.world.engine.engine import EngineInstallation
from localaws.sockets import PortInUse, free_port

_PYTHON = (3, 11)

# The first whose `deploy` unrolls the template's loops by itself.
_SAM = (1, 160)

# The environments and a build of both functions and their layer.
_DISK_BYTES = 1_000_000_000

_IN_ENVIRONMENT = "run `make up`, which makes the environment, and use its antipode"


def examine(config: WorldConfig) -> Iterator[Finding]:
    """Check everything that a world needs, the simplest first."""
    yield _python()
    yield _tool("make", shutil.which("make"), "install GNU make")
    yield _tool("uv", _beside_python("uv"), _IN_ENVIRONMENT)
    yield _sam()
    for module in ("quickjs", "tree_sitter_javascript", "uvicorn", "gql"):
        yield _module(module)
    yield _engine(config)
    yield from _ports(config)
    yield _disk(config.root)


def _python() -> Finding:
    wanted = ".".join(map(str, _PYTHON))
    return Finding(
        "Python",
        Verdict.of(right=sys.version_info >= _PYTHON),
        f"{sys.version.split()[0]} at {sys.executable}",
        f"make the environment with Python {wanted} or newer: rm -r .venv, then make up",
    )


def _tool(name: str, path: str | None, fix: str) -> Finding:
    return Finding(name, Verdict.of(right=path is not None), path or "not found", fix)


def _beside_python(name: str) -> str | None:
    return shutil.which(name, path=str(Path(sys.executable).parent))


def _sam() -> Finding:
    wanted = ".".join(map(str, _SAM))
    try:
        found = version("aws-sam-cli")
    except PackageNotFoundError:
        return Finding("SAM CLI", Verdict.WRONG, "not installed", _IN_ENVIRONMENT)
    numbers = tuple(int(part) for part in found.split(".")[:2])
    return Finding(
        "SAM CLI",
        Verdict.of(right=numbers >= _SAM and _beside_python("sam") is not None),
        found,
        f"{wanted} or newer is needed: {_IN_ENVIRONMENT}",
    )


def _module(name: str) -> Finding:
    try:
        importlib.import_module(name)
    except ImportError as error:
        return Finding(name, Verdict.WRONG, str(error), _IN_ENVIRONMENT)
    return Finding(name, Verdict.RIGHT, "can be imported", _IN_ENVIRONMENT)


def _engine(config: WorldConfig) -> Finding:
    installed = EngineInstallation(config.root, config.shared).current
    found = "installed" if installed else "not installed yet: the first `antipode up` does it"
    return Finding("engine", Verdict.RIGHT, found)


def _ports(config: WorldConfig) -> Iterator[Finding]:
    if control.find(config).life is not Life.ABSENT:
        yield Finding("ports", Verdict.RIGHT, "the world is running on them")
        return
    for port in config.ports:
        yield _port(port)


def _port(port: int) -> Finding:
    fix = "stop the program that has it, or choose others with --port or ANTIPODE_PORT"
    try:
        free_port(port)
    except PortInUse as error:
        return Finding(f"port {port}", Verdict.WRONG, str(error), fix)
    return Finding(f"port {port}", Verdict.RIGHT, "free", fix)


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    return Finding(
        "disk",
        Verdict.of(right=free >= _DISK_BYTES),
        f"{free / 1e9:.1f} GB free",
        f"make room: {_DISK_BYTES / 1e9:.0f} GB is needed in {folder}",
    )

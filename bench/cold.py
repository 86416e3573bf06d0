"""`make demo` as the first thing that anyone does with a fresh clone."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.starting import ROOT, addresses, run

# Where packages and programs are kept between runs, and what says that they are there.
_WARM = ("XDG_", "UV_CACHE", "PIP_CACHE", "PYTHONPATH", "VIRTUAL_ENV", "ANTIPODE_")


@dataclass(frozen=True)
class ColdDemo:
    """In seconds: the Python environment, and the demo in it."""

    setup: float
    demo: float


class NoPackages(Exception):
    """The Python environment could not be made: most often there is no network."""


def measure(folder: Path) -> ColdDemo:
    """Clone what is committed into the folder, and run the demo there with no cache at all.

    Raises:
        NoPackages
    """
    clone = folder / "clone"
    environment = cold(os.environ, folder) | addresses(folder / "state")
    run(["git", "clone", "--quiet", str(ROOT), str(clone)], folder, environment)
    try:
        setup = _seconds("setup", clone, environment)
    except subprocess.CalledProcessError as error:
        raise NoPackages from error
    return ColdDemo(setup, _seconds("demo", clone, environment))


def cold(inherited: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment of a user who has run nothing yet, with the network settings of this one."""
    kept = {name: value for name, value in inherited.items() if not name.startswith(_WARM)}
    return kept | {"HOME": str(folder / "home"), "UV_CACHE_DIR": str(folder / "uv")}


def _seconds(target: str, clone: Path, environment: Mapping[str, str]) -> float:
    began = time.perf_counter()
    run(["make", "--no-print-directory", target], clone, environment)
    return time.perf_counter() - began

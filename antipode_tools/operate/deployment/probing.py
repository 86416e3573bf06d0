"""A Region tried out after its deployment, as `antipode probe` does it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

from antipode_tools.operate.deployment.ports import Probe
from antipode_tools.operate.output import Output
from antipode_tools.operate.probe.command import Run, probe
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.regions import Region


def unprobed(region: Region) -> str:
    """The Probe that finds nothing amiss."""
    return ""


def probing(
    writes: int,
    root: Path | None = None,
    run: Callable[[Sequence[str], Run], ExitCode] = probe,
) -> Probe:
    """The Probe that writes so often in a Region, and listens there."""

    def probed(region: Region) -> str:
        out, err = io.StringIO(), io.StringIO()
        asked = Run(writes=writes, where=Where.AWS, root=root, output=Output(out, err))
        if run([region.name], asked) is ExitCode.DONE:
            return ""
        failures = [
            line.removeprefix("✖ ") for line in out.getvalue().splitlines() if line.startswith("✖ ")
        ]
        return "; ".join(failures) or err.getvalue().strip()

    return probed

"""What every command of an operator's takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from antipode_tools.operate.output import Output
from antipode_tools.operate.stacks.where import Where


@dataclass(frozen=True, kw_only=True)
class Options:
    """Which stack a command is for, and how it reports.

    Args:
        where: None takes the local world if it is running, and AWS if it is not. A command that is
            for AWS alone does not ask.
        root: the project, if not this one.
        state: the local world's folder, if not the project's own.
        json_output: report as JSON.
    """

    where: Where | None = None
    root: Path | None = None
    state: Path | None = None
    json_output: bool = False
    output: Output = field(default_factory=Output)

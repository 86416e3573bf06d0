"""Where an operator's command writes, and how it says what stopped it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TextIO

from antipode_tools.operate.stacks.errors import ExitCode, OperationError, exit_code


@dataclass(frozen=True)
class Output:
    """Where the report goes, and where errors and progress go."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)

    def stopped(self, command: str, error: OperationError) -> ExitCode:
        """Says what stopped a command. Returns what it ends with."""
        self.err.write(f"antipode {command}: {error}\n")
        return exit_code(error)

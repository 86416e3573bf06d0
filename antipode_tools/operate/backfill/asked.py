"""What a backfill is asked for, and what it works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from antipode_tools.operate.backfill.deciding import Form
from antipode_tools.operate.backfill.ports import Readable, Together, Writable
from antipode_tools.operate.backfill.report import Ends
from antipode_tools.operate.backfill.state import StateFile
from antipode_tools.operate.options import Options

# A new table on demand takes 4,000 at once: this leaves clients most of it, and the relay time.
RATE = 500.0
STAMP = "updatedAt"


@dataclass(frozen=True)
class Asked(Options):
    """What an operator asked for.

    Args:
        to: the Region that is written to: ireland, or eu-west-1.
        begins: the source's Region, by its code; empty for the same.
        rate: write units a second.
        stamp: the attribute that says when an item was last written.
        verify: compare both tables, and copy nothing.
        again: copy once more what was copied to the end.
        yes: do not ask whether to begin.
        folder: where it is kept how far a copy is.
        prices: a file of prices, if not the project's own.
    """

    source: str
    model: str
    to: str
    begins: str = ""
    rate: float = RATE
    stamp: str = STAMP
    verify: bool = False
    again: bool = False
    dry_run: bool = False
    yes: bool = False
    folder: Path | None = None
    prices: Path | None = None


@dataclass(frozen=True)
class Outside:
    """What a backfill works on.

    Args:
        tables: what tells these two tables from others of their names.
        form: what the target takes.
        items: of the source, as DynamoDB counts them.
        regions: that have a replica of the target.
        announcing: those of them whose relay reads the target's stream.
        file: where it is kept how far it is.
    """

    ends: Ends
    source: Readable
    target: Writable
    tables: str
    form: Form
    items: int
    regions: Sequence[str]
    announcing: Sequence[str]
    file: StateFile
    together: Together

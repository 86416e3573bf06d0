"""The steps that a local world reports while it starts or updates."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class StepState(StrEnum):
    """Where a step is."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Step:
    """One piece of work: the part of the world it concerns, and what is done.

    Args:
        seconds: how long it took, once it has ended.
    """

    part: str
    work: str
    state: StepState
    seconds: float = 0.0

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """Read a step that `asdict` and JSON wrote."""
        return cls(fields["part"], fields["work"], StepState(fields["state"]), fields["seconds"])


Report = Callable[[Step], None]


def silent(step: Step) -> None:
    """A report that shows nothing."""


@contextmanager
def step(report: Report, part: str, work: str) -> Iterator[None]:
    """Report the block's start, its end and its duration; no end if it is cancelled."""
    started = time.monotonic()
    report(Step(part, work, StepState.STARTED))
    try:
        yield
    except Exception:
        report(Step(part, work, StepState.FAILED, time.monotonic() - started))
        raise
    report(Step(part, work, StepState.DONE, time.monotonic() - started))

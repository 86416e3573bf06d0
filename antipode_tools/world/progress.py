"""What a start of the local world tells while it is under way: steps that begin and end."""

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
    """One piece of work: the part of the world it makes, and what is done there.

    Args:
        seconds: how long it took, once it has ended.
    """

    part: str
    work: str
    state: StepState
    seconds: float = 0.0

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """Read what `asdict` and JSON made of one."""
        return cls(fields["part"], fields["work"], StepState(fields["state"]), fields["seconds"])


Report = Callable[[Step], None]


def silent(step: Step) -> None:
    """For whoever does not watch."""


@contextmanager
def step(report: Report, part: str, work: str) -> Iterator[None]:
    """Report the block's start, its end and its duration; nothing for one that is cancelled."""
    started = time.monotonic()
    report(Step(part, work, StepState.STARTED))
    try:
        yield
    except Exception:
        report(Step(part, work, StepState.FAILED, time.monotonic() - started))
        raise
    report(Step(part, work, StepState.DONE, time.monotonic() - started))

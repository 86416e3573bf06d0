"""What passes between the core and a shell: outcomes go in, commands come out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from localaws.event_source_mapping.record import StreamRecord
from localaws.json_value import Json

# -- Outcomes: what became of an invocation -----------------------------------------------------


@dataclass(frozen=True)
class Returned:
    """The function returned. What it returned is read only if the mapping is told to."""

    payload: Json = None
    executed_version: str = "$LATEST"


@dataclass(frozen=True)
class FunctionFailed:
    """The function raised, timed out or broke: Invoke answers with a FunctionError header."""

    error: str = "Unhandled"
    executed_version: str = "$LATEST"


@dataclass(frozen=True)
class NotInvoked:
    """The function did not run: throttled, or Lambda could not be reached. Never counted."""


Outcome = Returned | FunctionFailed | NotInvoked


# -- Commands: what the shell does now ----------------------------------------------------------


class Condition(StrEnum):
    """Why records are given up, in the words of the message that says so."""

    RETRY_ATTEMPTS_EXHAUSTED = "RetryAttemptsExhausted"
    RECORD_AGE_EXCEEDED = "RecordAgeExceeded"


@dataclass(frozen=True)
class Invoke:
    """Invoke the function with these records, then say `finished` of this lane."""

    lane: int
    records: tuple[StreamRecord, ...]


@dataclass(frozen=True)
class Discard:
    """Tell the on-failure destination, if there is one, then say `discarded` of this lane.

    Args:
        invocations: how often the function ran with exactly these records.
        outcome: of the last of them.
    """

    lane: int
    records: tuple[StreamRecord, ...]
    condition: Condition
    invocations: int
    outcome: Returned | FunctionFailed | None


@dataclass(frozen=True)
class Wait:
    """Say `tick` at this time, in seconds since the epoch. It takes the place of earlier waits."""

    until: float


@dataclass(frozen=True)
class Checkpoint:
    """Everything up to this record is done with: a new reader begins behind it."""

    sequence_number: str


Command = Invoke | Discard | Wait | Checkpoint

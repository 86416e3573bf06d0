"""What passes between the core and what drives it: outcomes in, commands out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from localaws.event_source_mapping.record import StreamRecord
from localaws.json_value import Json

# -- Outcomes of an invocation ------------------------------------------------------------------


@dataclass(frozen=True)
class Returned:
    """The function returned. Its answer is only read if the mapping reports item failures."""

    payload: Json = None
    executed_version: str = "$LATEST"


@dataclass(frozen=True)
class FunctionFailed:
    """The function raised, timed out or crashed: Invoke answers with a FunctionError header."""

    error: str = "Unhandled"
    executed_version: str = "$LATEST"


@dataclass(frozen=True)
class NotInvoked:
    """The function did not run: throttled, or Lambda could not be reached. Never counted."""


Outcome = Returned | FunctionFailed | NotInvoked


# -- Commands: what to do now -------------------------------------------------------------------


class Condition(StrEnum):
    """Why records are discarded, in the words of the destination's message."""

    RETRY_ATTEMPTS_EXHAUSTED = "RetryAttemptsExhausted"
    RECORD_AGE_EXCEEDED = "RecordAgeExceeded"


@dataclass(frozen=True)
class Invoke:
    """Invoke the function with these records, then call `finished` for this lane."""

    lane: int
    records: tuple[StreamRecord, ...]


@dataclass(frozen=True)
class Discard:
    """Notify the on-failure destination, if any, then call `discarded` for this lane.

    Args:
        invocations: how often the function ran with exactly these records.
        outcome: the outcome of the last invocation.
    """

    lane: int
    records: tuple[StreamRecord, ...]
    condition: Condition
    invocations: int
    outcome: Returned | FunctionFailed | None


@dataclass(frozen=True)
class Wait:
    """Call `tick` at this time, in seconds since the epoch. It replaces earlier waits."""

    until: float


@dataclass(frozen=True)
class Checkpoint:
    """Everything up to this record is done with: a new reader starts after it."""

    sequence_number: str


Command = Invoke | Discard | Wait | Checkpoint

"""One lane of a shard: its records go to the function batch by batch, one batch at a time.

A shard has as many lanes as its mapping's parallelisation factor, and an item is always in the same
lane, which keeps the order of its changes.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from localaws.event_source_mapping.messages import (
    Condition,
    Discard,
    FunctionFailed,
    Invoke,
    NotInvoked,
    Outcome,
    Returned,
    Wait,
)
from localaws.event_source_mapping.record import StreamRecord
from localaws.event_source_mapping.response import accepted
from localaws.event_source_mapping.settings import Settings

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_PAYLOAD_BYTES = 6 * 1024 * 1024

_ENVELOPE_BYTES = len('{"Records":[]}')
_COMMA_BYTES = 1


@dataclass(frozen=True)
class Backoff:
    """How long a lane waits after a failure, in seconds: twice as long after each.

    AWS documents that it backs off exponentially but not for how long: these suit one machine.
    """

    first: float = 0.2
    longest: float = 5.0

    def after(self, failures: int) -> float:
        doublings = min(failures - 1, 32)
        return min(self.longest, self.first * 2.0**doublings)


DEFAULT_BACKOFF = Backoff()


@dataclass(frozen=True)
class Batch:
    """Records that are sent together, and the outcome so far.

    Args:
        invocations: how often the function ran with exactly these records.
    """

    records: tuple[StreamRecord, ...]
    invocations: int = 0
    throttles: int = 0
    outcome: Returned | FunctionFailed | None = None

    def split(self, position: int) -> list[Batch]:
        """Two batches of its records, each with no invocations so far."""
        return [Batch(self.records[:position]), Batch(self.records[position:])]

    def part(self, start: int, end: int | None = None) -> Batch:
        return replace(self, records=self.records[start:end])


class Lane:
    """The state of one lane. It has no clock: every call says what time it is."""

    def __init__(self, number: int, settings: Settings, backoff: Backoff) -> None:
        self._number = number
        self._settings = settings
        self._backoff = backoff
        self._read: deque[StreamRecord] = deque()
        self._read_bytes = 0
        self._again: deque[Batch] = deque()
        self._current: Batch | None = None
        self._resume_at = 0.0
        self._window_opened = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether all records that were read are done with."""
        return self._current is None and not self._again and not self._read

    @property
    def waiting_records(self) -> int:
        return len(self._read)

    @property
    def waiting_bytes(self) -> int:
        return self._read_bytes

    def read(self, record: StreamRecord, now: float) -> None:
        """Take the next record of the stream. The first one opens the batching window."""
        if not self._read:
            self._window_opened = now
        self._read.append(record)
        self._read_bytes += record.size

    def next(self, now: float) -> Invoke | Discard | Wait | None:
        """What to do now; None while something is under way or nothing is left to do."""
        if self._current is not None:
            return None
        if self._again:
            if now < self._resume_at:
                return Wait(self._resume_at)
            return self._start(self._again.popleft(), now)
        if not self._read:
            return None
        window_ends = self._window_opened + self._settings.batching_window
        if now < window_ends and not self._is_full():
            return Wait(window_ends)
        return self._start(self._take(), now)

    def finished(self, outcome: Outcome, now: float) -> tuple[StreamRecord, ...]:
        """Take the outcome of the invocation and return the records that are done with."""
        batch = self._under_way()
        match outcome:
            case NotInvoked():
                self._repeat(replace(batch, throttles=batch.throttles + 1), now)
                return ()
            case FunctionFailed():
                done = 0
            case Returned():
                done = self._accepted(batch, outcome)
        self._window_opened = now
        if done < len(batch.records):
            tried = replace(batch, invocations=batch.invocations + 1, throttles=0, outcome=outcome)
            self._send_again(tried, done, now)
        return batch.records[:done]

    def discarded(self, now: float) -> tuple[StreamRecord, ...]:
        """The destination has been notified: return the records that are done with."""
        self._window_opened = now
        return self._under_way().records

    def _under_way(self) -> Batch:
        batch, self._current = self._current, None
        if batch is None:
            raise RuntimeError(f"lane {self._number} has nothing under way")
        return batch

    def _accepted(self, batch: Batch, returned: Returned) -> int:
        if not self._settings.report_batch_item_failures:
            return len(batch.records)
        return accepted(returned.payload, [record.sequence_number for record in batch.records])

    def _send_again(self, batch: Batch, done: int, now: float) -> None:
        """Put what failed back, in the batches in which it is sent again.

        Records behind an accepted one are a new batch with all its retries: recorded on AWS, where
        three retries of the last of several records made five deliveries of it. A report of the
        first record gains nothing, so it counts like any other failure. Halving a batch costs no
        retry: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
        """
        size = len(batch.records)
        if done:
            self._repeat(batch.split(done)[1], now)
        elif self._settings.bisect and size > 1:
            first, second = batch.split((size + 1) // 2)
            self._again.appendleft(second)
            self._repeat(first, now)
        else:
            self._repeat(batch, now)

    def _repeat(self, batch: Batch, now: float) -> None:
        self._again.appendleft(batch)
        failures = max(1, batch.throttles or batch.invocations)
        self._resume_at = now if self._is_exhausted(batch) else now + self._backoff.after(failures)

    def _is_exhausted(self, batch: Batch) -> bool:
        retries = self._settings.retries
        return retries is not None and batch.invocations > retries

    def _start(self, batch: Batch, now: float) -> Invoke | Discard:
        if self._is_exhausted(batch):
            return self._give_up(batch, Condition.RETRY_ATTEMPTS_EXHAUSTED)
        expired = self._expired(batch, now)
        if expired == 0:
            self._current = batch
            return Invoke(self._number, batch.records)
        if expired < len(batch.records):
            self._again.appendleft(batch.part(expired))
        return self._give_up(batch.part(0, expired), Condition.RECORD_AGE_EXCEEDED)

    def _expired(self, batch: Batch, now: float) -> int:
        """How many records, from the first on, are too old to be sent.

        Only those are given up, since the limit is on "a record that Lambda sends". The destination
        gets them even if they were never sent, as was seen on AWS; that this includes records which
        expire after the stream's own 24 hours is an assumption.
        """
        oldest = now - self._settings.longest_age
        ages = (place for place, record in enumerate(batch.records) if record.arrived_at >= oldest)
        return next(ages, len(batch.records))

    def _give_up(self, batch: Batch, condition: Condition) -> Discard:
        self._current = batch
        return Discard(self._number, batch.records, condition, batch.invocations, batch.outcome)

    def _take(self) -> Batch:
        records = tuple(self._read.popleft() for _ in range(self._fitting()))
        self._read_bytes -= sum(record.size for record in records)
        return Batch(records)

    def _is_full(self) -> bool:
        fitting = self._fitting()
        return fitting == self._settings.batch_size or fitting < len(self._read)

    def _fitting(self) -> int:
        """How many of the records read fit into one batch: at least one, however large."""
        size = _ENVELOPE_BYTES
        for count, record in enumerate(self._read):
            size += record.size + _COMMA_BYTES
            if count == self._settings.batch_size or (count and size > MAX_PAYLOAD_BYTES):
                return count
        return len(self._read)

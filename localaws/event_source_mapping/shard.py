"""The core: one mapping on one shard, from records read to commands, with no clock and no network.

Every call passes the time and returns the commands that follow. A command that starts something
(Invoke, Discard) is answered by the call that its docstring names.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterable, Sequence

from localaws.event_source_mapping.filters import matches
from localaws.event_source_mapping.lane import DEFAULT_BACKOFF, MAX_PAYLOAD_BYTES, Backoff, Lane
from localaws.event_source_mapping.messages import Checkpoint, Command, Outcome, Wait
from localaws.event_source_mapping.record import StreamRecord
from localaws.event_source_mapping.settings import Settings

# GetRecords returns at most this many:
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
_PAGE = 1_000


class Shard:
    """The state of one mapping on one shard.

    AWS keeps the order of each item (partition and sort key) when it processes several batches of a
    shard concurrently, and does not document how: here a hash of the item picks a lane.
    """

    def __init__(self, settings: Settings, backoff: Backoff = DEFAULT_BACKOFF) -> None:
        self._settings = settings
        self._lanes = [
            Lane(number, settings, backoff) for number in range(settings.parallelization_factor)
        ]
        self._progress = _Progress()

    @property
    def room(self) -> int:
        """How many records may be read now: a page, or what the next batches need."""
        lanes = len(self._lanes)
        if sum(lane.waiting_bytes for lane in self._lanes) >= MAX_PAYLOAD_BYTES * lanes:
            return 0
        most = max(_PAGE, self._settings.batch_size * lanes)
        return max(0, most - sum(lane.waiting_records for lane in self._lanes))

    @property
    def is_idle(self) -> bool:
        """Whether all records that were read are done with."""
        return all(lane.is_idle for lane in self._lanes)

    @property
    def waiting_since(self) -> float | None:
        """When the oldest record that is not done with was written; None if all are."""
        return self._progress.waiting_since

    def read(self, records: Sequence[StreamRecord], now: float) -> list[Command]:
        """Take the next records of the shard. Those that match no filter are done at once."""
        for record in records:
            self._progress.begin(record)
            if self._is_wanted(record):
                self._lane_of(record).read(record, now)
            else:
                self._progress.end([record])
        return self._advance(now)

    def tick(self, now: float) -> list[Command]:
        """Time has passed."""
        return self._advance(now)

    def finished(self, lane: int, outcome: Outcome, now: float) -> list[Command]:
        """Take the outcome of this lane's invocation."""
        self._progress.end(self._lanes[lane].finished(outcome, now))
        return self._advance(now)

    def discarded(self, lane: int, now: float) -> list[Command]:
        """The destination has been notified of what this lane discarded."""
        self._progress.end(self._lanes[lane].discarded(now))
        return self._advance(now)

    def _is_wanted(self, record: StreamRecord) -> bool:
        filters = self._settings.filters
        return not filters or any(matches(pattern, record.event) for pattern in filters)

    def _lane_of(self, record: StreamRecord) -> Lane:
        return self._lanes[zlib.crc32(record.item.encode()) % len(self._lanes)]

    def _advance(self, now: float) -> list[Command]:
        steps = [step for lane in self._lanes if (step := lane.next(now)) is not None]
        waits = [step.until for step in steps if isinstance(step, Wait)]
        starts = [step for step in steps if not isinstance(step, Wait)]
        return [*self._progress.news(), *starts, *([Wait(min(waits))] if waits else [])]


class _Progress:
    """How far the shard is processed: up to the first record that is not done with."""

    def __init__(self) -> None:
        self._open: deque[StreamRecord] = deque()
        self._done: set[str] = set()
        self._reached: str | None = None

    @property
    def waiting_since(self) -> float | None:
        return self._open[0].arrived_at if self._open else None

    def begin(self, record: StreamRecord) -> None:
        self._open.append(record)

    def end(self, records: Iterable[StreamRecord]) -> None:
        self._done.update(record.sequence_number for record in records)
        while self._open and self._open[0].sequence_number in self._done:
            self._reached = self._open.popleft().sequence_number
            self._done.remove(self._reached)

    def news(self) -> list[Checkpoint]:
        """The checkpoint, if it has moved since the last call."""
        reached, self._reached = self._reached, None
        return [] if reached is None else [Checkpoint(reached)]

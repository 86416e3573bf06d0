"""A mapping in memory, with a virtual clock: for tests of a function's guarantees.

It runs the same core as a mapping on real services. The handler is a Python function, the stream is
a list, and the clock only moves when there is nothing else to do.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from localaws.errors import LocalAwsError
from localaws.event_source_mapping.destinations import event_of
from localaws.event_source_mapping.lane import DEFAULT_BACKOFF, Backoff
from localaws.event_source_mapping.messages import (
    Checkpoint,
    Command,
    Discard,
    FunctionFailed,
    Invoke,
    NotInvoked,
    Outcome,
    Returned,
    Wait,
)
from localaws.event_source_mapping.record import StreamRecord
from localaws.event_source_mapping.settings import Settings
from localaws.event_source_mapping.shard import Shard
from localaws.json_value import Json

# Lambda's Python runtime also passes the context.
Handler = Callable[[Json], Json]


class Throttled(LocalAwsError):
    """A handler raises this if Lambda would not have invoked the function."""


@dataclass
class VirtualClock:
    """A clock that is moved by hand, in seconds since the epoch."""

    now: float = 0.0


@dataclass
class InMemoryMapping:
    """One mapping on one shard, from a list of stream records to a Python handler.

    `deliveries` holds the sequence numbers of every invocation, and `discarded` the records that
    were given up, both in order.
    """

    settings: Settings
    handler: Handler
    clock: VirtualClock = field(default_factory=VirtualClock)
    backoff: Backoff = DEFAULT_BACKOFF
    deliveries: list[list[str]] = field(default_factory=list)
    discarded: list[Discard] = field(default_factory=list)
    checkpoint: str | None = None

    def __post_init__(self) -> None:
        self._shard = Shard(self.settings, self.backoff)
        self._stream: deque[StreamRecord] = deque()
        self._wake_at: float | None = None

    def put(self, events: Iterable[Mapping[str, Json]]) -> None:
        """Append records to the stream, as a function gets them."""
        self._stream.extend(StreamRecord.from_event(event) for event in events)

    def run(self) -> None:
        """Run until every record of the stream is done with, however long that takes."""
        while self._stream or not self._shard.is_idle:
            self._perform(self._read())
            if self._wake_at is not None:
                self.clock.now = max(self.clock.now, self._wake_at)
            self._perform(self._shard.tick(self.clock.now))

    def _read(self) -> list[Command]:
        count = min(self._shard.room, len(self._stream))
        records = [self._stream.popleft() for _ in range(count)]
        return self._shard.read(records, self.clock.now)

    def _perform(self, commands: list[Command]) -> None:
        """Carry out the core's commands and those that follow, until there are no more."""
        waiting = deque([commands])
        while waiting:
            batch = waiting.popleft()
            self._wake_at = next((c.until for c in batch if isinstance(c, Wait)), None)
            for command in batch:
                waiting.extend(self._do(command))

    def _do(self, command: Command) -> list[list[Command]]:
        match command:
            case Invoke(lane, records):
                outcome = self._invoke(records)
                return [self._shard.finished(lane, outcome, self.clock.now)]
            case Discard(lane):
                self.discarded.append(command)
                return [self._shard.discarded(lane, self.clock.now)]
            case Checkpoint(sequence_number):
                self.checkpoint = sequence_number
                return []
            case Wait():
                return []

    def _invoke(self, records: tuple[StreamRecord, ...]) -> Outcome:
        self.deliveries.append([record.sequence_number for record in records])
        try:
            response = json.loads(json.dumps(self.handler(json.loads(event_of(records)))))
        except Throttled:
            return NotInvoked()
        except Exception:  # noqa: BLE001 (to Lambda, whatever a handler raises is a failure)
            return FunctionFailed()
        return Returned(response)

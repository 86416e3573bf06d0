"""One shard of a stream, with its writers, and the mapping that reads it: Lambda's rules, the core
of localaws, in virtual time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from random import Random
from typing import Protocol

from bench.soak.ledger import Ledger
from localaws.event_source_mapping.destinations import event_of
from localaws.event_source_mapping.messages import Command, Discard, Invoke, Outcome
from localaws.event_source_mapping.record import StreamRecord
from localaws.event_source_mapping.settings import Settings
from localaws.event_source_mapping.shard import Shard as Core
from localaws.json_value import Json

SETTINGS = Settings(batch_size=250, bisect=True, retries=80, report_batch_item_failures=True)
POLL_S = 0.25

# A burst is written at so many changes a second, and the stream holds no more than so many.
RATE, MAX_BACKLOG = 400.0, 20_000
# How often a change is one that cannot be announced.
MALFORMED, REFUSED = 0.0005, 0.001

_ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/antipode-ItemsModel/stream/2026"


class Invoked(Protocol):
    """What the mapping calls, and its runs that Lambda lost sight of."""

    second_runs: set[asyncio.Task[Json]]

    async def invoke(self, event: str) -> Outcome:
        """Runs it."""
        ...


class Shard:
    """Writes its part of the changes, and has the function called until all are done with."""

    def __init__(
        self,
        name: str,
        changes: int,
        function: Invoked,
        ledger: Ledger,
        random: Random,
        now: Callable[[], float],
    ) -> None:
        self._name, self._left = name, changes
        self._function, self._ledger, self._random, self._now = function, ledger, random, now
        self._core = Core(SETTINGS)
        self._stream: deque[StreamRecord] = deque()
        self._invocations: set[asyncio.Task[None]] = set()

    async def write(self) -> None:
        """Bursts of changes, with pauses between them."""
        while self._left:
            for _ in range(min(self._left, self._random.randrange(1, 3_000))):
                self._left -= 1
                self._stream.append(self._written())
                if self._random.random() < 0.1:
                    await asyncio.sleep(10 / RATE)
            while len(self._stream) > MAX_BACKLOG:
                await asyncio.sleep(1)
            is_long = self._random.random() < 0.1
            await asyncio.sleep(self._random.uniform(0, 600 if is_long else 5))

    async def serve(self) -> None:
        """Polls the stream until everything that was and will be written is done with."""
        while self._left or self._stream or not self._core.is_idle:
            count = min(self._core.room, len(self._stream))
            records = [self._stream.popleft() for _ in range(count)]
            self._perform(self._core.read(records, self._now()))
            await asyncio.sleep(POLL_S)
        while self._function.second_runs:
            await asyncio.wait(self._function.second_runs)

    def _perform(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case Invoke(lane, records):
                    running = asyncio.ensure_future(self._invoke(lane, records))
                    self._invocations.add(running)
                    running.add_done_callback(self._invocations.discard)
                case Discard(lane, records, condition):
                    for record in records:
                        self._ledger.set_aside(_number(record), condition)
                    self._perform(self._core.discarded(lane, self._now()))
                case _:
                    pass  # the next poll is a tick, and a checkpoint is for another reader

    async def _invoke(self, lane: int, records: tuple[StreamRecord, ...]) -> None:
        outcome = await self._function.invoke(event_of(records))
        self._perform(self._core.finished(lane, outcome, self._now()))

    def _written(self) -> StreamRecord:
        """A change of one of many items, a few of which change most."""
        number, self._ledger.written = self._ledger.written, self._ledger.written + 1
        item = f"{self._name}-{int(self._random.paretovariate(0.5)) % 5_000}"
        image: Json = {"id": {"S": item}, "item": {"S": f"change {number}"}}
        if self._random.random() < REFUSED:
            image["item"] = {"S": "to be refused"}
        if self._random.random() < MALFORMED:
            image["version"] = {"X": "1"}
        event = {
            "eventID": f"event-{number}",
            "eventName": "MODIFY",
            "eventSource": "aws:dynamodb",
            "dynamodb": {
                "ApproximateCreationDateTime": self._now(),
                "Keys": {"id": {"S": item}},
                "NewImage": image,
                "SequenceNumber": str(10**20 + number),
            },
            "eventSourceARN": _ARN,
        }
        return StreamRecord.from_event(event)


def _number(record: StreamRecord) -> int:
    return int(record.sequence_number) - 10**20

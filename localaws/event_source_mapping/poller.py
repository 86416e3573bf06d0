"""One mapping on one shard: the core, run in real time on real services."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from contextlib import suppress

from localaws.event_source_mapping.destinations import Source, event_of
from localaws.event_source_mapping.lane import Backoff
from localaws.event_source_mapping.messages import Checkpoint, Command, Discard, Invoke, Wait
from localaws.event_source_mapping.ports import (
    After,
    DeployedMapping,
    IteratorLost,
    Position,
    RegionServices,
    ServiceUnavailable,
)
from localaws.event_source_mapping.record import StreamRecord
from localaws.event_source_mapping.settings import StartingPosition
from localaws.event_source_mapping.shard import Shard
from localaws.pace import Pace

log = logging.getLogger(__name__)

# The largest limit that GetRecords accepts.
_LARGEST_PAGE = 1_000


class ShardReader:
    """Reads a shard from a position on, in pages, and replaces an iterator that is lost."""

    def __init__(
        self, services: RegionServices, stream_arn: str, shard_id: str, position: Position
    ) -> None:
        self._services = services
        self._stream_arn = stream_arn
        self._shard_id = shard_id
        self._position = position
        self._iterator: str | None = None
        self._ended = False

    async def read(self, limit: int) -> list[StreamRecord]:
        """The next records, at most `limit`; none at the end. Raises ServiceUnavailable."""
        if limit <= 0 or self._ended:
            return []
        with suppress(IteratorLost):
            return await self._page(min(limit, _LARGEST_PAGE))
        self._iterator = None
        with suppress(IteratorLost):
            return await self._page(min(limit, _LARGEST_PAGE))
        return []

    async def _page(self, limit: int) -> list[StreamRecord]:
        iterator = self._iterator or await self._find()
        page = await self._services.page(self._stream_arn, iterator, limit)
        self._iterator, self._ended = page.next_iterator, page.next_iterator is None
        records = [StreamRecord.from_event(event) for event in page.events]
        if records:
            self._position = After(records[-1].sequence_number)
        return records

    async def _find(self) -> str:
        """An iterator where reading stopped, or at the oldest record if that is gone."""
        where = self._stream_arn, self._shard_id
        try:
            return await self._services.iterator(*where, self._position)
        except IteratorLost:
            return await self._services.iterator(*where, StartingPosition.TRIM_HORIZON)


class ShardPoller:
    """Serves one mapping on one shard until it is cancelled or drained."""

    def __init__(
        self,
        mapping: DeployedMapping,
        shard_id: str,
        services: RegionServices,
        *,
        checkpoint: str | None,
        pace: Pace,
        backoff: Backoff,
    ) -> None:
        settings = mapping.settings
        position = settings.starting_position if checkpoint is None else After(checkpoint)
        self.checkpoint = checkpoint
        self._mapping = mapping
        self._services = services
        self._source = Source(
            mapping.mapping_id, mapping.function_arn, mapping.stream_arn, shard_id
        )
        self._shard = Shard(settings, backoff)
        self._reader = ShardReader(services, mapping.stream_arn, shard_id, position)
        self._pace = pace
        self._pause = pace.busy
        self._woken = asyncio.Event()
        self._draining = False
        self._timer: asyncio.TimerHandle | None = None

    @property
    def waiting_since(self) -> float | None:
        """When the oldest record was written that was read and is not done with."""
        return self._shard.waiting_since

    def wake(self) -> None:
        """Poll at once: something was written."""
        self._pause = self._pace.busy
        self._woken.set()

    def drain(self) -> None:
        """Start nothing new: `run` returns when what is under way has ended."""
        self._draining = True
        self._woken.set()

    async def run(self) -> None:
        """Poll, and carry out the core's commands."""
        try:
            async with asyncio.TaskGroup() as self._tasks:
                while not self._draining:
                    await self._poll()
                    await self._rest()
        finally:
            self._set_timer(None)

    async def _poll(self) -> None:
        try:
            records = await self._reader.read(self._shard.room)
        except ServiceUnavailable as error:
            log.warning("%s cannot be read: %s", self._mapping.stream_arn, error)
            self._pause = self._pace.slower(self._pause)
            return
        if records:
            self._pause = self._pace.busy
            self._perform(self._shard.read(records, time.time()))
        elif self._shard.is_idle:
            self._pause = self._pace.idle
        else:  # there may have been no room
            self._pause = self._pace.slower(self._pause)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._pause):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()

    def _perform(self, commands: list[Command]) -> None:
        wait = None
        for command in commands:
            match command:
                case Invoke():
                    self._start(self._invoke(command))
                case Discard():
                    self._start(self._discard(command))
                case Checkpoint(sequence_number):
                    self.checkpoint = sequence_number
                case Wait(until):
                    wait = until
        self._set_timer(wait)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        if self._draining:
            work.close()
        else:
            self._tasks.create_task(work)

    def _set_timer(self, at: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if at is not None:
            delay = max(0.0, at - time.time())
            self._timer = asyncio.get_running_loop().call_later(delay, self._tick)

    def _tick(self) -> None:
        self._perform(self._shard.tick(time.time()))

    async def _invoke(self, command: Invoke) -> None:
        event = event_of(command.records)
        outcome = await self._services.invoke(self._mapping.function_arn, event)
        self._perform(self._shard.finished(command.lane, outcome, time.time()))

    async def _discard(self, command: Discard) -> None:
        destination = self._mapping.settings.on_failure
        log.warning(
            "%s: %d records from %s on were discarded: %s",
            self._mapping.function_arn,
            len(command.records),
            command.records[0].sequence_number,
            command.condition,
        )
        if destination is not None:
            await self._tell(destination, command)
        self._perform(self._shard.discarded(command.lane, time.time()))

    async def _tell(self, destination: str, command: Discard) -> None:
        """Notify the destination. If that fails, AWS only counts the failure; here it is logged."""
        try:
            await self._services.discard(destination, command, self._source)
        except ServiceUnavailable as error:
            log.error("discarded records could not be sent to %s: %s", destination, error)

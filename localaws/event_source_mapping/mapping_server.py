"""One mapping, from when it is deployed until it is removed."""

from __future__ import annotations

import asyncio
import logging

from localaws.event_source_mapping.lane import Backoff
from localaws.event_source_mapping.poller import ShardPoller
from localaws.event_source_mapping.ports import DeployedMapping, RegionServices, ServiceUnavailable
from localaws.pace import Pace

log = logging.getLogger(__name__)


class MappingServer:
    """Serves one mapping while it is enabled, each shard of its stream separately.

    When its settings change, or it is disabled and enabled, it continues where it stopped. Its
    checkpoints are only kept in memory.
    """

    def __init__(
        self, mapping: DeployedMapping, services: RegionServices, *, pace: Pace, backoff: Backoff
    ) -> None:
        self._mapping = mapping
        self._services = services
        self._pace = pace
        self._backoff = backoff
        self._changed = asyncio.Event()
        self._pollers: dict[str, ShardPoller] = {}

    def want(self, mapping: DeployedMapping) -> None:
        """Serve the mapping with these settings, once what is under way has ended."""
        if mapping == self._mapping:
            return
        self._mapping = mapping
        self._changed.set()
        for poller in self._pollers.values():
            poller.drain()

    @property
    def table(self) -> str:
        """The name of the table whose stream is read."""
        return self._mapping.table

    @property
    def waiting_since(self) -> float | None:
        """When the oldest record was written that was read and is not done with."""
        since = (poller.waiting_since for poller in self._pollers.values())
        return min((each for each in since if each is not None), default=None)

    def wake(self) -> None:
        """Poll at once: something was written."""
        for poller in self._pollers.values():
            poller.wake()

    async def run(self) -> None:
        """Serve until cancelled. An error is logged, and serving restarts a little later."""
        faults = 0
        while True:
            self._changed.clear()
            if not self._mapping.enabled:
                await self._changed.wait()
                continue
            try:
                await self._serve()
                faults = 0
            except Exception as error:  # noqa: BLE001 (no error may stop other mappings)
                faults += 1
                self._report(error)
                await asyncio.sleep(self._backoff.after(faults))

    def _report(self, error: Exception) -> None:
        log.warning(
            "event source mapping %s restarts: %s",
            self._mapping.mapping_id,
            error,
            exc_info=not isinstance(error, ServiceUnavailable),
        )

    async def _serve(self) -> None:
        """Serve until the mapping changes."""
        shards = await self._services.shards(self._mapping.stream_arn)
        if self._changed.is_set():
            return
        self._pollers = {shard_id: self._poller(shard_id) for shard_id in shards}
        async with asyncio.TaskGroup() as tasks:
            for poller in self._pollers.values():
                tasks.create_task(poller.run())

    def _poller(self, shard_id: str) -> ShardPoller:
        before = self._pollers.get(shard_id)
        return ShardPoller(
            self._mapping,
            shard_id,
            self._services,
            checkpoint=before.checkpoint if before else None,
            pace=self._pace,
            backoff=self._backoff,
        )

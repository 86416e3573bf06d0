"""Every event source mapping of some Regions, each served separately."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from localaws.dynamodb.writes import Tables
from localaws.event_source_mapping.lane import DEFAULT_BACKOFF, Backoff
from localaws.event_source_mapping.mapping_server import MappingServer
from localaws.event_source_mapping.ports import RegionServices, ServiceUnavailable
from localaws.pace import DEFAULT_PACE, Pace

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Served:
    server: MappingServer
    task: asyncio.Task[None]


class EventSourceMappings:
    """Serves the mappings of every Region, in place of an engine's own poller.

    Args:
        regions: the services of each Region, by its code.
        rediscover_every: how often to look for added, changed or removed mappings, in seconds.
    """

    def __init__(
        self,
        regions: Mapping[str, RegionServices],
        *,
        pace: Pace = DEFAULT_PACE,
        backoff: Backoff = DEFAULT_BACKOFF,
        rediscover_every: float = 10.0,
    ) -> None:
        self._regions = regions
        self._pace = pace
        self._backoff = backoff
        self._rediscover_every = rediscover_every
        self._refreshing = asyncio.Lock()
        self._served: dict[str, dict[str, _Served]] = {region: {} for region in regions}

    async def run(self) -> None:
        """Serve every mapping, and look for new ones, until cancelled."""
        try:
            while True:
                await self.refresh()
                await asyncio.sleep(self._rediscover_every)
        finally:
            await self.stop()

    async def refresh(self) -> None:
        """Look for added, changed or removed mappings now: for use after a deployment."""
        async with self._refreshing:
            await asyncio.gather(*(self._refresh(region) for region in self._regions))

    async def stop(self) -> None:
        """Stop serving every mapping at once, without waiting for functions that still run."""
        served = [each for region in self._served.values() for each in region.values()]
        for region in self._served.values():
            region.clear()
        await asyncio.gather(*(_end(each) for each in served))

    def wake(self, region: str, written: Tables) -> None:
        """Make the mappings of these tables of a Region poll at once: they were written to.

        A Region that is not served has none.
        """
        for each in self._served.get(region, {}).values():
            if written is None or each.server.table in written:
                each.server.wake()

    def waiting_since(self, region: str) -> float | None:
        """When the oldest record of a Region was written that was read and is not done with: what
        Lambda's IteratorAge counts from. None if none waits."""
        since = (each.server.waiting_since for each in self._served[region].values())
        return min((each for each in since if each is not None), default=None)

    async def _refresh(self, region: str) -> None:
        services, served = self._regions[region], self._served[region]
        try:
            deployed = {each.mapping_id: each for each in await services.mappings()}
        except ServiceUnavailable as error:
            log.warning("the event source mappings of %s cannot be listed: %s", region, error)
            return
        for mapping_id in served.keys() - deployed.keys():
            await _end(served.pop(mapping_id))
        for mapping_id, mapping in deployed.items():
            if mapping_id in served:
                served[mapping_id].server.want(mapping)
            else:
                server = MappingServer(mapping, services, pace=self._pace, backoff=self._backoff)
                served[mapping_id] = _Served(server, asyncio.create_task(server.run()))


async def _end(served: _Served) -> None:
    served.task.cancel()
    await asyncio.wait([served.task])

"""A Region's services for its event source mappings, as long as the Region is not lost."""

from __future__ import annotations

from dataclasses import dataclass, field

from antipode_tools.world.serving.tally import Tally
from localaws.event_source_mapping.destinations import Source
from localaws.event_source_mapping.messages import Discard, Outcome
from localaws.event_source_mapping.ports import (
    DeployedMapping,
    Page,
    Position,
    RegionServices,
)
from localaws.gate import Gate


@dataclass(frozen=True)
class Attended:
    """While the gate is closed nothing is polled, invoked or told; then it goes on as it was.

    Args:
        tally: counts what the streams tell.
    """

    services: RegionServices
    gate: Gate
    tally: Tally = field(default_factory=Tally)

    async def mappings(self) -> list[DeployedMapping]:
        return await self.services.mappings()

    async def shards(self, stream_arn: str) -> list[str]:
        return await self.services.shards(stream_arn)

    async def iterator(self, stream_arn: str, shard_id: str, position: Position) -> str:
        return await self.services.iterator(stream_arn, shard_id, position)

    async def page(self, stream_arn: str, iterator: str, limit: int) -> Page:
        await self.gate.opened()
        page = await self.services.page(stream_arn, iterator, limit)
        self.tally.take(stream_arn, page.events)
        return page

    async def invoke(self, function_arn: str, event: str) -> Outcome:
        await self.gate.opened()
        return await self.services.invoke(function_arn, event)

    async def discard(self, destination: str, discard: Discard, source: Source) -> None:
        await self.gate.opened()
        await self.services.discard(destination, discard, source)

"""A Region in memory: streams are lists, functions are coroutines, and time is short."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from localaws.event_source_mapping.destinations import Source
from localaws.event_source_mapping.messages import Discard, FunctionFailed, Outcome, Returned
from localaws.event_source_mapping.ports import (
    After,
    DeployedMapping,
    IteratorLost,
    Page,
    Position,
    ServiceUnavailable,
)
from localaws.event_source_mapping.settings import Settings, StartingPosition
from tests.unit.localaws.event_source_mapping.stream_events import STREAM_ARN

FUNCTION_ARN = "arn:aws:lambda:eu-west-1:000000000000:function:relay"
SHARD = "shardId-0"
PATIENCE_S = 10.0

PLAIN = Settings()

Function = Callable[[Any], Awaitable[Any]]


def mapping(
    mapping_id: str = "mapping",
    *,
    enabled: bool = True,
    stream_arn: str = STREAM_ARN,
    function_arn: str = FUNCTION_ARN,
    settings: Settings = PLAIN,
) -> DeployedMapping:
    return DeployedMapping(mapping_id, function_arn, stream_arn, enabled, settings)


async def accept(event: Any) -> None:
    """A function that is content with everything."""


@dataclass
class FakeRegion:
    """Answers as a Region's services would, and lets a test wait for what it was asked.

    `faults` are raised by the next calls of that name, one each. `looking_up` holds back what the
    shards of a stream are. `closed` ends every shard behind its last record. `deliveries` holds
    each invocation's function and sequence numbers.
    """

    deployed: list[DeployedMapping] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)
    streams: dict[str, list[Mapping[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    faults: dict[str, list[Exception]] = field(default_factory=lambda: defaultdict(list))
    trimmed: int = 0
    closed: bool = False
    looking_up: asyncio.Lock = field(default_factory=asyncio.Lock)
    deliveries: list[tuple[str, list[str]]] = field(default_factory=list)
    told: list[tuple[str, Discard, Source]] = field(default_factory=list)
    polls: int = 0
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def put(self, *events: Mapping[str, Any], stream_arn: str = STREAM_ARN) -> None:
        self.streams[stream_arn].extend(events)

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(is_so)

    async def mappings(self) -> list[DeployedMapping]:
        self._fail("mappings")
        return list(self.deployed)

    async def shards(self, stream_arn: str) -> list[str]:
        self._fail("shards")
        async with self.looking_up:
            return [SHARD]

    async def iterator(self, stream_arn: str, shard_id: str, position: Position) -> str:
        self._fail("iterator")
        match position:
            case StartingPosition.TRIM_HORIZON:
                return str(self.trimmed)
            case StartingPosition.LATEST:
                return str(len(self.streams[stream_arn]))
            case After(number):
                return str(self._place_of(stream_arn, number) + 1)

    async def page(self, stream_arn: str, iterator: str, limit: int) -> Page:
        self.polls += 1
        await self._notify()
        self._fail("page")
        start = int(iterator)
        events = self.streams[stream_arn][start : start + limit]
        is_end = self.closed and start + limit >= len(self.streams[stream_arn])
        return Page(events, None if is_end else str(start + len(events)))

    async def invoke(self, function_arn: str, event: str) -> Outcome:
        records = json.loads(event)["Records"]
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        self.deliveries.append((function_arn, numbers))
        await self._notify()
        self._fail("invoke")
        function = self.functions.get(function_arn) or accept
        try:
            return Returned(await function(json.loads(event)))
        except ValueError:
            return FunctionFailed()

    async def discard(self, destination: str, discard: Discard, source: Source) -> None:
        self._fail("discard")
        self.told.append((destination, discard, source))
        await self._notify()

    def _place_of(self, stream_arn: str, number: str) -> int:
        for place, event in enumerate(self.streams[stream_arn]):
            if event["dynamodb"]["SequenceNumber"] == number and place >= self.trimmed:
                return place
        raise IteratorLost

    def _fail(self, name: str) -> None:
        if self.faults[name]:
            raise self.faults[name].pop(0)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


UNAVAILABLE = ServiceUnavailable("the engine is away")

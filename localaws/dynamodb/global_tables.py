"""Runs the replication of an engine's tables in real time, in the place of the engine's own.

The engine's tables must be tables of their own in each Region, which `replicas.complete` makes: a
group of the engine's copies every write inside the writing request, with no lag and no conflict.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from localaws.dynamodb.ports import NoSuchTable, RegionTables, Unreachable
from localaws.dynamodb.replica import Apply
from localaws.dynamodb.replication import Network, Replication
from localaws.dynamodb.writes import Tables
from localaws.pace import DEFAULT_PACE

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class GlobalTables:
    """The global tables of some Regions.

    Args:
        services: each Region's tables, by its code.
        network: the seconds that a write takes from one Region to another; None where it is cut.
        applied: called with a Region and its tables whenever something was replicated to them.
        idle_s: how long to wait for a wake before a look at a stream in which nothing was.
        pause_after_an_error_s: how long a Region is left alone that did not answer.
    """

    def __init__(
        self,
        services: Mapping[str, RegionTables],
        network: Network,
        *,
        applied: Callable[[str, Tables], None] = lambda _, __: None,
        idle_s: float = DEFAULT_PACE.idle,
        pause_after_an_error_s: float = 1.0,
    ) -> None:
        self._around = _Around(services, network, applied, idle_s, pause_after_an_error_s)
        self._tables: dict[str, _Table] = {}
        self._asked = asyncio.Event()

    def follow(self, tables: Mapping[str, Iterable[str]]) -> None:
        """Replicate these tables, by name, between these Regions from now on, where it is not done.

        A Region that comes later is sent what the others hold.
        """
        for name, regions in tables.items():
            table = self._tables.get(name)
            if table is None:
                table = self._tables[name] = _Table(name, self._around)
            table.regions.update(dict.fromkeys(regions))
        self._asked.set()

    def replicas(self, table: str) -> Sequence[str]:
        """The Regions of a table; none if it is no global table."""
        found = self._tables.get(table)
        return list(found.regions) if found else []

    def wake(self, region: str, written: Tables) -> None:
        """Look at once at the streams of a Region's tables that were written to."""
        for name, table in self._tables.items():
            if written is None or name in written:
                table.wake(region)

    def network_changed(self) -> None:
        """Deliver what waited for the network, if it may pass now."""
        for table in self._tables.values():
            table.tick()

    async def run(self) -> None:
        """Replicate until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                while True:
                    self._asked.clear()
                    for table in self._tables.values():
                        table.serve(tasks)
                    await self._asked.wait()
        finally:
            for table in self._tables.values():
                table.set_timer(None)


@dataclass(frozen=True)
class _Around:
    """What all tables have in common."""

    services: Mapping[str, RegionTables]
    network: Network
    applied: Callable[[str, Tables], None]
    idle_s: float
    pause_after_an_error_s: float


class _Table:
    """One global table, from when it is followed."""

    def __init__(self, name: str, around: _Around) -> None:
        self.regions: dict[str, None] = {}
        self._name = name
        self._around = around
        self._core = Replication(around.network)
        self._woken: dict[str, asyncio.Event] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: asyncio.TaskGroup | None = None

    def serve(self, tasks: asyncio.TaskGroup) -> None:
        """Serve the Regions that are not served yet."""
        self._tasks = tasks
        for region in self.regions:
            if region not in self._woken:
                self._woken[region] = asyncio.Event()
                tasks.create_task(self._serve(region))

    def wake(self, region: str) -> None:
        if region in self._woken:
            self._woken[region].set()

    def tick(self) -> None:
        self._perform(self._core.tick(time.monotonic()))

    async def _serve(self, region: str) -> None:
        try:
            await self._follow_stream(region)
        except NoSuchTable:
            self._core.leave(region)
            del self._woken[region], self.regions[region]

    async def _follow_stream(self, region: str) -> None:
        services = self._around.services[region]
        reader = await self._patiently(region, lambda: services.reader(self._name))
        # Whatever is written while the items are read is read again, from the stream.
        items = await self._patiently(region, lambda: services.items(self._name))
        self._perform(self._core.join(region, items, time.monotonic()))
        while True:
            if records := await self._patiently(region, reader.read):
                self._perform(self._core.read(region, records, time.monotonic()))
            else:
                await self._rest(region)

    async def _patiently(self, region: str, call: Callable[[], Awaitable[Result]]) -> Result:
        """What a Region answers, however often it must be asked."""
        while True:
            try:
                return await call()
            except Unreachable as error:
                log.warning("%s of %s cannot be replicated: %s", self._name, region, error)
                await asyncio.sleep(self._around.pause_after_an_error_s)

    async def _rest(self, region: str) -> None:
        """Wait until there is something to read, or may be."""
        woken = self._woken[region]
        with suppress(TimeoutError):
            async with asyncio.timeout(self._around.idle_s):
                await woken.wait()
        woken.clear()

    def _perform(self, writes: Iterable[Apply]) -> None:
        for write in writes:
            assert self._tasks is not None
            self._tasks.create_task(self._apply(write))
        self.set_timer(self._core.due)

    def set_timer(self, at: float | None) -> None:
        """Tick at this time, and at no other."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if at is not None:
            delay = max(0.0, at - time.monotonic())
            self._timer = asyncio.get_running_loop().call_later(delay, self.tick)

    async def _apply(self, write: Apply) -> None:
        services = self._around.services[write.region]
        try:
            applied = await self._patiently(write.region, lambda: services.apply(self._name, write))
        except NoSuchTable:
            return
        self._perform(self._core.done(write, applied=applied, now=time.monotonic()))
        # Its own record, or that of whoever came before it, is in the stream.
        self.wake(write.region)
        self._around.applied(write.region, frozenset({self._name}))

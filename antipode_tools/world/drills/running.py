"""Runs a drill in a running world, heals the world whatever happens, and judges."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from antipode_tools.project.lock import Lock
from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.drills import clients, web
from antipode_tools.world.drills.deeds import Deeds
from antipode_tools.world.drills.deploying import Stacks
from antipode_tools.world.drills.doors import doors
from antipode_tools.world.drills.observed import Observed
from antipode_tools.world.drills.report import Report
from antipode_tools.world.drills.rows import HEADER, row
from antipode_tools.world.drills.scenarios import Scenario
from antipode_tools.world.drills.tables import MODEL, Tables
from antipode_tools.world.drills.verdict import Allowed, Finding, are_home_again, judge
from antipode_tools.world.errors import WorldError
from antipode_tools.world.order_api import asked
from antipode_tools.world.orders import Order

Say = Callable[[str], None]

_ITEMS = 12
_SAMPLE_S = 0.5
_PATIENCE_S = 1.0
_ROW_S = 2.0
# Until everything has arrived and everybody is at home, once all is healed.
_SETTLED_WITHIN_S = 90.0


def check(world: WorldFile, scenario: Scenario) -> None:
    """Raises WorldError where a drill cannot run."""
    if len(world.regions) < 2:
        raise WorldError("the drill cannot run", "this world has one Region, and it takes two")
    if any(MODEL not in region.tables for region in world.regions.values()):
        why = f"this world has no model {MODEL}, which the drill's clients write"
        raise WorldError("the drill cannot run", why, "run it with the models of the repository")
    for region in world.regions.values():
        doors(world, region, by_name=scenario.by_name)


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """One drill at a time in a world. Raises WorldError if another one runs."""
    lock = Lock.take(state / "run" / "drill.lock")
    if lock is None:
        raise WorldError("the drill cannot run", "another drill runs in this world")
    try:
        yield
    finally:
        lock.release()


async def run(
    name: str,
    scenario: Scenario,
    world: WorldFile,
    seconds: float,
    say: Say,
    *,
    node: web.Node | None,
) -> Report:
    """Run a drill, and heal the world.

    Args:
        seconds: how long clients write.
        say: is told what happens, a line each.
        node: what the web client runs on; it takes no part where there is none.

    Raises:
        WorldError: it could not be run.
    """
    stacks = Stacks(world)
    async with AsyncExitStack() as mending:
        mending.push_async_callback(asked, world, Order("heal"))
        mending.push_async_callback(asyncio.to_thread, stacks.restore)
        observed, findings = await _Drill(scenario, world, stacks, say, node).run(seconds)
    return Report(name, scenario.shows, findings, observed)


@dataclass
class _Drill:
    scenario: Scenario
    world: WorldFile
    stacks: Stacks
    say: Say
    node: web.Node | None
    began: float = field(default_factory=time.monotonic)
    prefix: str = field(default_factory=lambda: f"drill-{uuid.uuid4().hex[:8]}-")
    marks: list[tuple[float, str]] = field(default_factory=list)
    differing: list[tuple[float, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        names = {code: region.name for code, region in self.world.regions.items()}
        self.log = clients.Log(self._now, names)
        self.doors = [
            doors(self.world, region, by_name=self.scenario.by_name)
            for region in self.world.regions.values()
        ]

    async def run(self, seconds: float) -> tuple[Observed, list[Finding]]:
        self.tables = [
            await asyncio.to_thread(Tables.of, self.world, region, self.prefix)
            for region in self.world.regions.values()
        ]
        self.deeds = Deeds(
            self.world, self.stacks, self.tables, self.log, self.prefix, self._mark, seconds
        )
        if self.scenario.bounded:
            await self.deeds.bound()
        async with self._listening():
            items = [f"{self.prefix}{number}" for number in range(_ITEMS)]
            await clients.create(self.doors[0][0], items, self.log)
            while await self._differ():
                await asyncio.sleep(_SAMPLE_S)
            self.say(f"{_ITEMS} items are everywhere; clients write for {seconds:g} s")
            async with self._writing(items):
                await self._break(seconds)
                await self._come_home()
            await asked(self.world, Order("heal"))
            self._mark("healed, and nobody writes")
            return await self._settled()

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as exits:
            for work in self._web():
                exits.push_async_callback(cancelled, asyncio.create_task(work))
            for (door, *_), region in zip(self.doors, self.world.regions.values(), strict=True):
                ready = asyncio.Event()
                holding = (
                    clients.hold_a_moving_copy(door, self.world.regions, self.prefix, self.log)
                    if self.scenario.by_name
                    else clients.hold_a_copy(region, region.name, self.prefix, self.log)
                )
                for work in (clients.listen(region, self.prefix, self.log, ready), holding):
                    exits.push_async_callback(cancelled, asyncio.create_task(work))
                async with asyncio.timeout(_SETTLED_WITHIN_S):
                    await ready.wait()
            yield

    def _web(self) -> Iterator[Coroutine[None, None, None]]:
        """What the web client does, if it takes part."""
        regions = [*self.world.regions.values()]
        if why := web.missing(self.node, regions):
            self.say(why)
        elif self.node:
            yield web.hold_copies(self.node, regions, self.prefix, self.log, self.say)

    @asynccontextmanager
    async def _writing(self, items: Sequence[str]) -> AsyncIterator[None]:
        """A client at home in each Region, which moves to the others if it must."""
        async with AsyncExitStack() as exits:
            for number, theirs_to_try in enumerate(self.doors):
                theirs = items if self.scenario.same_items else items[number :: len(self.doors)]
                writing = clients.write(theirs_to_try, theirs, self.log)
                exits.push_async_callback(cancelled, asyncio.create_task(writing))
            sampling = asyncio.create_task(self._sample())
            exits.push_async_callback(cancelled, sampling)
            yield

    async def _break(self, seconds: float) -> None:
        began = self._now()
        for step in self.scenario.steps:
            await asyncio.sleep(max(0.0, began + step.at * seconds - self._now()))
            await self.deeds.do(step)
        await asyncio.sleep(max(0.0, began + seconds - self._now()))

    async def _come_home(self) -> None:
        """Let the clients that moved write on: on a busy machine they are late at home."""
        home, deadline = self.scenario.moves, self._now() + _SETTLED_WITHIN_S
        while home and not are_home_again(self.log.writes, home) and self._now() < deadline:
            await asyncio.sleep(_SAMPLE_S)

    async def _sample(self) -> None:
        self.say(HEADER)
        told = self._now()
        while True:
            try:
                differ = await self._differ()
            except (BotoCoreError, ClientError):  # nobody can look into a Region that is lost
                differ = None
            now = self._now()
            if differ is not None:
                self.differing.append((now, differ))
            if now - told >= _ROW_S:
                self.say(row(self.log.writes, self.log.heard, differ, since=told, now=now))
                told = now
            await asyncio.sleep(_SAMPLE_S)

    async def _differ(self) -> int:
        """How many items are not the same everywhere, or not there at all."""
        tables = [await asyncio.to_thread(each.items) for each in self.tables]
        items = {f"{self.prefix}{number}" for number in range(_ITEMS)}
        return sum(
            len({table.get(item) for table in tables}) > 1 or item not in tables[0]
            for item in items
        )

    async def _settled(self) -> tuple[Observed, list[Finding]]:
        """What there is once the promise holds, or when its time is over."""
        deadline = self._now() + _SETTLED_WITHIN_S
        scenario = self.scenario
        allowed = Allowed(scenario.doubles, frozenset(self.deeds.poison), scenario.moves)
        while True:
            self.differing.append((self._now(), await self._differ()))
            observed = await asyncio.to_thread(self._observe)
            findings = judge(observed, allowed)
            if all(finding.held for finding in findings) or self._now() > deadline:
                return observed, findings
            await asyncio.sleep(_SAMPLE_S)

    def _observe(self) -> Observed:
        return Observed(
            regions=[there.region.name for there in self.tables],
            writes=[*self.log.writes],
            streams=[record for there in self.tables for record in there.read()],
            heard=[*self.log.heard],
            tables={there.region.name: there.items() for there in self.tables},
            copies={client: {**copies} for client, copies in self.log.copies.items()},
            deaf=frozenset(self.log.deaf),
            undelivered={there.region.name: there.undelivered() for there in self.tables},
            differing=[*self.differing],
            marks=[*self.marks],
            drain=self.deeds.drain,
        )

    def _mark(self, what: str) -> None:
        self.marks.append((self._now(), what))
        self.say(f"{self._now():6.1f} s  {what}")

    def _now(self) -> float:
        return time.monotonic() - self.began


async def cancelled(task: asyncio.Task[None], *, patience_s: float = _PATIENCE_S) -> None:
    """End a client. One that is just closing its connection may not hear of it the first time."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=patience_s)
    await asyncio.gather(task, return_exceptions=True)

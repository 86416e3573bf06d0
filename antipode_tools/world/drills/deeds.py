"""What a drill does to its world, step by step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.drills.clients import Log
from antipode_tools.world.drills.deploying import Stacks
from antipode_tools.world.drills.observed import Drain, Write
from antipode_tools.world.drills.scenarios import PUBLISH_RATE, Deed, Step
from antipode_tools.world.drills.tables import Tables, kill_relays
from antipode_tools.world.order_api import asked
from antipode_tools.world.orders import Order

# How many lanes the relay has once it is deployed again: what it is told does not matter, but that
# it is told something, so that Lambda begins with new processes.
_OTHER_LANES = "31"
_LOOKED_EVERY_S = 0.25
_DRAINED_WITHIN_S = 300.0


@dataclass
class Deeds:
    """The steps of one drill, and what they leave for its verdict.

    Args:
        tables: the first one's Region is whose AppSync is away and comes back.
        mark: is told what was done.
        seconds: how long clients write.
    """

    world: WorldFile
    stacks: Stacks
    tables: Sequence[Tables]
    log: Log
    prefix: str
    mark: Callable[[str], None]
    seconds: float
    poison: set[str] = field(default_factory=set)
    drain: Drain | None = None

    async def do(self, step: Step) -> None:
        """Do what a step says, and return once it is done.

        Raises:
            WorldError: it could not be done.
        """
        first = self.tables[0]
        match step.do:
            case Order(do, regions):
                await asked(self.world, step.do)
                self.mark(f"{do} {' '.join(regions)}")
            case Deed.POISON:
                item = f"poison-{self.prefix}"
                self.poison.add(item)
                await asyncio.to_thread(first.poison, item)
                self.mark("poison")
            case Deed.KILL_RELAYS:
                killed = await asyncio.to_thread(kill_relays, self.world)
                self.mark(f"killed {killed}")
            case Deed.DEPLOY:
                for there in self.tables:
                    settings = {"LANES": _OTHER_LANES}
                    await asyncio.to_thread(self.stacks.deploy, there.region, settings, wider=True)
                    self.mark(f"deployed {there.region.name}")
            case Deed.DEPLOY_BACK:
                await asyncio.to_thread(self.stacks.restore)
                self.mark("deployed back")
            case Deed.BACKLOG:
                texts = await asyncio.to_thread(self._write_a_backlog, first)
                self.mark(f"{texts} written")
            case Deed.DRAIN:
                await self._drain(first)

    async def bound(self) -> None:
        """Bound how fast the first Region's relay publishes, by a deployment."""
        settings = {"PUBLISH_RATE": str(PUBLISH_RATE)}
        await asyncio.to_thread(self.stacks.deploy, self.tables[0].region, settings, wider=False)

    def _write_a_backlog(self, there: Tables) -> int:
        number = round(self.seconds * PUBLISH_RATE / 2)
        items = {f"{self.prefix}backlog-{each}": f"backlog {each}" for each in range(number)}
        there.write(items)
        name, now = there.region.name, self.log.now()
        self.log.writes += [
            Write(now, name, item, text, done=True, home="") for item, text in items.items()
        ]
        return number

    async def _drain(self, there: Tables) -> None:
        began, name = self.log.now(), there.region.name
        waiting = {record.change for record in await asyncio.to_thread(there.read)}
        waiting -= self._heard(name)
        self.drain = Drain(name, began, None, len(waiting), PUBLISH_RATE)
        while not waiting <= self._heard(name):
            if self.log.now() > began + _DRAINED_WITHIN_S:
                return
            await asyncio.sleep(_LOOKED_EVERY_S)
        self.drain = Drain(name, began, self.log.now(), len(waiting), PUBLISH_RATE)
        self.mark(f"{len(waiting)} drained")

    def _heard(self, region: str) -> set[str]:
        return {each.change for each in self.log.heard if each.region == region}

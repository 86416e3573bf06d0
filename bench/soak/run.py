"""One run: the shards, their functions and the service in one virtual time, and what came of it."""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from antipode.relay.documents import load

from bench.invoking import ROOT
from bench.soak.function import Function
from bench.soak.ledger import Ledger
from bench.soak.service import Service
from bench.soak.shard import Shard
from tests.fakes.clock import Clock
from tests.fakes.virtual_time import run

SHARDS = 4
EPOCH = 1_795_000_000.0
# So often is the memory looked at.
LOOKS = 20


@dataclass(frozen=True)
class Found:
    """What became of all changes."""

    ledger: Ledger
    service: Service
    executions: Counter[str]
    virtual_seconds: float
    memory: list[float]

    @property
    def is_kept(self) -> bool:
        """Whether the relay kept its promise."""
        ledger = self.ledger
        return not (
            ledger.lost or ledger.out_of_order or ledger.unexplained or self.service.dropped
        )

    def facts(self) -> dict[str, object]:
        """All of it, for people and programs."""
        ledger = self.ledger
        return {
            "changes": ledger.written,
            "lost": ledger.lost,
            "out_of_order": ledger.out_of_order,
            "doubled_without_reason": ledger.unexplained,
            "doubled": dict(ledger.doubled),
            "set_aside": dict(ledger.aside),
            "requests": {trouble.name.lower(): n for trouble, n in self.service.met.items()},
            "requests_on_dropped_connections": self.service.dropped,
            "executions": dict(self.executions),
            "virtual_seconds": round(self.virtual_seconds),
            "memory_mb": self.memory,
        }


def soak(changes: int, seed: int, say: Callable[[str], object] = lambda line: None) -> Found:
    """So many changes, with the troubles of a seed; `say` hears how far it is."""
    clock, random = Clock(EPOCH), Random(seed)
    ledger = Ledger(changes)
    service = Service(ledger, random, clock)
    models = dict(load((ROOT / "src" / "relay" / "publish.json").read_text()))
    functions = [Function(models, service, ledger, random) for _ in range(SHARDS)]
    shards = [
        Shard(
            f"shard{number}",
            changes // SHARDS + (number < changes % SHARDS),
            function,
            ledger,
            random,
            clock,
        )
        for number, function in enumerate(functions)
    ]
    memory: list[float] = []

    async def look() -> None:
        while len(memory) <= LOOKS:
            if ledger.written * LOOKS >= changes * len(memory):
                memory.append(_resident())
                say(f"{ledger.written:,} of {changes:,} written, {memory[-1]:g} MB")
            await asyncio.sleep(1)

    async def all_of_it() -> None:
        beside = [asyncio.ensure_future(each) for each in (service.moods(), look())]
        await asyncio.gather(*(part for each in shards for part in (each.write(), each.serve())))
        for each in beside:
            each.cancel()
        await asyncio.gather(*beside, return_exceptions=True)

    run(all_of_it(), clock)
    executions = sum((function.met for function in functions), Counter[str]())
    return Found(ledger, service, executions, clock.now - EPOCH, memory)


def as_lines(facts: Mapping[str, object]) -> str:
    """A line for each fact."""
    return "\n".join(f"{name.replace('_', ' ')}: {_shown(value)}" for name, value in facts.items())


def _shown(value: object) -> str:
    match value:
        case dict():
            return ", ".join(f"{name} {_shown(each)}" for name, each in value.items()) or "none"
        case list():
            return " ".join(map(str, value))
        case int():
            return f"{value:,}"
        case _:
            return str(value)


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * resource.getpagesize() / 2**20, 1)

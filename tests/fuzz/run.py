"""Runs cases of every target in turn, against a server of each mode."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random

from tests.fuzz.mutation import Mutator
from tests.fuzz.targets import ENTRIES, PARSERS, Finding, Target
from tests.unit.localaws.appsync.modes import GOOD, serve

# Enough to see what is wrong.
MAX_FINDINGS = 10


@dataclass
class Told:
    """How many cases of each target ran, and what was found."""

    cases: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)


async def fuzz(random: Random, *, seconds: float = 0, rounds: int = 0) -> Told:
    """So many rounds of one case for each target, and as many more as fit into the time."""
    told, mutator = Told(), Mutator(random)
    ends = time.monotonic() + seconds
    async with AsyncExitStack() as exits:
        served = [await exits.enter_async_context(serve(mode)) for mode in GOOD]
        targets = [PARSERS, *(entry(each) for entry in ENTRIES for each in served)]
        done = 0
        while done < rounds or time.monotonic() < ends:
            done += 1
            if await _round(targets, mutator, told):
                break
    return told


async def _round(targets: list[Target], mutator: Mutator, told: Told) -> bool:
    """Whether enough was found."""
    for target in targets:
        try:
            await target.case(mutator)
        except Finding as finding:
            told.findings.append(f"{target.name}: {finding}")
        told.cases[target.name] += 1
    return len(told.findings) >= MAX_FINDINGS

"""What a client does in Ireland, and what another sees of it in Sydney."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from gql.transport.exceptions import TransportQueryError

from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import subscriber
from tests.e2e.clients import HEARD_WITHIN_S, ask, heard

# What is asked (`ask`, the inner part of a document), and the `answer` or the refusal's `reason`.
Line = Mapping[str, Any]


@dataclass(frozen=True)
class Scene:
    """One act.

    Args:
        hears: what subscribers in Sydney hear of the writes.
        writes: what mutations answer in Ireland, one after the other.
        refuses: mutations that are refused there, with words of the reason.
        reads: what queries answer in Sydney once all is replicated. What the next act changes
            is heard or read in this one: else replication may merge the two.
    """

    hears: Sequence[Line] = ()
    writes: Sequence[Line] = ()
    refuses: Sequence[Line] = ()
    reads: Sequence[Line] = ()


async def play(scene: Scene, world: WorldFile) -> None:
    """Act it, and compare all that is answered and heard."""
    ireland, sydney = world.regions["eu-west-1"], world.regions["ap-southeast-2"]
    async with AsyncExitStack() as exits:
        there = [await exits.enter_async_context(subscriber(sydney)) for _ in scene.hears]
        for each, line in zip(there, scene.hears, strict=True):
            await each.subscribe(f"subscription {{ {line['ask']} }}")
        for line in scene.writes:
            assert await ask(ireland, f"mutation {{ {line['ask']} }}") == line["answer"]
        for line in scene.refuses:
            with pytest.raises(TransportQueryError, match=line["reason"]):
                await ask(ireland, f"mutation {{ {line['ask']} }}")
        for each, line in zip(there, scene.hears, strict=True):
            assert await heard(each) == line["answer"]
    for line in scene.reads:
        await read(sydney, f"{{ {line['ask']} }}", line["answer"])


async def read(region: WorldRegion, query: str, answer: Any) -> None:
    """Ask until all is replicated, and compare the last that is answered."""
    end = time.monotonic() + HEARD_WITHIN_S
    while (found := await ask(region, query)) != answer and time.monotonic() < end:
        await asyncio.sleep(0.05)
    assert found == answer

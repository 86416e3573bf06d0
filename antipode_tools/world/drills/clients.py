"""The clients of a drill: who writes, who listens, and who holds a copy."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gql import gql
from gql.transport.exceptions import TransportError

from antipode_tools.project.world_file import WorldRegion
from antipode_tools.world.clients.subscriber import authentication, client, subscriber
from antipode_tools.world.drills.observed import Announcement, Items, Write
from examples.client.client import follow
from examples.client.mirror import Mirror

_CREATE = "mutation ($input: CreateItemsModelInput!) { createItemsModel(input: $input) { id } }"
_UPDATE = "mutation ($input: UpdateItemsModelInput!) { updateItemsModel(input: $input) { id } }"
_FIELDS = "id item _change { id sequence }"
_SUBSCRIPTIONS = [
    f"subscription {{ on{kind}ItemsModel {{ {_FIELDS} }} }}"
    for kind in ("Create", "Update", "Delete")
]

# Of a client between two writes, and before it tries again.
_PAUSE_S = 0.1
# Who gets no answer goes elsewhere.
_ANSWER_WITHIN_S = 2.0

# What a client meets where a Region is lost, throttled or failing.
_FAILURES = (TransportError, OSError, TimeoutError)


@dataclass
class Log:
    """What all clients did and heard, in the order in which it happened.

    Args:
        now: the seconds since the drill began.
    """

    now: Callable[[], float]
    writes: list[Write] = field(default_factory=list)
    heard: list[Announcement] = field(default_factory=list)
    copies: dict[str, Items] = field(default_factory=dict)
    deaf: set[str] = field(default_factory=set)


async def create(region: WorldRegion, items: Sequence[str], log: Log) -> None:
    """Create the items of the drill."""
    for item in items:
        async with client(region) as session:
            await _execute(session, _CREATE, item, "created")
        log.writes.append(Write(log.now(), region.name, item, "created", done=True))


async def write(regions: Sequence[WorldRegion], items: Sequence[str], log: Log, name: str) -> None:
    """Update items until cancelled, in the first Region that answers: who fails moves on."""
    chance, number = random.Random(name), 0
    while True:
        for region in regions:
            number += 1
            item, text = chance.choice(items), f"{name}, write {number}"
            try:
                async with asyncio.timeout(_ANSWER_WITHIN_S), client(region) as session:
                    await _execute(session, _UPDATE, item, text)
            except asyncio.CancelledError:  # it may have been made all the same
                log.writes.append(Write(log.now(), region.name, item, text, done=False))
                raise
            except _FAILURES:
                log.writes.append(Write(log.now(), region.name, item, text, done=False))
                await asyncio.sleep(_PAUSE_S)
                continue
            log.writes.append(Write(log.now(), region.name, item, text, done=True))
            await asyncio.sleep(_PAUSE_S)
            break


async def listen(region: WorldRegion, prefix: str, log: Log, ready: asyncio.Event) -> None:
    """Note every announcement of the drill's items until cancelled; connect again if need be."""
    while True:
        try:
            async with subscriber(region) as there:
                for subscription in _SUBSCRIPTIONS:
                    await there.subscribe(subscription)
                ready.set()
                while there.listens:
                    try:
                        async with asyncio.timeout(_PAUSE_S):
                            heard = await there.heard.get()
                    except TimeoutError:
                        continue
                    _note(heard.data, region.name, prefix, log)
        except _FAILURES:
            pass
        log.deaf.add(region.name)
        await asyncio.sleep(_PAUSE_S)


async def hold_a_copy(region: WorldRegion, prefix: str, log: Log) -> None:
    """Be the reference client of a Region until cancelled."""

    def show(mirror: Mirror) -> None:
        log.copies[region.name] = {
            item: str(values["item"] or "")
            for item, values in mirror.items.items()
            if item.startswith(prefix)
        }

    await follow(region.graphql_url, authentication(region), show, pause_s=0.2)


async def _execute(session: Any, document: str, item: str, text: str) -> None:
    request = gql(document)
    request.variable_values = {"input": {"id": item, "item": text}}
    await session.execute(request)


def _note(data: Any, region: str, prefix: str, log: Log) -> None:
    [item] = data.values()
    change = item["_change"]
    if item["id"].startswith(prefix):
        sequence, text = int(change["sequence"]), str(item["item"] or "")
        log.heard.append(Announcement(log.now(), region, change["id"], item["id"], sequence, text))

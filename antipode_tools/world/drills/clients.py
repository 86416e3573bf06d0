"""The clients of a drill in Python: who writes, who listens, and who holds a copy."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gql import gql
from gql.transport.exceptions import TransportError

from antipode_tools.project.world_file import WorldRegion
from antipode_tools.world.clients.subscriber import authentication, subscriber
from antipode_tools.world.drills.doors import Door
from antipode_tools.world.drills.observed import Announcement, Items, Write
from examples.client.client import follow
from examples.client.mirror import Mirror

# Whoever holds copies.
PYTHON, JAVASCRIPT = "Python", "JavaScript"

_CREATE, _UPDATE = (
    f"mutation ($input: {kind}ItemsModelInput!)"
    f" {{ made: {kind.lower()}ItemsModel(input: $input) {{ updatedIn }} }}"
    for kind in ("Create", "Update")
)
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
# How often a client of the shared name asks where it leads to.
_ASKED_EVERY_S = 0.5


@dataclass
class Log:
    """What all clients did and heard, in the order in which it happened.

    Args:
        now: the seconds since the drill began.
        names: of the Regions, by their codes.
        copies: what each client holds, by where it is at home.
    """

    now: Callable[[], float]
    names: Mapping[str, str]
    writes: list[Write] = field(default_factory=list)
    heard: list[Announcement] = field(default_factory=list)
    copies: dict[str, dict[str, Items]] = field(default_factory=lambda: {PYTHON: {}})
    deaf: set[str] = field(default_factory=set)


async def create(door: Door, items: Sequence[str], log: Log) -> None:
    """Create the items of the drill."""
    for item in items:
        async with door.opened() as session:
            await _execute(session, _CREATE, item, "created")
        home = door.region.name
        log.writes.append(Write(log.now(), home, item, "created", done=True, home=home))


async def write(doors: Sequence[Door], items: Sequence[str], log: Log) -> None:
    """Update items until cancelled, at the first door that answers: who fails moves on."""
    home = doors[0].region.name
    chance, number = random.Random(home), 0
    while True:
        for door in doors:
            number += 1
            item, text = chance.choice(items), f"client of {home}, write {number}"
            served, done = door.region.name, False
            try:
                async with asyncio.timeout(_ANSWER_WITHIN_S), door.opened() as session:
                    served, done = log.names[await _execute(session, _UPDATE, item, text)], True
            except _FAILURES:
                pass
            finally:  # who is cancelled may have made it all the same
                log.writes.append(Write(log.now(), served, item, text, done=done, home=home))
            await asyncio.sleep(_PAUSE_S)
            if done:
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


async def hold_a_copy(region: WorldRegion, home: str, prefix: str, log: Log) -> None:
    """Be the reference client in a Region until cancelled.

    Args:
        home: the name by which the copy is kept.
    """

    def show(mirror: Mirror) -> None:
        log.copies[PYTHON][home] = {
            item: str(values["item"] or "")
            for item, values in mirror.items.items()
            if item.startswith(prefix)
        }

    await follow(region.graphql_url, authentication(region), show, pause_s=0.2)


async def hold_a_moving_copy(
    door: Door, regions: Mapping[str, WorldRegion], prefix: str, log: Log
) -> None:
    """Be the reference client where the shared name leads to, until cancelled.

    An HTTP API carries no sockets: whoever uses its name subscribes at the RealtimeUrl of the
    Region that answers, and begins again in another one once the name leads there.
    """
    at: str | None = None
    async with asyncio.TaskGroup() as group:
        following: asyncio.Task[None] | None = None
        while True:
            code = await door.leads_to()
            if code is not None and code != at:
                if following:
                    following.cancel()
                following = group.create_task(
                    hold_a_copy(regions[code], door.region.name, prefix, log)
                )
                at = code
            await asyncio.sleep(_ASKED_EVERY_S)


async def _execute(session: Any, document: str, item: str, text: str) -> str:
    """Make a write; returns the code of the Region that took it."""
    request = gql(document)
    request.variable_values = {"input": {"id": item, "item": text}}
    answer = await session.execute(request)
    return str(answer["made"]["updatedIn"])


def _note(data: Any, region: str, prefix: str, log: Log) -> None:
    [item] = data.values()
    change = item["_change"]
    if item["id"].startswith(prefix):
        sequence, text = int(change["sequence"]), str(item["item"] or "")
        log.heard.append(Announcement(log.now(), region, change["id"], item["id"], sequence, text))

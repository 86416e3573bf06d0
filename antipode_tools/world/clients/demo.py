"""The demo: one item created, changed and deleted in one Region, and heard of in every Region.

Its clients are ordinary ones: nothing here knows how the local world works inside.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from gql import gql
from gql.client import AsyncClientSession
from gql.transport.exceptions import TransportError

from antipode_tools.project.sample import Literals, Sample, new_key, sample, written
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.deployed_schema import deployed_schema
from antipode_tools.world.clients.subscriber import Heard, Subscriber, client, subscriber
from antipode_tools.world.errors import WorldError

# A change takes tens of milliseconds, and a second or two where a function starts cold.
_HEARD_WITHIN_S = 20.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Act:
    """One mutation of an item, and the subscription that announces it.

    Args:
        verb: create, update or delete.
        values: what is written besides the key.
    """

    verb: str
    item: Sample
    values: Literals

    @property
    def subscription(self) -> str:
        return f"on{self.verb.capitalize()}{self.item.model}"

    @property
    def call(self) -> str:
        return (
            f"{self.verb}{self.item.model}(input: {{{written({**self.item.key, **self.values})}}})"
        )

    @property
    def fields(self) -> str:
        return f"{self.item.shown} version updatedIn _change {{ kind region }}"


@dataclass(frozen=True)
class Listener:
    """A Region's subscriber, by the Region's name."""

    name: str
    subscriber: Subscriber


def plan(item: Sample) -> list[Act]:
    """The mutation of the AWS walkthrough, and what may follow it."""
    return [
        Act("create", item, item.created),
        Act("update", item, item.updated),
        Act("delete", item, {}),
    ]


async def run(world: WorldFile, say: Say) -> None:
    """Subscribe in every Region of a world, write in the last one, and say what was heard.

    Raises:
        WorldError: a mutation failed, or a subscriber heard nothing, or the wrong thing.
        NothingToTryError: there is no model to write an item of.
    """
    regions = list(world.regions.values())
    writer = regions[-1]
    sdl = await asyncio.to_thread(deployed_schema, world)
    acts = plan(sample(sdl, writer.tables, key=new_key()))
    async with AsyncExitStack() as exits:
        try:
            listeners = [await _listen(exits, region, acts) for region in regions]
            say(f"subscribed in {' and '.join(listener.name for listener in listeners)}")
            say("the first change starts each Region's relay, which takes a moment longer")
            session = await exits.enter_async_context(client(writer))
            for act in acts:
                await _perform(act, writer.name, session, listeners, say)
        except TransportError as error:
            raise WorldError("the demo failed", str(error), log=world.logs) from error
        except WorldError as error:
            remedy = error.remedy or "see what the world logged"
            raise replace(error, remedy=remedy, log=world.logs) from None


async def _listen(exits: AsyncExitStack, region: WorldRegion, acts: Sequence[Act]) -> Listener:
    connected = await exits.enter_async_context(subscriber(region))
    for act in acts:
        field = f"{act.subscription}({written(act.item.key)})"  # others may be writing, too
        await connected.subscribe(f"subscription {{ {field} {{ {act.fields} }} }}")
    return Listener(region.name, connected)


async def _perform(
    act: Act, writer: str, session: AsyncClientSession, listeners: Sequence[Listener], say: Say
) -> None:
    say(f"\n{writer} writes: {act.call}")
    began = time.monotonic()
    await session.execute(gql(f"mutation {{ {act.call} {{ {act.fields} }} }}"))
    for listener in listeners:
        heard = await hear(listener, act)
        milliseconds = (heard.at - began) * 1000
        item = json.dumps(heard.data[act.subscription])
        say(f"  {listener.name} heard after {milliseconds:4.0f} ms: {item}")


async def hear(listener: Listener, act: Act, *, within_s: float = _HEARD_WITHIN_S) -> Heard:
    """What a listener hears after an act.

    Raises:
        WorldError: it heard nothing, or the wrong thing.
    """
    try:
        async with asyncio.timeout(within_s):
            heard = await listener.subscriber.heard.get()
    except TimeoutError:
        why = f"no {act.subscription} came within {within_s:g} seconds of {act.call}"
        raise WorldError(f"the subscriber in {listener.name} heard nothing", why) from None
    if act.subscription not in heard.data:
        why = f"{json.dumps(heard.data)} in place of {act.subscription} for {act.call}"
        raise WorldError(f"the subscriber in {listener.name} heard the wrong thing", why)
    return heard

"""A client that was away asks its Region for what it missed, of the writes of every Region."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
from gql.transport.exceptions import TransportQueryError

from antipode_tools.operate.cost.journal import items_of
from antipode_tools.operate.drain.command import Run
from antipode_tools.operate.stacks.target import find, load_world
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import client, subscriber
from examples.client.client import ITEMS
from examples.client.documents import page
from examples.client.mirror import Ask, Mirror
from tests.e2e.clients import ask, heard, new_id, replicated

pytestmark = pytest.mark.asyncio(loop_scope="session")

# What an item is written with.
Json = Any

WRITE = "mutation ($input: {0}ItemsModelInput!) {{ item: {1}ItemsModel(input: $input) {{ id }} }}"
KINDS = ("Create", "Update", "Delete")


async def write(region: WorldRegion, kind: str, **input: Json) -> str:
    """The id of the item."""
    answer = await ask(region, WRITE.format(kind, kind.lower()), input=input)
    return str(answer["item"]["id"])


async def caught_up(region: WorldRegion, mirror: Mirror) -> list[str]:
    """What was asked for, to put the copy right."""
    asked = []
    wanted: Ask | None = mirror.subscribed()
    async with client(region) as session:
        while wanted:
            asked.append(wanted.what)
            [answer] = (await session.execute(page(mirror.query, wanted))).values()
            wanted = mirror.page(wanted, answer)
    return asked


async def test_a_client_that_was_away_is_told_of_the_writes_of_every_region(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    word = new_id()
    async with subscriber(ireland) as first:
        await first.subscribe(
            "subscription ($item: String) { onCreateItemsModel(item: $item) { id } }", item=word
        )
        kept, gone = [await write(ireland, "Create", item=word) for _ in range(2)]
        # A relay that has just been started announces them late, and not to who listens below.
        for _ in range(2):
            await heard(first)
    await replicated(world)
    query = replace(ITEMS, asked={"item": word}, sync="syncItemsModels")
    before = Mirror(query)
    assert (await caught_up(ireland, before))[:2] == ["sync", "list"]
    assert set(before.items) == {kept, gone}
    async with AsyncExitStack() as exits:
        # Somebody else listens, and so knows when everything was announced.
        other = await exits.enter_async_context(subscriber(ireland))
        for kind in KINDS:
            await other.subscribe(
                f"subscription ($item: String) {{ on{kind}ItemsModel(item: $item) {{ id }} }}",
                item=word,
            )
        await write(ireland, "Delete", id=gone)
        await write(sydney, "Update", id=kept, item=word)
        new = await write(sydney, "Create", item=word)
        told = [next(iter((await heard(other)).values()))["id"] for _ in range(3)]
        assert sorted(told) == sorted([gone, kept, new])

    mirror = Mirror(query, before)
    assert set(await caught_up(ireland, mirror)) == {"sync"}
    assert {id_: (item["version"], item["updatedIn"]) for id_, item in mirror.items.items()} == {
        kept: (2, sydney.code),
        new: (1, sydney.code),
    }
    # Another Region says that it cannot tell.
    with pytest.raises(TransportQueryError) as refused:
        await caught_up(sydney, Mirror(query, mirror))
    assert [error["errorType"] for error in refused.value.errors or ()] == ["SyncExpired"]


async def test_what_is_kept_for_clients_that_are_away_is_in_the_bill(
    run: Run, ireland: WorldRegion
) -> None:
    config = load_world(run.root, run.state)
    target = find(ireland.name, where=Where.LOCAL, world=config)
    before = await asyncio.to_thread(items_of, target)
    async with subscriber(ireland) as other:
        await other.subscribe("subscription { onCreateItemsModel { id } }")
        await write(ireland, "Create", item=new_id())
        await heard(other)
    after = await asyncio.to_thread(items_of, target)
    assert before is not None
    assert after is not None
    assert after > before

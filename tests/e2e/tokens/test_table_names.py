"""A model with a table of another name, whose items others have written."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import subscriber
from tests.e2e.clients import ask, heard, new_id, replicated, table

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = Any

FIELDS = "id text createdAt updatedAt version updatedIn"
NOTHING: Json = dict.fromkeys(["createdAt", "updatedAt", "version", "updatedIn"])
KINDS = ("Create", "Update", "Delete")


async def test_an_item_put_by_hand_is_read_updated_and_announced_in_every_region(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    memo, word = new_id(), new_id()
    there = table(world, "eu-west-1", "Memo")
    assert there.name == "Memo-abc123-prod"
    async with AsyncExitStack() as exits:
        listening = []
        for region in (ireland, sydney):
            client = await exits.enter_async_context(subscriber(region))
            for kind in KINDS:
                await client.subscribe(
                    f'subscription {{ on{kind}Memo(id: "{memo}") {{ {FIELDS} _was {{ text }} }} }}'
                )
            listening.append(client)
        item = {"id": memo, "text": word, "__typename": "Memo", "_lastChangedAt": 1}
        await asyncio.to_thread(there.put_item, Item=item)
        put = {"id": memo, "text": word, **NOTHING}
        for client in listening:
            assert await heard(client) == {"onCreateMemo": {**put, "_was": None}}
        await replicated(world)

        get = f'getMemo(id: "{memo}") {{ {FIELDS} }}'
        find = f'memosByText(text: "{word}") {{ items {{ {FIELDS} }} }}'
        for region in (ireland, sydney):
            found = await ask(region, f"{{ {get} {find} }}")
            assert found == {"getMemo": put, "memosByText": {"items": [put]}}

        update = f'mutation {{ updateMemo(input: {{ id: "{memo}", text: "new" }}) {{ {FIELDS} }} }}'
        updated = (await ask(sydney, update))["updateMemo"]
        stamps = {"version": 1, "updatedIn": "ap-southeast-2", "updatedAt": updated["updatedAt"]}
        assert updated == {**put, "text": "new", **stamps}
        for client in listening:
            assert await heard(client) == {"onUpdateMemo": {**updated, "_was": {"text": word}}}
        await replicated(world)
        kept = await asyncio.to_thread(there.get_item, Key={"id": memo})
        assert {name: kept["Item"][name] for name in ("__typename", "_lastChangedAt")} == {
            "__typename": "Memo",
            "_lastChangedAt": 1,
        }

        deleted = f'mutation {{ deleteMemo(input: {{ id: "{memo}" }}) {{ {FIELDS} }} }}'
        assert await ask(ireland, deleted) == {"deleteMemo": updated}
        for client in listening:
            assert await heard(client) == {"onDeleteMemo": {**updated, "_was": None}}

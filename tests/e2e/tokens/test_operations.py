"""Operations of the user's own: those of the example `board`."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
from gql.transport.exceptions import TransportQueryError

from antipode_tools.project.world_file import WorldRegion
from antipode_tools.world.clients.subscriber import subscriber
from tests.e2e.clients import ask, heard, new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

# An item, or an answer.
Json = Any

CARD = "id boardId column position title due isOverdue version updatedIn"
CREATE_CARD = f"mutation ($input: CreateCardInput!) {{ createCard(input: $input) {{ {CARD} }} }}"
MOVE = f"""
  mutation ($id: ID!, $column: String!, $position: Float!) {{
    moveCard(id: $id, column: $column, position: $position) {{ {CARD} }}
  }}
"""
SWAP = "mutation ($one: ID!, $other: ID!) { swapCards(one: $one, other: $other) { id position } }"
SEARCH = 'query ($board: ID!) { searchCards(boardId: $board, text: "te") { title isOverdue } }'
INVITE = """
  mutation ($board: ID!) {
    inviteMember(boardId: $board, email: "ada@example.com") { boardId email sentAt }
  }
"""
ON_UPDATE = f"subscription ($board: ID) {{ onUpdateCard(boardId: $board) {{ {CARD} }} }}"


def scoped(region: WorldRegion, scope: str) -> WorldRegion:
    """A Region, as it is told to a client whose token has these scopes."""
    token = region.auth.token
    assert token is not None
    less = replace(token, claims={**token.claims, "scope": scope})
    return replace(region, auth=replace(region.auth, token=less))


async def new_card(region: WorldRegion, board: str, **fields: Json) -> Json:
    card = {"boardId": board, "column": "do", "position": 1.0, "title": "tea", **fields}
    return (await ask(region, CREATE_CARD, input=card))["createCard"]


async def test_what_an_operation_writes_is_announced_in_every_region(
    ireland: WorldRegion, sydney: WorldRegion
) -> None:
    board = new_id()
    card = await new_card(sydney, board, due="2020-01-01")
    assert (card["version"], card["isOverdue"]) == (1, True)
    async with AsyncExitStack() as exits:
        there = [
            await exits.enter_async_context(subscriber(region)) for region in (ireland, sydney)
        ]
        for each in there:
            await each.subscribe(ON_UPDATE, board=board)
        moved = await ask(sydney, MOVE, id=card["id"], column="done", position=7.5)
        wanted = {**card, "column": "done", "position": 7.5, "version": 2}
        assert moved == {"moveCard": wanted}
        # Computed where it is announced, too.
        assert [await heard(each) for each in there] == [{"onUpdateCard": wanted}] * 2


async def test_a_table_is_read_by_an_index_and_fields_are_computed(ireland: WorldRegion) -> None:
    board = new_id()
    await new_card(ireland, board, title="tea", due="2020-01-01", position=2.0)
    await new_card(ireland, board, title="coffee", position=1.0)
    await new_card(ireland, board, title="template", position=3.0)
    assert await ask(ireland, SEARCH, board=board) == {
        "searchCards": [
            {"title": "tea", "isOverdue": True},
            {"title": "template", "isOverdue": None},
        ]
    }


async def test_a_function_is_called_with_what_it_needs(ireland: WorldRegion) -> None:
    answer = (await ask(ireland, INVITE, board="b"))["inviteMember"]
    assert (answer["boardId"], answer["email"]) == ("b", "ada@example.com")
    assert answer["sentAt"].endswith("+00:00")


async def test_a_transaction_writes_both_or_neither(ireland: WorldRegion) -> None:
    board = new_id()
    one = await new_card(ireland, board, position=1.0)
    other = await new_card(ireland, board, position=2.0)
    assert await ask(ireland, SWAP, one=one["id"], other=other["id"]) == {
        "swapCards": [{"id": one["id"], "position": 2.0}, {"id": other["id"], "position": 1.0}]
    }
    with pytest.raises(TransportQueryError, match="there is no such card"):
        await ask(ireland, SWAP, one=one["id"], other=new_id())


async def test_a_scope_opens_what_it_is_declared_for(ireland: WorldRegion) -> None:
    card = await new_card(ireland, new_id())
    reader, writer = scoped(ireland, "Card:read"), scoped(ireland, "Card:write")
    arguments = {"id": card["id"], "column": "done", "position": 3.0}
    with pytest.raises(TransportQueryError, match="Not Authorized to access moveCard"):
        await ask(reader, MOVE, **arguments)
    # It did not run, either.
    moved = await ask(writer, MOVE, **arguments)
    assert moved["moveCard"]["version"] == 2
    with pytest.raises(TransportQueryError, match="Not Authorized to access inviteMember"):
        await ask(writer, INVITE, board="b")

"""Regions that are far, cut off, lost and in trouble, while clients go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import typer
from botocore.exceptions import ClientError
from gql.transport.exceptions import TransportError, TransportQueryError

from antipode_tools.cli.distance import give
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import subscriber
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.order_api import asked
from antipode_tools.world.orders import Order
from tests.e2e.clients import ask, heard, new_id, replicated, table

BOTH = ("ireland", "sydney")
CREATE = "mutation ($id: ID) { createItemsModel(input: {id: $id}) { id } }"
UPDATE = """
mutation ($id: ID!, $item: String) { updateItemsModel(input: {id: $id, item: $item}) { id } }
"""
GET = "query ($id: ID!) { getItemsModel(id: $id) { item updatedIn } }"


@pytest_asyncio.fixture(autouse=True)
async def healed(world: WorldFile) -> AsyncIterator[None]:
    """The world is everybody's."""
    yield
    await asked(world, Order("heal"))
    await replicated(world)


async def test_both_sides_of_a_cut_write_one_item_and_the_later_write_wins(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    item_id = new_id()
    await ask(ireland, CREATE, id=item_id)
    await replicated(world)
    await asked(world, Order("cut", BOTH))
    async with subscriber(sydney) as there:
        await there.subscribe(
            "subscription ($id: ID) { onUpdateItemsModel(id: $id) { item updatedIn } }", id=item_id
        )
        await ask(sydney, UPDATE, id=item_id, item="of Sydney, first")
        await ask(ireland, UPDATE, id=item_id, item="of Ireland, later")
        loser = {"item": "of Sydney, first", "updatedIn": "ap-southeast-2"}
        assert await heard(there) == {"onUpdateItemsModel": loser}
        assert await ask(sydney, GET, id=item_id) == {"getItemsModel": loser}
        await asked(world, Order("heal", BOTH))
        winner = {"item": "of Ireland, later", "updatedIn": "eu-west-1"}
        assert await heard(there) == {"onUpdateItemsModel": winner}
    await replicated(world)
    assert await ask(ireland, GET, id=item_id) == {"getItemsModel": winner}


async def test_a_lag_is_one_way_if_asked_and_holds_from_the_next_write_on(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    near, far = new_id(), new_id()
    await asked(world, Order("lag", ("sydney", "ireland"), lag_s=3600, one_way=True))
    await ask(sydney, CREATE, id=far)
    await ask(ireland, CREATE, id=near)
    while "Item" not in table(world, sydney.code).get_item(Key={"id": near}):
        await asyncio.sleep(0.02)
    assert (await ask(ireland, GET, id=far))["getItemsModel"] is None
    # What is under way stays under way: written anew, it arrives.
    await asked(world, Order("heal"))
    await ask(sydney, UPDATE, id=far, item="again")


@pytest.mark.parametrize("silent", [False, True], ids=["refused", "silent"])
async def test_a_lost_region_is_dark_and_comes_back_with_what_it_missed(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion, silent: bool
) -> None:
    item_id = new_id()
    done = await asked(world, Order("lose", ("sydney",), silent=silent))
    assert done.said == "done"
    with pytest.raises((TransportError, OSError, TimeoutError)):
        async with asyncio.timeout(1):
            await ask(sydney, GET, id=item_id)
    with pytest.raises((TransportError, OSError, TimeoutError)):
        async with asyncio.timeout(1), subscriber(sydney):
            pass
    await ask(ireland, CREATE, id=item_id)
    await asked(world, Order("recover", ("sydney",)))
    async with subscriber(sydney) as there:
        await there.subscribe(
            "subscription ($id: ID) { onUpdateItemsModel(id: $id) { item } }", id=item_id
        )
        await replicated(world)
        await ask(ireland, UPDATE, id=item_id, item="after")
        assert await heard(there) == {"onUpdateItemsModel": {"item": "after"}}


async def test_a_lost_regions_control_plane_is_dark_and_anothers_is_not(world: WorldFile) -> None:
    aws = Aws(world.engine_url)
    clients = [aws.session.client("sqs", **aws.at(code)) for code in world.regions]
    await asked(world, Order("lose", ("sydney",)))
    await asyncio.to_thread(clients[0].list_queues)
    with pytest.raises(ClientError, match="503"):
        await asyncio.to_thread(clients[1].list_queues)


async def test_an_api_is_throttled_and_fails_as_asked(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    await asked(world, Order("throttle", ("ireland",), a_second=0.001))
    await ask(ireland, "{ __typename }")
    with pytest.raises(TransportQueryError, match="TooManyRequestsException"):
        await ask(ireland, "{ __typename }")
    await asked(world, Order("fail", ("sydney",), share=1.0))
    with pytest.raises(TransportQueryError, match="InternalFailureException"):
        await ask(sydney, "{ __typename }")


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (Order("lag", ("ireland", "ireland"), lag_s=1.0), "no distance from itself"),
        (Order("lose", ("atlantis",)), "atlantis"),
        (Order("fail", ("ireland",), share=2.0), "between 0% and 100%"),
    ],
)
async def test_what_no_world_could_follow_is_wrong_usage(
    world: WorldFile, order: Order, why: str
) -> None:
    before = await asked(world)
    with pytest.raises(typer.BadParameter, match=why):
        await asyncio.to_thread(give, world, order, as_json=True)
    assert (await asked(world)).conditions == before.conditions

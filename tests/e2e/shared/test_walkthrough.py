"""The walkthrough of the AWS post on global tables and AppSync, to the letter, in both directions.

https://aws.amazon.com/blogs/mobile/building-multi-region-graphql-apis/
"""

from __future__ import annotations

import pytest

from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.clients.subscriber import subscriber
from tests.e2e.clients import ask, heard

SUBSCRIPTION = "subscription MySubscription { onCreateItemsModel { id item } }"
MUTATION = """
mutation MyMutation { createItemsModel(input: {id: "Item001", item: "MyItem"}) { id item } }
"""
ITEM = {"id": "Item001", "item": "MyItem"}
REMOVAL = 'mutation { deleteItemsModel(input: {id: "Item001"}) { id } }'


@pytest.mark.parametrize(
    ("writer", "listener"),
    [
        pytest.param("ap-southeast-2", "eu-west-1", id="from Sydney to Ireland"),
        pytest.param("eu-west-1", "ap-southeast-2", id="from Ireland to Sydney"),
    ],
)
async def test_a_change_written_in_one_region_reaches_a_subscriber_in_the_other(
    world: WorldFile, writer: str, listener: str
) -> None:
    regions = world.regions
    async with subscriber(regions[listener]) as there:
        await there.subscribe(SUBSCRIPTION)
        assert await ask(regions[writer], MUTATION) == {"createItemsModel": ITEM}
        assert await heard(there) == {"onCreateItemsModel": ITEM}
    await ask(regions[writer], REMOVAL)

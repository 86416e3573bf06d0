from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from antipode_tools.project.sample import Sample
from antipode_tools.world.clients.demo import Listener, hear, plan
from antipode_tools.world.clients.subscriber import Heard
from antipode_tools.world.errors import WorldError

ITEM = Sample(
    model="ItemsModel",
    key={"id": '"Item1"'},
    key_is_made=True,
    created={"item": '"MyItem"'},
    updated={"item": '"YourItem"'},
)
CREATE = plan(ITEM)[0]


def listener(*heard: Heard) -> Listener:
    """A subscriber in Ireland that has heard something already."""
    queue: asyncio.Queue[Heard] = asyncio.Queue()
    for each in heard:
        queue.put_nowait(each)
    return Listener("ireland", cast(Any, SimpleNamespace(heard=queue)))


def test_an_item_is_created_as_in_the_walkthrough_then_changed_and_deleted() -> None:
    assert [(act.call, act.subscription) for act in plan(ITEM)] == [
        ('createItemsModel(input: {id: "Item1", item: "MyItem"})', "onCreateItemsModel"),
        ('updateItemsModel(input: {id: "Item1", item: "YourItem"})', "onUpdateItemsModel"),
        ('deleteItemsModel(input: {id: "Item1"})', "onDeleteItemsModel"),
    ]


def test_what_is_asked_for_tells_the_item_its_last_write_and_the_change() -> None:
    assert {act.fields for act in plan(ITEM)} == {
        "id item version updatedIn _change { kind region }"
    }


async def test_what_a_subscriber_heard_of_an_act_is_reported() -> None:
    heard = Heard({"onCreateItemsModel": {"id": "Item1"}}, at=1.0)
    assert await hear(listener(heard), CREATE) == heard


async def test_silence_is_an_error_after_a_while() -> None:
    with pytest.raises(WorldError) as error:
        await hear(listener(), CREATE, within_s=0.01)
    assert str(error.value) == (
        "the subscriber in ireland heard nothing: no onCreateItemsModel came within 0.01 seconds "
        'of createItemsModel(input: {id: "Item1", item: "MyItem"})'
    )


async def test_the_wrong_announcement_is_an_error() -> None:
    with pytest.raises(WorldError) as error:
        await hear(listener(Heard({"onDeleteItemsModel": None}, at=1.0)), CREATE)
    assert str(error.value) == (
        'the subscriber in ireland heard the wrong thing: {"onDeleteItemsModel": null} in place of '
        'onCreateItemsModel for createItemsModel(input: {id: "Item1", item: "MyItem"})'
    )

"""Subscriptions of models without owners: arguments choose, and a null one asks for nothing.

Whoever chose an item by what it was hears of the update by which it leaves.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.filters import enhanced_filter
from localaws.appsync.ports import Evaluation, HandlerName, Json

from .keys import KEYS, OWNERS

Resolver = Callable[[str, HandlerName, Json], Evaluation]

KINDS = {"Create": ["CREATE"], "Update": ["UPDATE"], "Delete": ["DELETE"]}
KINDS["Change"] = ["CREATE", "UPDATE", "DELETE"]


def subscribed(resolver: Resolver, field: str, **arguments: Json) -> Evaluation:
    context = {
        "arguments": arguments,
        "env": {"REGION": "eu-west-1", **KEYS, **OWNERS},
        "identity": None,
        "info": {"fieldName": field},
        "stash": {},
    }
    assert resolver("subscribe", HandlerName.REQUEST, context) == Evaluation({"payload": None})
    return resolver("subscribe", HandlerName.RESPONSE, context)


def test_without_arguments_no_filter_is_set(resolver: Resolver) -> None:
    assert subscribed(resolver, "onCreateItemsModel") == Evaluation(result=None)


def test_arguments_choose_what_is_heard(resolver: Resolver) -> None:
    its = subscribed(resolver, "onCreateItemsModel", id="a", done=False, number=0, text="")
    hears = enhanced_filter(its.subscription_filter).matches

    announced = {"id": "a", "done": False, "number": 0, "text": ""}
    assert hears(announced)
    others: list[dict[str, Json]] = [{"id": "b"}, {"done": True}, {"number": 1}, {"text": "a"}]
    assert [hears({**announced, **other}) for other in others] == [False] * 4


def test_an_argument_of_null_leaves_the_others_to_choose(resolver: Resolver) -> None:
    its = subscribed(resolver, "onCreateItemsModel", id="a", item=None)
    hears = enhanced_filter(its.subscription_filter).matches

    assert hears({"id": "a", "item": None})
    assert hears({"id": "a", "item": "b"})
    assert not hears({"id": "b", "item": None})


@pytest.mark.parametrize("kind", KINDS)
def test_with_nulls_alone_every_announcement_is_heard(resolver: Resolver, kind: str) -> None:
    its = subscribed(resolver, f"on{kind}ItemsModel", id=None, item=None, updatedIn=None)
    hears = enhanced_filter(its.subscription_filter).matches

    for each in KINDS[kind]:
        assert hears({"id": "a", "item": "b", "_change": {"kind": each}})
        assert hears({"id": None, "_change": {"kind": each}})


UPDATES = ["onUpdateItemsModel", "onChangeItemsModel"]


@pytest.mark.parametrize("field", UPDATES)
def test_who_asked_for_what_an_item_was_hears_it_leave(resolver: Resolver, field: str) -> None:
    its = subscribed(resolver, field, item="old", done=False)
    hears = enhanced_filter(its.subscription_filter).matches

    was = {"item": "old", "done": False}
    new = {"id": "a", "item": "new", "done": False}
    assert hears({**new, "item": "old", "_was": None})
    assert hears({**new, "_was": was})
    assert not hears({**new, "_was": None})
    for other in ({"item": "older"}, {"done": True}, {"item": None}):
        assert not hears({**new, "_was": {**was, **other}})


def test_no_half_of_what_was_asked_is_met_by_what_an_item_was(resolver: Resolver) -> None:
    its = subscribed(resolver, "onUpdateItemsModel", item="old", done=True)
    hears = enhanced_filter(its.subscription_filter).matches

    assert not hears({"item": "new", "done": True, "_was": {"item": "old", "done": False}})


@pytest.mark.parametrize("field", ["onCreateItemsModel", "onDeleteItemsModel"])
def test_nothing_leaves_by_being_created_or_deleted(resolver: Resolver, field: str) -> None:
    its = subscribed(resolver, field, item="old")

    assert its.subscription_filter == {
        "filterGroup": [{"filters": [{"fieldName": "item", "operator": "eq", "value": "old"}]}]
    }


def test_a_key_and_who_wrote_are_asked_of_the_item_as_it_is(resolver: Resolver) -> None:
    its = subscribed(
        resolver, "onUpdateOrder", customer="c", number=1, state="OPEN", updatedIn="eu-west-1"
    )

    held = [("customer", "c"), ("number", 1), ("updatedIn", "eu-west-1")]
    [now, before] = [
        {(each["fieldName"], each["value"]) for each in group["filters"]}
        for group in its.subscription_filter["filterGroup"]
    ]
    assert now == {*held, ("state", "OPEN")}
    assert before == {*held, ("_was.state", "OPEN")}


@pytest.mark.parametrize("field", UPDATES)
def test_by_its_key_alone_an_item_never_leaves(resolver: Resolver, field: str) -> None:
    its = subscribed(resolver, field, id="a", updatedIn="eu-west-1")

    [group] = its.subscription_filter["filterGroup"]
    assert [each["fieldName"] for each in group["filters"]] == ["id", "updatedIn"]

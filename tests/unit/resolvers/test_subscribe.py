"""Subscriptions of models without owners: arguments choose, and a null one asks for nothing."""

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

"""Who hears of an announcement, in which order."""

from __future__ import annotations

import json
from functools import partial

import pytest

from localaws.appsync.ports import Invalidation
from localaws.appsync.realtime.hub import Hub
from tests.unit.localaws.appsync.realtime.fakes import FakeSubscription, published


def lives_on() -> None:
    raise AssertionError("nobody ended this subscription")


@pytest.fixture
def hub() -> Hub:
    return Hub()


def test_a_matching_subscription_gets_the_payload_as_json(hub: Hub) -> None:
    heard: list[str] = []
    hub.register(FakeSubscription("onCreate"), heard.append, lives_on)
    hub.announce(published({"id": "é"}))
    assert heard == ['{"data":{"onCreate":{"id":"é"}}}']


def test_others_hear_nothing(hub: Hub) -> None:
    heard: list[str] = []
    hub.register(FakeSubscription("onUpdate"), heard.append, lives_on)
    hub.register(FakeSubscription("onCreate", {"id": "b"}), heard.append, lives_on)
    hub.announce(published({"id": "a"}))
    assert heard == []


def test_announcements_arrive_in_their_order(hub: Hub) -> None:
    heard: list[str] = []
    hub.register(FakeSubscription("onCreate"), heard.append, lives_on)
    for number in range(50):
        hub.announce(published(number))
    assert [json.loads(text)["data"]["onCreate"] for text in heard] == list(range(50))


def test_the_payload_is_made_once_for_each_shape(hub: Hub) -> None:
    heard: list[str] = []
    short, long = FakeSubscription("onCreate", shape="id"), FakeSubscription("onCreate", shape="*")
    for subscription in (short, long, short, long, long):
        hub.register(subscription, heard.append, lives_on)
    hub.announce(published(1))
    assert (short.made, long.made, len(heard)) == ([1], [1], 5)
    hub.announce(published(2))
    assert (short.made, long.made, len(heard)) == ([1, 2], [1, 2], 10)


def test_fields_do_not_share_a_payload_even_in_one_shape(hub: Hub) -> None:
    heard: list[str] = []
    hub.register(FakeSubscription("onCreate", shape="id"), heard.append, lives_on)
    hub.register(AlsoOnCreate("onNew", shape="id"), heard.append, lives_on)
    hub.announce(published(1))
    assert heard == ['{"data":{"onCreate":1}}', '{"data":{"onNew":1}}']


class AlsoOnCreate(FakeSubscription):
    def matches(self, _: object) -> bool:
        return True


def test_an_unregistered_subscription_hears_no_more(hub: Hub) -> None:
    heard: list[str] = []
    registration = hub.register(FakeSubscription("onCreate"), heard.append, lives_on)
    assert len(hub) == 1
    hub.unregister(registration)
    hub.unregister(registration)
    hub.announce(published(1))
    assert heard == []
    assert len(hub) == 0


def test_a_subscription_may_go_while_an_announcement_is_delivered(hub: Hub) -> None:
    heard: list[str] = []
    registration = hub.register(
        FakeSubscription("onCreate"), lambda _: hub.unregister(registration), lives_on
    )
    hub.register(FakeSubscription("onCreate"), heard.append, lives_on)
    hub.announce(published(1))
    assert heard == ['{"data":{"onCreate":1}}']


def test_half_a_surrogate_pair_becomes_a_question_mark(hub: Hub) -> None:
    heard: list[str] = []
    hub.register(FakeSubscription("onCreate"), heard.append, lives_on)
    hub.announce(published("a\ud800b"))
    assert heard == ['{"data":{"onCreate":"a?b"}}']


def test_an_invalidation_ends_the_subscriptions_that_it_concerns_and_no_other(hub: Hub) -> None:
    ended: list[str] = []
    for name in ("a", "b"):
        end = partial(ended.append, name)
        hub.register(FakeSubscription("onCreate", {"id": name}), print, end)
    hub.register(FakeSubscription("onUpdate", {"id": "a"}), print, lives_on)
    hub.invalidate(Invalidation("onCreate", {"id": "a"}))
    assert ended == ["a"]

"""Subscriptions of models without owners: arguments and a filter choose, null asks for nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localaws.appsync.filters import enhanced_filter
from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json
from tests.examples import percent

from .models import ENVIRONMENT

Resolver = Callable[[str, HandlerName, Json], Evaluation]

KINDS = {"Create": ["CREATE"], "Update": ["UPDATE"], "Delete": ["DELETE"]}
KINDS["Change"] = ["CREATE", "UPDATE", "DELETE"]


def subscribed(resolver: Resolver, field: str, **arguments: Json) -> Evaluation:
    context = {
        "arguments": arguments,
        "env": ENVIRONMENT,
        "identity": None,
        "info": {"fieldName": field, "parentTypeName": "Subscription"},
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


def hears(its: Evaluation, **announced: Json) -> bool:
    return enhanced_filter(its.subscription_filter).matches(announced)


ELEVEN = [{"n": {"eq": n}} for n in range(11)]


# -- Leaving ------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["onUpdateItemsModel", "onChangeItemsModel"])
def test_who_asked_for_what_an_item_was_hears_it_leave(resolver: Resolver, field: str) -> None:
    its = subscribed(resolver, field, item="old", filter={"done": {"eq": False}})

    was = {"item": "old", "done": False}
    new = {"id": "a", "item": "new", "done": False}
    assert hears(its, **{**new, "item": "old"}, _was=None)
    assert hears(its, **new, _was=was)
    assert not hears(its, **new, _was=None)
    for other in ({"item": "older"}, {"done": True}, {"item": None}):
        assert not hears(its, **new, _was={**was, **other})


def test_who_asked_for_a_version_of_the_types_own_hears_it_leave(resolver: Resolver) -> None:
    its = subscribed(resolver, "onUpdateRelease", version="1")
    hears = enhanced_filter(its.subscription_filter).matches
    assert hears({"version": "2", "_was": {"version": "1"}})
    its = subscribed(resolver, "onUpdateItemsModel", version=1)
    assert compared_with(its) == [{("version", 1)}]


def test_no_half_of_what_was_asked_is_met_by_what_an_item_was(resolver: Resolver) -> None:
    its = subscribed(resolver, "onUpdateItemsModel", item="old", done=True)

    assert not hears(its, item="new", done=True, _was={"item": "old", "done": False})


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
    assert compared_with(its) == [{*held, ("state", "OPEN")}, {*held, ("_was.state", "OPEN")}]


def test_by_its_key_alone_an_item_never_leaves(resolver: Resolver) -> None:
    its = subscribed(resolver, "onUpdateItemsModel", id="a", updatedIn="eu-west-1")

    assert compared_with(its) == [{("id", "a"), ("updatedIn", "eu-west-1")}]


def test_an_alternative_of_other_operators_is_held_to_the_item_as_it_is(
    resolver: Resolver,
) -> None:
    filter = {"or": [{"text": {"beginsWith": "a"}}, {"n": {"in": [1, 2]}}]}
    its = subscribed(resolver, "onUpdateItemsModel", filter=filter)

    assert not hears(its, text="b", n=3, _was={"text": "ab", "n": 3})
    assert hears(its, text="b", n=3, _was={"text": "b", "n": 2})


def test_as_many_alternatives_as_appsync_takes_are_held_to_the_item_as_it_is(
    resolver: Resolver,
) -> None:
    five = subscribed(resolver, "onUpdateItemsModel", filter={"or": ELEVEN[:5]})
    six = subscribed(resolver, "onUpdateItemsModel", filter={"or": ELEVEN[:6]})

    assert (len(compared_with(five)), len(compared_with(six))) == (10, 6)


def compared_with(its: Evaluation) -> list[set[tuple[str, Json]]]:
    """The fields and values of each alternative."""
    return [
        {(each["fieldName"], each["value"]) for each in group["filters"]}
        for group in its.subscription_filter["filterGroup"]
    ]


# -- Filters ------------------------------------------------------------------------------------


def test_a_filter_and_the_arguments_hold_together(resolver: Resolver) -> None:
    filter = {"or": [{"n": {"gt": 5}}, {"text": {"beginsWith": "a"}, "n": {"lt": 0}}]}
    its = subscribed(resolver, "onUpdateItemsModel", id="a", filter=filter)

    assert hears(its, id="a", n=6, text="b")
    assert hears(its, id="a", n=-1, text="ab")
    assert not hears(its, id="b", n=6, text="b")
    assert not hears(its, id="a", n=-1, text="b")


@pytest.mark.parametrize(
    "filter", [{}, {"and": []}, {"n": {"lt": None}}, {"or": [{}, {"n": {}}], "n": None}]
)
def test_a_filter_that_asks_for_nothing_hears_everything(resolver: Resolver, filter: Json) -> None:
    its = subscribed(resolver, "onCreateItemsModel", filter=filter)

    assert hears(its, id="a", _change={"kind": "CREATE"})


def test_a_condition_that_is_asked_twice_counts_once(resolver: Resolver) -> None:
    its = subscribed(resolver, "onCreateItemsModel", id="a", filter={"and": [{"id": {"eq": "a"}}]})

    assert its.subscription_filter == {
        "filterGroup": [{"filters": [{"fieldName": "id", "operator": "eq", "value": "a"}]}]
    }


@pytest.mark.parametrize(
    ("filter", "message"),
    [
        (
            {"n": {"gt": 1, "lt": 5}},
            "filter has more than one condition on n, of which AppSync takes one: ask for less",
        ),
        (
            {"id": {"ne": "a"}},
            "filter has more than one condition on id, of which AppSync takes one: ask for less",
        ),
        (
            {"a": {"eq": 1}, "b": {"eq": 1}, "c": {"eq": 1}, "d": {"eq": 1}, "e": {"eq": 1}},
            "filter has id, a, b, c, d, e, and AppSync takes five fields: ask for less",
        ),
        (
            {"or": ELEVEN},
            "filter has more than 10 alternatives, and AppSync takes no more: ask for less",
        ),
        (
            {"and": [{"or": ELEVEN[:4]}, {"or": [{"m": {"eq": n}} for n in range(3)]}]},
            "filter has more than 10 alternatives, and AppSync takes no more: ask for less",
        ),
        (
            {"n": {"in": [1, 2, 3, 4]}, "m": {"in": [1, 2, 3]}},
            "filter has more than 10 alternatives, and AppSync takes no more: ask for less",
        ),
        (
            {"or": ELEVEN * 1000},
            "filter has more parts than can be asked for at once: ask for less",
        ),
        (
            {"n": {"in": [1, 2, 3, 4, 5, 6]}},
            "filter has in of n with more than five values, and AppSync takes no more",
        ),
        (
            {"n": {"notIn": []}},
            "filter has notIn of n without a value, and AppSync filters announcements by values",
        ),
        (
            {"text": {"eq": None}},
            "filter has eq of text without a value, and AppSync filters announcements by values",
        ),
        ({"n": {"between": [1]}}, "filter has between of n, which needs two values"),
        (
            {"text": {"contains": "x" * 257}},
            "filter has contains of text with a text longer than the 256 characters that AppSync "
            "takes",
        ),
    ],
)
def test_what_appsync_does_not_take_is_refused_in_words(
    resolver: Resolver, filter: Json, message: str
) -> None:
    its = subscribed(resolver, "onCreateItemsModel", id="a", filter=filter)

    assert its == Evaluation(error=HandlerError(message, "BadRequest"))


_fields = st.dictionaries(
    st.sampled_from(["or_0_a", "a", "b"]),
    st.dictionaries(st.sampled_from(["eq", "gt", "le"]), st.integers(0, 3), max_size=1),
    max_size=2,
)
FILTERS = st.recursive(
    _fields,
    lambda inner: st.builds(
        lambda fields, groups: {**fields, **groups},
        _fields,
        st.dictionaries(st.sampled_from(["and", "or"]), st.lists(inner, max_size=3)),
    ),
    max_leaves=5,
)


def holds(filter: Json, item: dict[str, int]) -> bool | None:
    """Whether a filter is true of an announcement; None if it asks for nothing."""
    parts: list[bool | None] = []
    for name, value in filter.items():
        if name in ("and", "or"):
            members = [each for each in (holds(f, item) for f in value) if each is not None]
            join = all if name == "and" else any
            parts.append(join(members) if members else None)
        else:
            compared = {"eq": int.__eq__, "gt": int.__gt__, "le": int.__le__}
            parts += [compared[operator](item[name], n) for operator, n in value.items()]
    asked = [each for each in parts if each is not None]
    return all(asked) if asked else None


@given(
    filter=FILTERS,
    items=st.lists(
        st.fixed_dictionaries({name: st.integers(0, 3) for name in ("or_0_a", "a", "b")}),
        min_size=1,
        max_size=4,
    ),
)
@settings(
    max_examples=percent(150),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_filter_hears_what_it_says_or_is_refused(
    resolver: Resolver, filter: Json, items: list[dict[str, int]]
) -> None:
    its = subscribed(resolver, "onCreateItemsModel", filter=filter)

    if its.error:
        assert its.error.type == "BadRequest"
        return
    for item in items:
        heard = hears(its, **item, _change={"kind": "CREATE"})
        assert heard is (holds(filter, item) is not False)

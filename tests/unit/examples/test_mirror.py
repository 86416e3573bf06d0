"""The example client's copy of a Region's items, whatever way the announcements come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.client.client import realtime
from examples.client.mirror import Item, Mirror, Query, RegionChanged

IDS = ("a", "b")
TODOS = Query("Todo", "listTodos", "id item")


def announced(
    item_id: str, sequence: int, kind: str = "UPDATE", *, region: str = "eu-west-1", **fields: Any
) -> Item:
    change = {"kind": kind, "sequence": str(sequence), "region": region}
    return {"id": item_id, **fields, "_change": change}


def begun(items: Iterable[Item] = (), query: Query = TODOS) -> Mirror:
    """A copy that has asked for everything."""
    mirror = Mirror(query)
    assert mirror.page(mirror.subscribed(), {"items": [*items], "nextToken": None}) is None
    return mirror


def test_a_lower_version_is_no_reason_to_drop_a_change() -> None:
    mirror = begun([{"id": "a", "item": "1", "version": 9}])
    mirror.heard([announced("a", 1, item="1", version=2)])
    assert mirror.items["a"]["version"] == 2


def test_an_announcement_is_left_as_it_was() -> None:
    given = announced("a", 1, item="1")
    begun().heard([given])
    assert given == announced("a", 1, item="1")


def test_another_regions_announcement_is_refused() -> None:
    mirror = begun()
    mirror.heard([announced("a", 1, item="1")])
    with pytest.raises(RegionChanged, match="eu-west-1 was left for ap-southeast-2"):
        mirror.heard([announced("a", 2, region="ap-southeast-2", item="1")])


@dataclass
class History:
    """One Region's table, its stream, and where a client came in.

    Args:
        subscribed: how many of the changes had been announced by then.
        queried: how many had been made by then.
    """

    changes: list[Item]
    subscribed: int
    queried: int
    delivered: list[Item] = field(default_factory=list)


def table(changes: list[Item]) -> dict[str, Item]:
    """What a query gives after these changes."""
    items: dict[str, Item] = {}
    for change in changes:
        item = {name: value for name, value in change.items() if name != "_change"}
        if change["_change"]["kind"] == "DELETE":
            items.pop(item["id"], None)
        else:
            items[item["id"]] = item
    return items


@st.composite
def histories(
    draw: st.DrawFn, region: str = "eu-west-1", texts: st.SearchStrategy[str] | None = None
) -> History:
    writes = draw(
        st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(["UPDATE", "DELETE"])), max_size=9)
    )
    steps = draw(st.lists(st.integers(1, 10**12), min_size=len(writes), max_size=len(writes)))
    sequence, changes = 0, []
    for (item_id, kind), step in zip(writes, steps, strict=True):
        sequence += step
        text = draw(texts) if texts is not None else str(sequence)
        changes.append(announced(item_id, sequence, kind, region=region, item=text))
    subscribed = draw(st.integers(0, len(changes)))
    queried = draw(st.integers(subscribed, len(changes)))
    heard = changes[subscribed:]
    doubles = draw(st.lists(st.sampled_from(heard), max_size=5)) if heard else []
    delivered = draw(st.permutations([*heard, *doubles]))
    return History(changes, subscribed, queried, delivered)


@given(histories())
def test_it_converges_whatever_is_doubled_or_out_of_order(history: History) -> None:
    mirror = begun(table(history.changes[: history.queried]).values())
    mirror.heard(history.delivered)
    assert mirror.items == table(history.changes)


@given(histories(), histories(region="ap-southeast-2"))
def test_it_converges_to_the_region_that_it_changed_to(one: History, other: History) -> None:
    mirror = begun(table(one.changes[: one.queried]).values())
    mirror.heard(one.delivered)
    for announcement in other.delivered[:1] if one.delivered else []:
        with pytest.raises(RegionChanged):
            mirror.heard([announcement])
    mirror = begun(table(other.changes[: other.queried]).values())
    mirror.heard(other.delivered)
    assert mirror.items == table(other.changes)


@given(histories(texts=st.sampled_from(["1", "2", "3"])))
def test_it_converges_to_the_items_that_it_asked_for(history: History) -> None:
    held = table(history.changes[: history.queried]).values()
    asked = replace(TODOS, asked={"item": "1"})
    mirror = begun([item for item in held if item["item"] == "1"], asked)
    told = [each for each in history.delivered if "1" in (each["item"], before(history, each))]
    mirror.heard(told)
    last = table(history.changes)
    assert mirror.items == {name: item for name, item in last.items() if item["item"] == "1"}


def before(history: History, announcement: Item) -> Any:
    """The text that the item had before this change."""
    earlier = table(history.changes[: history.changes.index(announcement)])
    return earlier.get(announcement["id"], {}).get("item")


@pytest.mark.parametrize(
    ("url", "socket"),
    [
        ("https://api.example.com/graphql", "wss://api.example.com/graphql/realtime"),
        ("http://127.0.0.1:4001/graphql", "ws://127.0.0.1:4001/graphql/realtime"),
        (
            "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql",
            "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql",
        ),
    ],
)
def test_the_socket_is_beside_the_url(url: str, socket: str) -> None:
    assert realtime(url) == socket

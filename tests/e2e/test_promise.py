"""The promise, held by the real template and the real relay while AppSync fails them.

In each Region every change that reaches the stream is announced at least once, each item's changes
in their order, and once only unless an answer of AppSync's was lost.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from antipode_tools.project.config import load, project_root
from antipode_tools.world import control
from antipode_tools.world.progress import silent
from tests.e2e.storm import FAULTS, ITEMS, REGIONS, WRITES_TO_AN_ITEM, Aftermath, ride_out

FIELDS = ("id", "item", "createdAt", "updatedAt", "version", "updatedIn")


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Aftermath]]:
    """A world of its own, since no other test could use this one."""
    config = load(root=project_root(), port=0, state=tmp_path_factory.mktemp("storm"))
    world = control.start(config, silent)
    try:
        yield asyncio.run(ride_out(world))
    finally:
        control.stop(config)


@pytest.fixture(params=REGIONS)
def there(request: pytest.FixtureRequest, aftermath: dict[str, Aftermath]) -> Aftermath:
    return aftermath[request.param]


def test_appsync_failed_one_publish_in_ten_in_every_way(there: Aftermath) -> None:
    met = there.proxy.met
    assert met.keys() == {None, *FAULTS}
    assert round((met.total() - met[None]) / met.total(), 2) == 0.10


def test_every_write_reaches_the_stream_of_every_region(there: Aftermath) -> None:
    assert len(there.stream) == len(ITEMS) * WRITES_TO_AN_ITEM == 2_000


def test_every_change_is_announced_and_each_items_in_their_order(there: Aftermath) -> None:
    announced = ((change["id"], change["_change"]["id"]) for change in there.heard)
    written = (
        (record["dynamodb"]["Keys"]["id"]["S"], record["eventID"]) for record in there.stream
    )
    assert by_item(dict.fromkeys(announced)) == by_item(written)


def test_what_the_relay_knows_to_be_announced_is_not_announced_again(there: Aftermath) -> None:
    assert set(there.proxy.known.values()) == {1}


def test_the_last_announcement_of_each_item_is_what_the_table_holds(there: Aftermath) -> None:
    last = {change["id"]: change for change in sorted(there.heard, key=sequence)}
    assert sorted(last) == ITEMS
    held = {row["id"]: values(row) for row in there.rows}
    assert held == {
        item_id: values(change)
        for item_id, change in last.items()
        if change["_change"]["kind"] != "DELETE"
    }


def test_nothing_is_left_undelivered(there: Aftermath) -> None:
    assert there.undelivered == []


def by_item(changes: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The ids of each item's changes, in their order."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for item_id, change_id in changes:
        grouped[item_id].append(change_id)
    return grouped


def sequence(change: Any) -> int:
    return int(change["_change"]["sequence"])


def values(item: Any) -> list[object]:
    """What an announcement or the table says of an item: what is missing here is null there."""
    return [item.get(name) for name in FIELDS]

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from localaws.dynamodb.global_tables import GlobalTables
from localaws.dynamodb.replication import Network
from localaws.dynamodb.writes import Tables
from tests.unit.localaws.dynamodb.fake_region import FakeRegion, regions

IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"
ITEMS = frozenset({"items"})
PATIENCE_S = 10.0


def near(source: str, target: str) -> float:
    return 0.0


@asynccontextmanager
async def replicated(
    there: dict[str, FakeRegion],
    *,
    network: Network = near,
    at_first: Sequence[str] = (),
    applied: Callable[[str, Tables], None] = lambda _, __: None,
) -> AsyncIterator[GlobalTables]:
    """Replication between these Regions, for the length of a block."""
    tables = GlobalTables(there, network, applied=applied, idle_s=0.01, pause_after_an_error_s=0)
    tables.follow({"items": at_first or there})
    running = asyncio.create_task(tables.run())
    try:
        yield tables
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.001)


async def test_what_is_written_in_one_region_is_applied_in_the_other_and_goes_no_further() -> None:
    there = regions(IRELAND, SYDNEY)
    told: list[tuple[str, Tables]] = []
    async with replicated(there, applied=lambda *to: told.append(to)) as tables:
        there[SYDNEY].write("a", "1")
        tables.wake(SYDNEY, ITEMS)
        await until(lambda: there[IRELAND].held() == {"a": "1"})
        there[IRELAND].write("b", "2")
        tables.wake(IRELAND, ITEMS)
        await until(lambda: there[SYDNEY].held() == {"a": "1", "b": "2"})
        there[SYDNEY].write("a", None)  # nobody tells of it
        await until(lambda: there[IRELAND].held() == {"b": "2"})
    assert told == [(IRELAND, ITEMS), (SYDNEY, ITEMS), (IRELAND, ITEMS)]
    assert [len(region.stream) for region in there.values()] == [3, 3]


async def test_while_a_link_is_cut_writes_wait_and_only_the_last_of_an_item_arrives() -> None:
    there = regions(IRELAND, SYDNEY)
    cut = {(SYDNEY, IRELAND)}
    async with replicated(there, network=lambda *link: None if link in cut else 0.0) as tables:
        for number in range(5):
            there[SYDNEY].write("a", str(number))
        there[IRELAND].write("b", "the other way is open")
        await until(lambda: "b" in there[SYDNEY].held())
        assert there[IRELAND].held() == {"b": "the other way is open"}
        cut.clear()
        tables.network_changed()
        await until(lambda: there[IRELAND].held() == there[SYDNEY].held())
    assert [write.image["value"]["S"] for write in there[IRELAND].applied if write.image] == ["4"]


async def test_a_region_that_comes_later_is_sent_what_the_others_hold() -> None:
    there = regions(IRELAND, SYDNEY)
    there[IRELAND].write("before", "1")
    async with replicated(there, at_first=[IRELAND]) as tables:
        assert tables.replicas("items") == [IRELAND]
        tables.follow({"items": [SYDNEY]})
        await until(lambda: there[SYDNEY].held() == {"before": "1"})
        assert tables.replicas("items") == [IRELAND, SYDNEY]


async def test_a_region_that_does_not_answer_is_asked_again() -> None:
    there = regions(IRELAND, SYDNEY)
    there[IRELAND].faults = 3
    async with replicated(there):
        there[SYDNEY].write("a", "1")
        await until(lambda: there[IRELAND].held() == {"a": "1"})


async def test_a_table_that_was_deleted_in_a_region_has_no_replica_there() -> None:
    there = regions(IRELAND, SYDNEY)
    async with replicated(there) as tables:
        there[SYDNEY].write("a", "1")
        await until(lambda: there[IRELAND].held() == {"a": "1"})
        there[IRELAND].gone = True
        tables.wake(IRELAND, ITEMS)
        await until(lambda: tables.replicas("items") == [SYDNEY])
        there[SYDNEY].write("b", "2")
    assert there[SYDNEY].held() == {"a": "1", "b": "2"}
    assert tables.replicas("another") == []

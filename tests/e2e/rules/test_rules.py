"""The rules of four applications, with three callers each, in two Regions.

Whatever rules there are, tests/property/auth tries them in memory.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import Subscriber, subscriber
from tests.e2e.clients import ask, heard, new_id, replicated
from tests.e2e.rules.callers import Answer, Guest, Who, denied, told, write

pytestmark = pytest.mark.asyncio(loop_scope="session")

# What a client is answered.
Json = Any

IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"
FENCE = "subscription ($id: ID) { onCreateItemsModel(id: $id) { id } }"
CREATE_FENCE = """
  mutation ($id: ID!) { createItemsModel(input: { id: $id, item: "fence" }) { id } }
"""


class Ears:
    """Everybody in every Region, listening."""

    def __init__(self, world: WorldFile, there: Mapping[tuple[str, str], Subscriber]) -> None:
        self._world, self._there = world, there

    async def hear(self, field: str, item: Json, *names: str) -> None:
        """These hear of it next, in every Region."""
        for (_, name), ear in self._there.items():
            if name in names:
                assert await heard(ear) == {field: item}, name

    async def hear_nothing_else(self, fence: str) -> None:
        """What was announced before reached whom it had to reach: so it has reached nobody else."""
        await ask(self._world.regions[IRELAND], CREATE_FENCE, id=fence)
        for ear in self._there.values():
            assert await heard(ear) == {"onCreateItemsModel": {"id": fence}}


@asynccontextmanager
async def listening(
    world: WorldFile, fence: str, who: Sequence[Who | Guest], *documents: str
) -> AsyncIterator[Ears]:
    async with AsyncExitStack() as exits:
        ears: dict[tuple[str, str], Subscriber] = {}
        for code, region in world.regions.items():
            for each in who:
                ear = await exits.enter_async_context(subscriber(region, each.auth(region)))
                for document in documents:
                    await ear.subscribe(f"subscription {{ {document} }}")
                await ear.subscribe(FENCE, id=fence)
                ears[code, each.name] = ear
        yield Ears(world, ears)


async def test_a_paper_is_read_by_all_changed_by_its_writers_and_cleared_by_its_editors(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    ada, bob, eva = Who("ada"), Who("bob"), Who("eva", ("editors", "night shift"))
    section, story, fence = new_id(), new_id(), new_id()
    read = "query ($id: ID!) { getSection(id: $id) { owner stories { items { id writer } } } }"
    async with listening(
        world,
        fence,
        [ada, bob, eva],
        *(f'on{kind}Story(sectionId: "{section}") {{ id }}' for kind in ("Create", "Delete")),
    ) as ears:
        await write(ireland, ada, "createSection", id=section, heading="Harbour")
        made = await write(
            ireland, ada, "createStory", id=story, sectionId=section, headline="A ship"
        )
        assert made == Answer({"createStory": {"id": story}})
        await ears.hear("onCreateStory", {"id": story}, "ada", "bob", "eva")
        await replicated(world)
        of_ada = {"owner": "ada", "stories": {"items": [{"id": story, "writer": "ada"}]}}
        for region in (ireland, sydney):
            for who in (ada, bob, eva):
                assert await told(region, who, read, id=section) == Answer({"getSection": of_ada})
            for who in (bob, eva):
                changed = await write(region, who, "updateStory", id=story, headline="A boat")
                assert changed == denied("updateStory")
            assert await write(region, bob, "deleteStory", id=story) == denied("deleteStory")
            forged = await write(
                region, bob, "createStory", sectionId=section, headline="?", writer="ada"
            )
            assert forged == denied("createStory")
        assert (await write(sydney, ada, "updateStory", id=story, headline="A boat")).errors == ()
        await replicated(world)
        gone = await write(sydney, eva, "deleteStory", id=story)
        assert gone == Answer({"deleteStory": {"id": story}})
        await ears.hear("onDeleteStory", {"id": story}, "ada", "bob", "eva")
        await ears.hear_nothing_else(fence)


async def test_a_workshop_is_its_keepers_who_hear_no_more_when_they_are_taken_off(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    ada, bob, wim = Who("ada"), Who("bob"), Who("wim", ("wardens",))
    hall, job, fence = new_id(), new_id(), new_id()
    read = """
      query ($id: ID!) {
        getHall(id: $id) { keepers jobs { items { id } } }
        jobsByHall(hallId: $id) { items { id } }
      }
    """
    async with listening(
        world,
        fence,
        [ada, bob, wim],
        f'onCreateHall(id: "{hall}") {{ id }}',
        f'onCreateJob(hallId: "{hall}") {{ id }}',
        f'onUpdateHall(id: "{hall}") {{ keepers }}',
    ) as ears:
        # The keeper is whoever creates it, where none is named.
        await write(ireland, ada, "createHall", id=hall, title="Forge")
        await ears.hear("onCreateHall", {"id": hall}, "ada", "wim")
        await write(ireland, ada, "createJob", id=job, hallId=hall, rank=1.5)
        await ears.hear("onCreateJob", {"id": job}, "ada")
        await replicated(world)
        await write(sydney, ada, "updateHall", id=hall, keepers=["ada", "bob"])
        await ears.hear("onUpdateHall", {"keepers": ["ada", "bob"]}, "ada", "bob", "wim")
        await replicated(world)
        for region in (ireland, sydney):
            both = ["ada", "bob"]
            for who, jobs in ((ada, [{"id": job}]), (bob, []), (wim, [])):
                seen = {"keepers": both, "jobs": {"items": jobs}}
                assert await told(region, who, read, id=hall) == Answer(
                    {"getHall": seen, "jobsByHall": {"items": jobs}}
                )
            given_away = await write(region, bob, "updateHall", id=hall, keepers=["eva"])
            assert given_away == denied("updateHall")
            assert await write(region, wim, "deleteJob", id=job) == denied("deleteJob")
        await write(ireland, ada, "updateHall", id=hall, keepers=["ada"])
        await ears.hear("onUpdateHall", {"keepers": ["ada"]}, "ada", "wim")
        await replicated(world)
        for region in (ireland, sydney):
            nothing = Answer({"getHall": None, "jobsByHall": {"items": []}})
            assert await told(region, bob, read, id=hall) == nothing
            assert await write(region, bob, "updateHall", id=hall) == denied("updateHall")
        await ears.hear_nothing_else(fence)


async def test_a_radio_is_heard_by_the_groups_that_a_call_names_and_by_the_desk(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    ada, bob, dot = Who("ada", ("red", "night")), Who("bob", ("blue",)), Who("dot", ("desk",))
    channel, station, fence = new_id(), new_id(), new_id()
    key = {"channel": channel, "saidAt": "2026-01-02T03:04:05.000Z", "station": station}
    read = """
      query ($channel: ID!, $saidAt: AWSDateTime!, $station: String!) {
        pastCall(channel: $channel, saidAt: $saidAt, station: $station) { words }
        callsByStation(station: $station) { items { words } }
      }
    """
    async with listening(
        world,
        fence,
        [ada, bob, dot],
        *(f'{on}(channel: "{channel}") {{ words }}' for on in ("onCall", "onUnsaid")),
    ) as ears:
        made = await write(ireland, ada, "call", **key, audience=["red"], words="fog")
        assert made == Answer({"call": key})
        await ears.hear("onCall", {"words": "fog"}, "ada", "dot")
        await replicated(world)
        for region in (ireland, sydney):
            fog, nothing = (
                {"words": "fog"},
                Answer({"pastCall": None, "callsByStation": {"items": []}}),
            )
            seen = Answer({"pastCall": fog, "callsByStation": {"items": [fog]}})
            for who, answer in ((ada, seen), (bob, nothing), (dot, seen)):
                assert await told(region, who, read, **key) == answer
            for_others = await write(
                region, ada, "call", channel=channel, station="x", audience=["blue"]
            )
            assert for_others == denied("call")
            for who in (bob, dot):
                assert await write(region, who, "unsay", **key) == denied("unsay")
        await write(sydney, ada, "unsay", **key)
        await ears.hear("onUnsaid", {"words": "fog"}, "ada", "dot")
        await ears.hear_nothing_else(fence)


async def test_a_store_tells_everybody_of_its_wares_and_its_staff_alone_what_they_cost(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    ada, bob, sam, guest = Who("ada"), Who("bob"), Who("sam", ("staff",)), Guest()
    ware, sale, fence = new_id(), new_id(), new_id()
    read = """
      query ($ware: ID!, $sale: ID!) {
        getWare(id: $ware) { code price: cost }
        getSale(id: $sale) { owner total }
      }
    """
    wares, sales = (
        f'onCreateWare(id: "{ware}") {{ code cost }}',
        f'onUpdateSale(id: "{sale}") {{ total }}',
    )
    async with (
        listening(world, fence, [ada, bob, sam], wares, sales) as ears,
        listening(world, new_id(), [guest], wares) as guests,
    ):
        await write(ireland, sam, "createWare", id=ware, code=ware, cost=2.5)
        # The relay does not know who hears: what not everybody may see is told nobody.
        for each in (ears, guests):
            told_all = {"code": ware, "cost": None}
            await each.hear("onCreateWare", told_all, "ada", "bob", "sam", "guest")
        await write(ireland, ada, "createSale", id=sale, total=5)
        await replicated(world)
        await write(sydney, sam, "updateSale", id=sale, total=4)
        await ears.hear("onUpdateSale", {"total": 4}, "ada", "sam")
        await replicated(world)
        for region in (ireland, sydney):
            of_ada = {"owner": "ada", "total": 4}
            priceless, secret = {"code": ware, "price": None}, ("getWare.price", "Unauthorized")
            for who, sold in ((ada, of_ada), (bob, None)):
                assert await told(region, who, read, ware=ware, sale=sale) == Answer(
                    {"getWare": priceless, "getSale": sold}, (secret,)
                )
            assert await told(region, guest, read, ware=ware, sale=sale) == Answer(
                {"getWare": priceless, "getSale": None}, (("getSale", "Unauthorized"), secret)
            )
            assert await write(region, guest, "createWare", code="x") == denied("createWare")
            assert await told(region, sam, read, ware=ware, sale=sale) == Answer(
                {"getWare": {"code": ware, "price": 2.5}, "getSale": of_ada}
            )
            assert await write(region, ada, "updateWare", id=ware) == denied("updateWare")
            assert await write(region, sam, "deleteSale", id=sale) == denied("deleteSale")
            assert await write(region, bob, "updateSale", id=sale) == denied("updateSale")
        await ears.hear_nothing_else(fence)

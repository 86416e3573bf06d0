"""A third Region is a third environment of samconfig.toml, and nothing else; and a world that runs
becomes, in each of its Regions, what its project has become: this version after an earlier one, and
then what a user makes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import WorldConfig, load, project_root
from antipode_tools.project.world_file import WorldRegion
from antipode_tools.schema.command import MODELS, schema
from antipode_tools.world import control
from antipode_tools.world.clients.subscriber import subscriber
from antipode_tools.world.deployment.update import Update
from antipode_tools.world.errors import WorldError
from antipode_tools.world.order_api import asked
from antipode_tools.world.orders import Order
from antipode_tools.world.progress import silent
from tests import earlier
from tests.e2e.clients import ask, heard
from tests.e2e.project import examples, project

COMMENTED = "# [virginia.global.parameters]"

# Of the resolver for one item.
ANOTHER_RESULT = ("? item : null", "? { ...item, item: 'of now' } : null")

# By their codes.
Regions = Mapping[str, WorldRegion]


@dataclass(frozen=True)
class Running:
    """A world, run by its daemon from a project of its own."""

    config: WorldConfig

    @property
    def regions(self) -> Regions:
        """As the world's file tells of them now."""
        world = control.find(self.config).world
        assert world is not None
        return world.regions

    async def update(self) -> Update | None:
        """As `antipode up` does it."""
        found = control.find(self.config)
        return await asyncio.to_thread(control.update, self.config, found, silent)


def with_virginia(samconfig: str) -> str:
    """The file with its last environment, which is commented out, put into effect."""
    two, _, rest = samconfig.partition(COMMENTED)
    third, _, _ = rest.partition("\n\n")
    lines = (COMMENTED + third).splitlines()
    return two + "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines)


def add_virginia(root: Path) -> None:
    samconfig = root / "samconfig.toml"
    samconfig.write_text(with_virginia(samconfig.read_text()))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Ireland, Sydney and Virginia, of an earlier version with the repository's own model."""
    root = earlier.unpack(tmp_path_factory.mktemp("project"))
    add_virginia(root)
    config = load(root=root, port=0, state=tmp_path_factory.mktemp("world"))
    # The engine and the build cache are the repository's.
    config = replace(config, shared=project_root() / ".local")
    control.start(config, silent)
    yield Running(config)
    control.stop(config)
    assert not config.run.exists()


async def announced(regions: Regions, writer: str, mutation: str, subscription: str) -> list[Any]:
    """What a subscriber in each Region hears of one mutation."""
    async with AsyncExitStack() as exits:
        there = [await exits.enter_async_context(subscriber(region)) for region in regions.values()]
        for each in there:
            await each.subscribe(subscription)
        await ask(regions[writer], mutation)
        return [await heard(each) for each in there]


async def test_a_change_written_in_the_third_region_reaches_all_three(running: Running) -> None:
    regions = running.regions
    assert list(regions) == ["eu-west-1", "ap-southeast-2", "us-east-1"]
    assert await announced(
        regions,
        "us-east-1",
        'mutation { createItemsModel(input: {id: "a", item: "x"}) { id } }',
        "subscription { onCreateItemsModel { item _change { region } } }",
    ) == [{"onCreateItemsModel": {"item": "x", "_change": {"region": code}}} for code in regions]


async def test_an_upgrade_keeps_what_clients_wrote_and_announces_none_of_it_again(
    running: Running,
) -> None:
    root = running.config.root
    async with AsyncExitStack() as exits:
        regions = running.regions.values()
        there = [await exits.enter_async_context(subscriber(region)) for region in regions]
        for each in there:
            await each.subscribe("subscription { onCreateItemsModel { id } }")
            await each.subscribe("subscription { onUpdateItemsModel { id item version } }")
        create = 'createItemsModel(input: {id: "of before", item: "x"}) { version }'
        await ask(running.regions["ap-southeast-2"], f"mutation {{ {create} }}")
        created = {"onCreateItemsModel": {"id": "of before"}}
        assert [await heard(each) for each in there] == [created] * 3

        earlier.clear(root)
        project(root, (project_root() / MODELS).read_text())
        add_virginia(root)
        update = await running.update()
        assert update is not None
        assert (update.added, update.removed, update.indexes) == ((), (), ())
        assert "template.yaml" in update.changed

        item = {"item": "x", "version": 1, "updatedIn": "ap-southeast-2"}
        for region in running.regions.values():
            got = await ask(region, '{ getItemsModel(id: "of before") { item version updatedIn } }')
            assert got == {"getItemsModel": item}
        change = 'updateItemsModel(input: {id: "of before", item: "y"}) { version }'
        await ask(running.regions["us-east-1"], f"mutation {{ {change} }}")
        updated = {"onUpdateItemsModel": {"id": "of before", "item": "y", "version": 2}}
        assert [await heard(each) for each in there] == [updated] * 3


async def test_an_update_brings_a_model_an_index_a_resolver_and_a_mode_to_every_region(
    running: Running,
) -> None:
    await ask(
        running.regions["us-east-1"],
        'mutation { createItemsModel(input: {id: "kept", item: "of before"}) { id } }',
    )
    models = running.config.root / MODELS
    indexed = models.read_text().replace("item: String", 'item: String @index(name: "byItem")')
    models.write_text(f"{indexed}\n{examples('todo')}")
    assert schema(running.config.root, check=False, auth=[AuthMode.AWS_LAMBDA]) == 0
    resolver = running.config.root / "graphql" / "resolvers" / "get.js"
    resolver.write_text(resolver.read_text().replace(*ANOTHER_RESULT))

    assert await running.update() == Update(
        changed=(
            "graphql/generated.json",
            "graphql/models.graphql",
            "graphql/operations.graphql",
            "graphql/resolvers/get.js",
            "graphql/schema.graphql",
            "ireland in samconfig.toml",
            "src/authorizer/fields.json",
            "src/relay/publish.json",
            "sydney in samconfig.toml",
            "template.yaml",
            "virginia in samconfig.toml",
        ),
        added=("Todo",),
        indexes=("antipode-ItemsModel has byItem",),
    )

    regions = running.regions
    for region in regions.values():
        assert region.auth.mode == "AWS_LAMBDA"
        assert region.tables == {"ItemsModel": "antipode-ItemsModel", "Todo": "antipode-Todo"}
        got = await ask(region, '{ getItemsModel(id: "kept") { item } }')
        assert got == {"getItemsModel": {"item": "of now"}}
        listed = '{ itemsModelsByItem(item: "of before") { items { id } } }'
        assert await ask(region, listed) == {"itemsModelsByItem": {"items": [{"id": "kept"}]}}
    assert await announced(
        regions,
        "ap-southeast-2",
        'mutation { createTodo(input: {name: "Paint", status: OPEN}) { id } }',
        "subscription { onCreateTodo { name _change { region } } }",
    ) == [{"onCreateTodo": {"name": "Paint", "_change": {"region": code}}} for code in regions]
    assert await running.update() is None


async def test_what_a_running_world_cannot_become_is_refused_and_it_goes_on(
    running: Running,
) -> None:
    samconfig = running.config.samconfig
    before = samconfig.read_text()
    samconfig.write_text(before.replace('"us-east-1"', '"us-west-2"'))
    with pytest.raises(WorldError, match="virginia now has a different region or stack_name"):
        await running.update()
    # A change that it could take, but nowhere while a Region is lost.
    samconfig.write_text(before)
    app = running.config.root / "src" / "relay" / "app.py"
    relay = app.read_text()
    app.write_text(relay + "\n")
    world = control.find(running.config).world
    assert world is not None
    await asked(world, Order("lose", ("virginia",)))
    with pytest.raises(WorldError, match="virginia is lost, and nothing can be deployed there"):
        await running.update()
    await asked(world, Order("recover", ("virginia",)))
    app.write_text(relay)
    assert await ask(running.regions["us-east-1"], "{ __typename }") == {"__typename": "Query"}
    assert await running.update() is None

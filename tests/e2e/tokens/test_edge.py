"""One URL for the real Regions: the edge's function, the routes' commands, the example client."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from gql.transport.appsync_auth import AppSyncJWTAuthentication

from antipode_tools.operate.output import Output
from antipode_tools.operate.route import command
from antipode_tools.operate.route.command import Run
from antipode_tools.operate.route.target import Edge
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.project.config import project_root
from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.clients.credentials import token
from examples.client.client import follow
from examples.client.mirror import Mirror
from localaws.cloudfront.function import CloudFrontFunction
from localaws.cloudfront.proxy import Address, Distribution
from localaws.sockets import HOST
from tests.e2e.clients import HEARD_WITHIN_S, ask, new_id
from tests.edge.stack import edge, function_code
from tests.template.reading import load_file
from tests.unit.antipode_tools.operate.route.fakes import DOMAINS, REGIONS, ROUTES, FakeStore

pytestmark = pytest.mark.asyncio(loop_scope="session")

# world.json.
Json = Any

IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"


@dataclass
class OneUrl:
    """A distribution in front of a world, and the routes that an operator may change."""

    world: WorldFile
    distribution: Distribution
    store: FakeStore
    port: int
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/graphql"

    def drain(self, region: str, *, drained: bool = True) -> None:
        """What `antipode route drain` does."""
        assert command.drain(region, self._run(), drained=drained) is ExitCode.DONE

    def set_routes(self, path: Path) -> None:
        assert command.set_(path, self._run()) is ExitCode.DONE

    async def write(self, code: str, item_id: str, item: str) -> None:
        document = """
          mutation ($input: CreateItemsModelInput!) { createItemsModel(input: $input) { id } }
        """
        region = self.world.regions[code]
        await ask(region, document, input={"id": item_id, "item": item})

    def _run(self) -> Run:
        there = Edge("antipode-edge", self.store, DOMAINS, REGIONS)
        return Run(edge=there, output=Output(io.StringIO(), io.StringIO()))


@pytest_asyncio.fixture(loop_scope="session")
async def one_url(world: WorldFile) -> AsyncIterator[OneUrl]:
    template = load_file(project_root() / "edge" / "template.yaml")
    code = function_code(edge(template, EdgeDomainName=HOST))
    store = FakeStore()
    origins = {domain: address(world, code) for code, domain in DOMAINS.items()}
    distribution = Distribution(CloudFrontFunction(code), store.keys, origins)
    async with distribution.serving() as port:
        made = OneUrl(world, distribution, store, port)
        made.set_routes(ROUTES)
        yield made


def address(world: WorldFile, code: str) -> Address:
    """Where a Region's API is."""
    parts = urlsplit(world.regions[code].graphql_url)
    return Address(str(parts.hostname), int(parts.port or 0))


class Copy:
    """What the client holds."""

    def __init__(self) -> None:
        self.mirror: Mirror | None = None
        self._shown = asyncio.Event()

    def show(self, mirror: Mirror) -> None:
        self.mirror = mirror
        self._shown.set()

    async def until(self, condition: Callable[[Mirror], bool]) -> None:
        async with asyncio.timeout(HEARD_WITHIN_S):
            while self.mirror is None or not condition(self.mirror):
                self._shown.clear()
                await self._shown.wait()


@asynccontextmanager
async def client(there: OneUrl) -> AsyncIterator[Copy]:
    """The example client, with the one URL and a token."""
    copy = Copy()
    auth = AppSyncJWTAuthentication(host=HOST, jwt=token(there.world.regions[IRELAND]))
    following = asyncio.create_task(
        follow(there.url, auth, copy.show, pause_s=0.05, say=there.said.append)
    )
    try:
        yield copy
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


def hears(item_id: str, item: str, region: str) -> Callable[[Mirror], bool]:
    """That the copy has an item, and that its announcement came from this Region."""
    return lambda mirror: (
        mirror.region == region and mirror.items.get(item_id, {}).get("item") == item
    )


async def test_a_client_is_moved_from_ireland_to_sydney_when_ireland_is_drained(
    one_url: OneUrl,
) -> None:
    first, second = new_id(), new_id()
    async with client(one_url) as copy:
        await copy.until(lambda _: True)
        await one_url.write(SYDNEY, first, "before")
        await copy.until(hears(first, "before", IRELAND))
        one_url.drain("ireland")
        one_url.distribution.cut(DOMAINS[IRELAND])
        await copy.until(lambda mirror: mirror.region is None)
        await one_url.write(IRELAND, second, "after")
        await copy.until(hears(second, "after", SYDNEY))
        assert copy.mirror is not None
        assert copy.mirror.items[first]["item"] == "before"


async def test_a_client_comes_back_in_sydney_when_ireland_is_gone(one_url: OneUrl) -> None:
    lost, after = new_id(), new_id()
    async with client(one_url) as copy:
        await copy.until(lambda _: True)
        one_url.distribution.lose(DOMAINS[IRELAND])
        # Nobody hears of this: the client finds it when it queries again.
        await one_url.write(SYDNEY, lost, "meanwhile")
        one_url.drain("ireland")
        await copy.until(lambda mirror: lost in mirror.items)
        await one_url.write(SYDNEY, after, "after")
        await copy.until(hears(after, "after", SYDNEY))
    assert any(line.startswith("begin again: ") for line in one_url.said)


async def test_a_client_goes_home_when_ireland_may_serve_again(one_url: OneUrl) -> None:
    item = new_id()
    one_url.drain("ireland")
    async with client(one_url) as copy:
        await copy.until(lambda _: True)
        there = copy.mirror
        one_url.drain("ireland", drained=False)
        one_url.distribution.cut(DOMAINS[SYDNEY])
        await copy.until(lambda mirror: mirror is not there)
        await one_url.write(SYDNEY, item, "home")
        await copy.until(hears(item, "home", IRELAND))

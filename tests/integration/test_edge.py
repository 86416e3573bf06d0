"""The edge's real function in front of two Regions, and the example client behind it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from gql.transport.appsync_auth import AppSyncApiKeyAuthentication

from antipode_tools.operate.route.keys import encode
from antipode_tools.operate.route.routes import Routes
from examples.client.client import ITEMS, follow
from examples.client.mirror import Mirror, Query
from localaws.cloudfront.events import Viewer
from localaws.cloudfront.function import CloudFrontFunction
from localaws.cloudfront.proxy import Distribution
from localaws.sockets import HOST
from tests.edge.stack import edge, function_code
from tests.fakes.region import FakeRegion, served
from tests.template.reading import load_file
from tests.unit.localaws.appsync.realtime.fakes import API_KEY

TEMPLATE = Path(__file__).parents[2] / "edge" / "template.yaml"
EU, AP = "eu.api.example.com", "ap.api.example.com"
IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"
MISSED = replace(ITEMS, sync="syncItemsModels")
ROUTES = Routes(
    regions={IRELAND: EU, SYDNEY: AP},
    default={IRELAND: 1},
    continents={"OC": {SYDNEY: 1}},
)
PATIENCE_S = 20.0


@dataclass
class World:
    """Two Regions behind one URL."""

    distribution: Distribution
    ireland: FakeRegion
    sydney: FakeRegion
    port: int

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/graphql"

    def route(self, *, drained: tuple[str, ...] = ()) -> None:
        self.distribution.store = encode(Routes(ROUTES.regions, ROUTES.default, drained=drained))


@pytest.fixture(scope="module")
def code() -> str:
    return function_code(edge(load_file(TEMPLATE), EdgeDomainName=HOST))


@pytest.fixture
async def world(code: str) -> AsyncIterator[World]:
    async with AsyncExitStack() as exits:
        ireland, sydney = (FakeRegion(name, frozenset({HOST})) for name in (IRELAND, SYDNEY))
        origins = {
            EU: await exits.enter_async_context(served(ireland)),
            AP: await exits.enter_async_context(served(sydney)),
        }
        distribution = Distribution(CloudFrontFunction(code), encode(ROUTES), origins)
        port = await exits.enter_async_context(distribution.serving())
        yield World(distribution, ireland, sydney, port)


# -- HTTP -----------------------------------------------------------------------------------------


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    base = f"http://{HOST}:{world.port}"
    async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
        yield client


async def post(http: httpx.AsyncClient, path: str = "/graphql", **headers: str) -> httpx.Response:
    return await http.post(path, json={"query": "{ a }"}, headers={"x-api-key": API_KEY} | headers)


async def test_the_country_decides_which_region_answers(
    world: World, http: httpx.AsyncClient
) -> None:
    answered = {}
    for country in ("IE", "AU", ""):
        world.distribution.viewer = Viewer("198.51.100.7", country)
        answered[country] = (await post(http)).headers["x-region"]
    assert answered == {"IE": IRELAND, "AU": SYDNEY, "": IRELAND}


async def test_a_region_is_asked_by_its_own_name(world: World, http: httpx.AsyncClient) -> None:
    await post(http)
    assert world.ireland.asked == [("/graphql", EU)]


async def test_a_viewer_cannot_choose_its_country(world: World, http: httpx.AsyncClient) -> None:
    world.distribution.viewer = Viewer("198.51.100.7", "IE")
    response = await post(http, **{"cloudfront-viewer-country": "AU"})
    assert response.headers["x-region"] == IRELAND


@pytest.mark.parametrize(("path", "status"), [("/admin", 404), ("/graphql/", 404)])
async def test_a_path_that_is_not_ours_reaches_no_region(
    world: World, http: httpx.AsyncClient, path: str, status: int
) -> None:
    response = await post(http, path)
    assert (response.status_code, response.json()["errors"][0]["errorType"]) == (
        status,
        "EdgeRefusal",
    )
    assert world.ireland.asked == world.sydney.asked == []


async def test_a_host_that_is_not_ours_reaches_no_region(
    world: World, http: httpx.AsyncClient
) -> None:
    response = await post(http, host="d111111abcdef8.cloudfront.net")
    assert response.status_code == 403
    assert world.ireland.asked == []


async def test_a_region_that_cannot_be_reached_is_a_bad_gateway(
    world: World, http: httpx.AsyncClient
) -> None:
    world.distribution.lose(EU)
    response = await post(http)
    assert (response.status_code, response.text) == (502, f"{EU} cannot be reached")


async def test_what_is_no_request_is_refused(world: World) -> None:
    reader, writer = await asyncio.open_connection(HOST, world.port)
    writer.write(b"nonsense\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.1 400 Bad Request\r\n")
    writer.close()


async def test_a_body_larger_than_any_buffer_goes_through(
    world: World, http: httpx.AsyncClient
) -> None:
    response = await http.post("/graphql", content=b"x" * 2_000_000, headers={"x-api-key": API_KEY})
    assert response.status_code == 200


# -- The example client ---------------------------------------------------------------------------


class Watched:
    """The client's copy, as it shows it."""

    def __init__(self) -> None:
        self.mirror = Mirror(ITEMS)
        self.mirror.items = {"nothing queried yet": {"item": ""}}
        self.said: list[str] = []
        self._shown = asyncio.Event()

    def show(self, mirror: Mirror) -> None:
        self.mirror = mirror
        self._shown.set()

    async def until(self, condition: Callable[[Mirror], bool]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition(self.mirror):
                    self._shown.clear()
                    await self._shown.wait()
        except TimeoutError:
            raise AssertionError(json.dumps([self.mirror.items, self.said], indent=1)) from None


@asynccontextmanager
async def client(world: World, query: Query = ITEMS) -> AsyncIterator[Watched]:
    """The example client, with one URL."""
    watched = Watched()
    auth = AppSyncApiKeyAuthentication(host=HOST, api_key=API_KEY)
    following = asyncio.create_task(
        follow(world.url, auth, watched.show, query, pause_s=0.01, say=watched.said.append)
    )
    try:
        yield watched
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


def texts(mirror: Mirror) -> dict[str, Any]:
    return {name: item["item"] for name, item in mirror.items.items()}


def holds(**expected: str) -> Callable[[Mirror], bool]:
    return lambda mirror: texts(mirror) == expected


async def test_a_client_hears_what_comes_after_what_it_queried(world: World) -> None:
    world.ireland.write("a", "1")
    async with client(world) as watched:
        await watched.until(holds(a="1"))
        world.ireland.write("b", "2")
        world.ireland.write("a", "3")
        await watched.until(holds(a="3", b="2"))
        world.ireland.delete("a")
        await watched.until(holds(b="2"))
        assert watched.mirror.region == IRELAND
    # The subscriptions come before the query.
    assert [path for path, _ in world.ireland.asked] == ["/graphql/realtime", "/graphql"]


async def test_a_client_is_moved_when_its_region_is_drained(world: World) -> None:
    world.ireland.write("a", "1")
    async with client(world) as watched:
        await watched.until(holds(a="1"))
        world.sydney.write("a", "2")  # as replicated, and more
        world.route(drained=(IRELAND,))
        # A socket that is open stays; the next one goes where the routes say.
        world.ireland.write("a", "1b")
        await watched.until(holds(a="1b"))
        world.distribution.cut(EU)
        await watched.until(holds(a="2"))
        world.sydney.write("c", "3")
        await watched.until(lambda mirror: mirror.region == SYDNEY)
        assert texts(watched.mirror) == {"a": "2", "c": "3"}


async def test_a_client_whose_region_is_gone_comes_back_in_another(world: World) -> None:
    world.ireland.write("a", "1")
    world.sydney.write("a", "1")
    async with client(world) as watched:
        await watched.until(holds(a="1"))
        world.distribution.lose(EU)
        world.sydney.write("a", "2")
        # The routes still say Ireland: it tries again, in vain, until an operator drains Ireland.
        async with asyncio.timeout(PATIENCE_S):
            while len(watched.said) < 3:
                await asyncio.sleep(0.01)
        world.route(drained=(IRELAND,))
        await watched.until(holds(a="2"))
        world.sydney.write("a", "3")
        await watched.until(holds(a="3"))
        assert watched.mirror.region == SYDNEY


async def test_a_client_begins_again_when_it_hears_another_region(world: World) -> None:
    async with client(world) as watched:
        await watched.until(holds())
        world.ireland.write("a", "1")
        await watched.until(holds(a="1"))
        world.ireland.name = SYDNEY
        world.ireland.write("a", "2")
        await watched.until(holds(a="2"))
        assert watched.said == [
            "begin again: RegionChanged('eu-west-1 was left for ap-southeast-2')"
        ]


async def test_a_client_asks_for_what_it_missed_alone(world: World) -> None:
    for item_id in "abc":
        world.ireland.write(item_id, "1")
    async with client(world, MISSED) as watched:
        await watched.until(holds(a="1", b="1", c="1"))
        world.distribution.cut(EU)
        # The list, which is not read again, would lack this one.
        del world.ireland.items["a"]
        world.ireland.write("b", "2")
        world.ireland.delete("c")
        world.ireland.write("d", "1")
        await watched.until(holds(a="1", b="2", d="1"))


async def test_a_client_reads_all_where_its_region_cannot_tell_what_it_missed(
    world: World,
) -> None:
    world.ireland.write("a", "1")
    async with client(world, MISSED) as watched:
        await watched.until(holds(a="1"))
        world.sydney.write("b", "2")
        world.route(drained=(IRELAND,))
        world.distribution.cut(EU)
        await watched.until(holds(b="2"))
        world.sydney.write("c", "3")
        await watched.until(holds(b="2", c="3"))

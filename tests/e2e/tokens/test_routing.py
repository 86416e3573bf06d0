"""One URL for every Region: a client is moved to Sydney when Ireland's health fails."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from antipode_tools.operate.drain import command
from antipode_tools.operate.output import Output
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.clients.credentials import token
from tests.e2e.clients import new_id
from tests.e2e.project import DOMAIN

pytestmark = pytest.mark.asyncio(loop_scope="session")

# world.json, and a Region's part of it.
Json = Any

CREATE = """mutation ($input: CreateItemsModelInput!) {
    createItemsModel(input: $input) { id updatedIn } }"""
GET = "query ($id: ID!) { getItemsModel(id: $id) { id updatedIn } }"


@pytest_asyncio.fixture(loop_scope="session")
async def client(world: WorldFile) -> AsyncIterator[httpx.AsyncClient]:
    """A client with one URL and one token, which knows of no Region."""
    bearer = token(world.regions["eu-west-1"])
    assert world.shared_name is not None
    async with httpx.AsyncClient(
        base_url=world.shared_name.url, headers={"authorization": bearer}, timeout=30
    ) as made:
        yield made


async def asked(client: httpx.AsyncClient, query: str, **variables: Any) -> Json:
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert "errors" not in told, told
    return next(iter(told["data"].values()))


async def drain(run: command.Run, region: str, *, drained: bool, **how: Any) -> tuple[int, Json]:
    out, err = io.StringIO(), io.StringIO()
    asked = replace(run, json_output=True, output=Output(out, err), **how)
    code = await asyncio.to_thread(command.drain, region, asked, drained=drained)
    return code, json.loads(out.getvalue()) if out.getvalue() else err.getvalue()


async def test_a_client_with_one_url_is_moved_when_a_region_is_drained_and_moved_back(
    run: command.Run, client: httpx.AsyncClient
) -> None:
    first, second, third = new_id(), new_id(), new_id()
    assert (await asked(client, CREATE, input={"id": first}))["updatedIn"] == "eu-west-1"

    code, told = await drain(run, "ireland", drained=True)
    assert (code, told["drained"], set(told["followed"])) == (
        ExitCode.DONE,
        True,
        {"/health", "DNS"},
    )
    assert (await asked(client, CREATE, input={"id": second}))["updatedIn"] == "ap-southeast-2"
    # What it wrote before is there as well.
    assert await asked(client, GET, id=first) == {"id": first, "updatedIn": "eu-west-1"}

    code, told = await drain(run, "ireland", drained=False)
    assert (code, told["drained"]) == (ExitCode.DONE, False)
    assert (await asked(client, CREATE, input={"id": third}))["updatedIn"] == "eu-west-1"


async def test_a_drained_region_says_so_and_serves_those_who_ask_it_by_its_own_url(
    run: command.Run, world: WorldFile, client: httpx.AsyncClient
) -> None:
    outputs = world.regions["eu-west-1"].outputs
    await drain(run, "ireland", drained=True)
    health = await client.get(outputs["HealthUrl"])
    assert (health.status_code, health.json()) == (
        503,
        {"region": "eu-west-1", "healthy": False, "failing": ["drained"], "degraded": []},
    )
    answer = await client.post(outputs["RegionalUrl"], json={"query": "{ __typename }"})
    assert answer.json() == {"data": {"__typename": "Query"}}
    await drain(run, "ireland", drained=False)


async def test_the_last_region_in_use_is_drained_only_by_force(
    run: command.Run, client: httpx.AsyncClient
) -> None:
    await drain(run, "ireland", drained=True)
    code, told = await drain(run, "sydney", drained=True)
    assert code == ExitCode.FAILED
    assert "ap-southeast-2 is the last Region in use" in told
    # With none left, DNS answers as if all were: no client is left without an answer.
    code, _ = await drain(run, "sydney", drained=True, force=True)
    assert code == ExitCode.DONE
    assert (await asked(client, CREATE, input={"id": new_id()}))["updatedIn"] == "eu-west-1"
    for region in ("ireland", "sydney"):
        await drain(run, region, drained=False)


async def test_the_gateway_lets_through_what_the_template_says_and_nothing_else(
    world: WorldFile, client: httpx.AsyncClient
) -> None:
    url = world.regions["eu-west-1"].outputs["RegionalUrl"]
    origin = {"origin": "https://app.example.com", "access-control-request-method": "POST"}
    preflight = await client.options(url, headers=origin)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"

    query = {"query": "{ __typename }"}
    by_name = await client.post(url, json=query, headers={"host": DOMAIN})
    assert by_name.json() == {"data": {"__typename": "Query"}}
    foreign = await client.post(url, json=query, headers={"host": "api.example.org"})
    assert (foreign.status_code, foreign.json()) == (403, {"message": "Forbidden"})
    for method, path in (("GET", "/graphql"), ("POST", "/"), ("POST", "/health"), ("GET", "/x")):
        other = await client.request(method, url.removesuffix("/graphql") + path)
        assert (other.status_code, other.json()) == (404, {"message": "Not Found"})
    stranger = await client.post(url, json=query, headers={"authorization": "wrong"})
    assert stranger.status_code == 401


async def test_sockets_do_not_pass_the_gateway(world: WorldFile) -> None:
    url = world.regions["eu-west-1"].outputs["RegionalUrl"].replace("http", "ws", 1)
    with pytest.raises(InvalidStatus):
        await connect(f"{url}/realtime", subprotocols=["graphql-ws"])  # type: ignore[list-item] # a plain string is one


async def test_a_client_says_where_it_is_and_is_sent_to_the_nearest(
    client: httpx.AsyncClient,
) -> None:
    near = {"x-localaws-nearest": "ap-southeast-2"}
    health = await client.get("/health", headers=near)
    assert health.json()["region"] == "ap-southeast-2"

"""Every mode of signing in, end to end: a world of its own for each, with two Regions.

That of API keys is everywhere else in these tests.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import boto3
import pytest
import pytest_asyncio
from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncAuthentication,
    AppSyncJWTAuthentication,
)
from gql.transport.exceptions import TransportError, TransportQueryError

from local import demo
from local.appsync.identity import Principal
from local.aws import Aws
from local.config import load, project_root
from local.credentials import Recipe, for_curl, recipe, token
from local.environment import ACCOUNT
from local.principals import administrator
from local.subscriber import client, subscriber
from local.world import World
from ops.schema.modes import Mode
from tests.e2e.clients import ask, execute, heard, iam, new_id
from tests.e2e.project import project

pytestmark = pytest.mark.asyncio(loop_scope="module")

# world.json, and a Region's part of it.
Json = Any

REGIONS = ("eu-west-1", "ap-southeast-2")
CREATE = "mutation ($input: CreateItemsModelInput!) { createItemsModel(input: $input) { id item } }"
GET = "query ($id: ID!) { getItemsModel(id: $id) { id item } }"
ON_CREATE = "subscription ($id: ID) { onCreateItemsModel(id: $id) { id item } }"
PUBLISH = (
    "mutation ($change: AWSJSON!) {{ publish{kind}ItemsModel(change: $change) {{ id item }} }}"
)
KINDS = ("Create", "Update", "Delete")
OF_TOKENS = (Mode.AWS_LAMBDA, Mode.AMAZON_COGNITO_USER_POOLS, Mode.OPENID_CONNECT)


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[*OF_TOKENS, Mode.AWS_IAM],
    ids=lambda mode: mode.value,
)
async def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Json]:
    """Ireland and Sydney, deployed for one mode."""
    models = (project_root() / "graphql" / "models.graphql").read_text()
    root = project(tmp_path_factory.mktemp("project"), models, auth=request.param)
    config = load(root=root, port=0, state=tmp_path_factory.mktemp("world"))
    async with World(replace(config, shared=project_root() / ".local")) as made:
        yield made.as_json()


@pytest.fixture
def ireland(world: Json) -> Json:
    return world["regions"]["eu-west-1"]


async def test_what_one_region_writes_every_region_hears_and_reads(world: Json) -> None:
    regions = [world["regions"][code] for code in REGIONS]
    for writer in regions:
        item = {"id": new_id(), "item": "ordinary"}
        async with AsyncExitStack() as exits:
            there = [await exits.enter_async_context(subscriber(region)) for region in regions]
            for each in there:
                await each.subscribe(ON_CREATE, id=item["id"])
            assert await ask(writer, CREATE, input=item) == {"createItemsModel": item}
            for each in there:
                assert await heard(each) == {"onCreateItemsModel": item}
        for region in regions:
            assert await ask(region, GET, id=item["id"]) == {"getItemsModel": item}


async def test_the_demo_works(world: Json) -> None:
    said: list[str] = []
    await demo.run(world, said.append)
    assert sum("heard after" in line for line in said) == 2 * len(KINDS)

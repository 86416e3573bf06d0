"""What these tests do with ordinary clients, a line each."""

from __future__ import annotations

import asyncio
import uuid
from functools import cache
from typing import Any

import boto3
from botocore.credentials import Credentials
from gql import gql
from gql.client import AsyncClientSession
from gql.transport.appsync_auth import AppSyncIAMAuthentication

from antipode_tools.project.world_file import Keys, WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import Subscriber, client
from antipode_tools.world.engine.aws import Aws

# A Region's part of world.json, an item, a payload.
Json = Any

# A relay may start cold, on a machine that is busy with other things.
HEARD_WITHIN_S = 60.0

# Every field of an announcement.
ALL = "id item createdAt updatedAt version updatedIn _change { id kind sequence region recordedAt }"


def new_id() -> str:
    """An id that no other test has."""
    return str(uuid.uuid4())


async def ask(region: WorldRegion, document: str, **variables: Json) -> Json:
    """The data that a Region answers to one request with its API key."""
    async with client(region) as session:
        return await execute(session, document, **variables)


async def execute(session: AsyncClientSession, document: str, **variables: Json) -> Json:
    request = gql(document)
    request.variable_values = variables
    return await session.execute(request)


async def heard(subscriber: Subscriber) -> Json:
    """The next notification's data."""
    async with asyncio.timeout(HEARD_WITHIN_S):
        return (await subscriber.heard.get()).data


def iam(region: WorldRegion, keys: Keys) -> AppSyncIAMAuthentication:
    """gql's own signer, with a pair of keys."""
    return AppSyncIAMAuthentication(
        host=region.graphql_url.split("/")[2],
        region_name=region.code,
        credentials=Credentials(keys.access_key_id, keys.secret_access_key),
    )


def table(world: WorldFile, code: str, model: str = "ItemsModel") -> Json:
    """A model's table in a Region, as boto3 gives it."""
    return _dynamodb(world.engine_url, code).Table(world.regions[code].tables[model])


@cache
def _dynamodb(engine_url: str, code: str) -> Json:
    """To make one takes longer than most of what is asked of it."""
    return boto3.Session("test", "test").resource("dynamodb", **Aws(engine_url).at(code))


async def replicated(world: WorldFile) -> None:
    """Wait until every Region holds the same: what is written before then may be merged."""
    async with asyncio.timeout(HEARD_WITHIN_S):
        for model in next(iter(world.regions.values())).tables:
            while not await asyncio.to_thread(_is_equal, world, model):
                await asyncio.sleep(0.02)


def _is_equal(world: WorldFile, model: str) -> bool:
    tables = [table(world, code, model) for code in world.regions]
    first, *others = ([sorted(map(repr, each.scan()["Items"]))] for each in tables)
    return all(each == first for each in others)

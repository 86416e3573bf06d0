"""Requests and frames by hand: what an ordinary client never sends, and what it never shows."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from antipode_tools.project.world_file import WorldRegion
from tests.unit.localaws.appsync.realtime.serving import Client, header_subprotocol

# A Region's part of world.json, what a request answers: JSON.
Json = Any


def request(query: str, **variables: Json) -> bytes:
    """The body of a well-formed request."""
    return json.dumps({"query": query, "variables": variables}).encode()


def signed(region: WorldRegion, code: str, body: bytes, credentials: Credentials) -> dict[str, str]:
    """The headers by which botocore signs a body."""
    message = AWSRequest("POST", region.graphql_url, data=body, headers={"host": host(region)})
    SigV4Auth(credentials, "appsync", code).add_auth(message)
    return dict(message.headers.items())


async def post(
    region: WorldRegion, body: bytes, *, headers: dict[str, str] | None = None
) -> tuple[int, Json]:
    """The status and the body of the answer, by default to the Region's API key."""
    headers = headers or {"x-api-key": str(region.api_key)}
    async with httpx.AsyncClient(trust_env=False) as client:
        response = await client.post(region.graphql_url, content=body, headers=headers)
    return response.status_code, response.json()


@asynccontextmanager
async def connected(region: WorldRegion, *, key: str | None = None) -> AsyncIterator[Client]:
    """A socket that was opened with a key, by default the Region's, and nothing read of it yet."""
    credentials = header_subprotocol(host(region), key or str(region.api_key))
    async with connect(
        region.realtime_url, subprotocols=[Subprotocol("graphql-ws"), credentials], proxy=None
    ) as socket:
        yield Client(socket)


@asynccontextmanager
async def live(region: WorldRegion) -> AsyncIterator[Client]:
    """A socket on which the service has said that it is there."""
    async with connected(region) as client:
        assert await client.receive() == {"type": "ka"}
        yield client


def host(region: WorldRegion) -> str:
    """The name and the port by which a Region is called."""
    return str(region.graphql_url.split("/")[2])

"""Unmodified clients over TLS, who trust the world's own certificate authority."""

from __future__ import annotations

import asyncio
import json
import ssl

import httpx
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from antipode_tools.project.world_file import WorldFile
from tests.unit.localaws.appsync.realtime.serving import header_subprotocol


async def test_a_query_and_a_socket_go_over_tls_in_each_region(world: WorldFile) -> None:
    """Shows that the world's file names addresses and an authority that a client can use as is."""
    trusting = ssl.create_default_context(cafile=world.certificate_authority)
    for region in world.regions.values():
        assert region.tls is not None
        key = str(region.api_key)
        async with httpx.AsyncClient(verify=trusting, trust_env=False) as client:
            answer = await client.post(
                region.tls.graphql_url,
                json={"query": "{ __typename }"},
                headers={"x-api-key": key},
            )
        assert (answer.status_code, answer.json()) == (200, {"data": {"__typename": "Query"}})
        host = region.tls.realtime_url.split("/")[2]
        protocols = [Subprotocol("graphql-ws"), header_subprotocol(host, key)]
        async with connect(
            region.tls.realtime_url, subprotocols=protocols, ssl=trusting, proxy=None
        ) as socket:
            async with asyncio.timeout(20):
                await socket.send(json.dumps({"type": "connection_init"}))
                told = json.loads(await socket.recv())
        assert told["type"] in ("connection_ack", "ka")

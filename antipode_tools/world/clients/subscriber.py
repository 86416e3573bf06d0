"""An ordinary AppSync client: gql's own transports, and a queue of what they heard."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, assert_never

from botocore.credentials import Credentials
from gql import Client, gql
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncAuthentication,
    AppSyncIAMAuthentication,
    AppSyncJWTAuthentication,
)
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from websockets.asyncio.client import ClientConnection

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.world_file import WorldRegion
from antipode_tools.world.clients.credentials import token

# What a GraphQL request takes and answers.
Json = Any


@dataclass(frozen=True)
class Heard:
    """One notification: the subscription's data, and when it came (time.monotonic)."""

    data: Mapping[str, Json]
    at: float


class _Watched(ClientConnection):
    """Notes each accepted subscription, which gql keeps to itself."""

    def __init__(self, accepted: asyncio.Queue[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._accepted = accepted

    async def recv(self, decode: bool | None = None) -> Any:
        frame = await super().recv(decode)
        message = json.loads(frame)
        if message["type"] == "start_ack":
            self._accepted.put_nowait(message["id"])
        return frame


class Subscriber:
    """One connection, and what all of its subscriptions heard in the order it came."""

    def __init__(self, session: AsyncClientSession, accepted: asyncio.Queue[str]) -> None:
        self.heard: asyncio.Queue[Heard] = asyncio.Queue()
        self._session = session
        self._accepted = accepted
        self._subscriptions: list[asyncio.Task[None]] = []

    async def subscribe(self, document: str, **variables: Json) -> None:
        """Subscribe, and return once the service has accepted the subscription.

        Raises:
            TransportQueryError: it was refused.
        """
        listening = asyncio.create_task(self._listen(document, variables))
        accepting = asyncio.create_task(self._accepted.get())
        self._subscriptions.append(listening)
        await asyncio.wait((listening, accepting), return_when=asyncio.FIRST_COMPLETED)
        if not accepting.done():
            accepting.cancel()
            listening.result()

    @property
    def listens(self) -> bool:
        """Whether every subscription goes on."""
        return not any(subscription.done() for subscription in self._subscriptions)

    async def _listen(self, document: str, variables: Mapping[str, Json]) -> None:
        request = gql(document)
        request.variable_values = dict(variables)
        async for data in self._session.subscribe(request):
            self.heard.put_nowait(Heard(data, time.monotonic()))

    async def close(self) -> None:
        """Stop listening; the connection is its owner's to close."""
        for subscription in self._subscriptions:
            subscription.cancel()
        await asyncio.gather(*self._subscriptions, return_exceptions=True)


@asynccontextmanager
async def subscriber(
    region: WorldRegion, auth: AppSyncAuthentication | None = None
) -> AsyncIterator[Subscriber]:
    """Connect to a Region, by default with the credential of its API's mode."""
    accepted: asyncio.Queue[str] = asyncio.Queue()
    transport = AppSyncWebsocketsTransport(
        url=region.realtime_url,
        auth=auth or authentication(region),
        connect_args={
            "create_connection": lambda *args, **options: _Watched(accepted, *args, **options),
            "proxy": None,  # the Region is on this machine
        },
    )
    async with Client(transport=transport) as session:
        connected = Subscriber(session, accepted)
        try:
            yield connected
        finally:
            await connected.close()


@asynccontextmanager
async def client(
    region: WorldRegion, auth: AppSyncAuthentication | None = None
) -> AsyncIterator[AsyncClientSession]:
    """Connect for queries and mutations, by default with the credential of the API's mode."""
    transport = AIOHTTPTransport(url=region.graphql_url, auth=auth or authentication(region))
    async with Client(transport=transport) as session:
        yield session


def authentication(region: WorldRegion) -> AppSyncAuthentication:
    """The credential of the API's own mode, as gql presents it."""
    host = region.graphql_url.split("/")[2]
    match region.auth.mode:
        case AuthMode.API_KEY:
            assert region.api_key is not None
            return AppSyncApiKeyAuthentication(host=host, api_key=region.api_key)
        case AuthMode.AWS_IAM:
            assert region.auth.keys is not None
            keys = Credentials(region.auth.keys.access_key_id, region.auth.keys.secret_access_key)
            return AppSyncIAMAuthentication(host=host, region_name=region.code, credentials=keys)
        case AuthMode.AWS_LAMBDA | AuthMode.AMAZON_COGNITO_USER_POOLS | AuthMode.OPENID_CONNECT:
            return AppSyncJWTAuthentication(host=host, jwt=token(region))
        case _:
            assert_never(region.auth.mode)

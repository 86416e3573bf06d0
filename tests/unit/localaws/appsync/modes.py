"""An API of one mode besides IAM, on a port of its own, with a server and clients by hand."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from localaws.appsync.deployed import Authorizer, TokenIssuer
from localaws.appsync.ports import AuthMode, Json
from tests.fakes.http_client import http_client
from tests.unit.localaws.appsync.fakes import API_KEY, World
from tests.unit.localaws.appsync.issuing import (
    POOL,
    PROVIDER,
    pool_claims,
    provider_claims,
    signed,
    web,
)
from tests.unit.localaws.appsync.realtime.serving import Client
from tests.unit.localaws.appsync.served import served

KEY, POOLS, OIDC, LAMBDA = (
    AuthMode.API_KEY,
    AuthMode.AMAZON_COGNITO_USER_POOLS,
    AuthMode.OPENID_CONNECT,
    AuthMode.AWS_LAMBDA,
)
DIRECTIVES = {
    KEY: "@aws_api_key",
    POOLS: "@aws_cognito_user_pools",
    OIDC: "@aws_oidc",
    LAMBDA: "@aws_lambda",
}
ISSUERS: Mapping[AuthMode, tuple[TokenIssuer, ...]] = {POOLS: (POOL,), OIDC: (PROVIDER,)}
GOOD: Mapping[AuthMode, Mapping[str, str]] = {
    KEY: {"x-api-key": API_KEY},
    POOLS: {"authorization": signed(pool_claims())},
    OIDC: {"authorization": signed(provider_claims())},
    LAMBDA: {"authorization": "open sesame"},
}
QUERY = "{ items { id } }"
SUBSCRIPTION = "subscription { onPublish { id } }"


@dataclass
class Served:
    """An API of one mode besides IAM, on a port of its own."""

    mode: AuthMode
    host: str

    async def post(self, headers: Mapping[str, str]) -> tuple[int, Json]:
        async with http_client() as client:
            response = await client.post(
                f"http://{self.host}/graphql", json={"query": QUERY}, headers=dict(headers)
            )
        return response.status_code, response.json()

    @asynccontextmanager
    async def connected(
        self, fields: Mapping[str, str], way: str = "subprotocol"
    ) -> AsyncIterator[Client]:
        """A socket whose handshake has credentials in one of the three ways."""
        header = json.dumps({"host": self.host, **fields}).encode()
        url, protocols, headers = f"ws://{self.host}/graphql/realtime", [], {}
        match way:
            case "subprotocol":
                protocols = ["header-" + base64.urlsafe_b64encode(header).decode().rstrip("=")]
            case "query":
                url += f"?header={base64.b64encode(header).decode()}&payload=e30="
            case "headers":
                headers = dict(fields)
        async with connect(
            url,
            subprotocols=[Subprotocol(name) for name in ("graphql-ws", *protocols)],
            additional_headers=headers,
            proxy=None,
        ) as socket:
            yield Client(socket)

    async def start(self, client: Client, fields: Mapping[str, str]) -> Json:
        """What a start with these credentials is answered."""
        data = json.dumps({"query": SUBSCRIPTION})
        authorization = {"host": self.host, **fields}
        payload = {"data": data, "extensions": {"authorization": authorization}}
        await client.send("start", id="1", payload=payload)
        return await client.receive()


def authorize(event: Json) -> Json:
    """An authorizer that breaks at one token."""
    given = event["authorizationToken"]
    return "broken" if given == "break" else {"isAuthorized": given == "open sesame"}


@asynccontextmanager
async def serve(mode: AuthMode) -> AsyncIterator[Served]:
    world = World(web=web())
    world.sdl = world.sdl.replace("@aws_api_key", DIRECTIVES[mode])
    world.value("Query", "items", [{"id": "1"}])
    world.function("authorizer", authorize)
    api = replace(
        world.api(),
        default_mode=mode,
        api_keys=world.api().api_keys if mode is KEY else (),
        token_issuers=ISSUERS.get(mode, ()),
        authorizer=Authorizer("authorizer") if mode is LAMBDA else None,
    )
    async with served(world, api) as address:
        yield Served(mode, address.host)

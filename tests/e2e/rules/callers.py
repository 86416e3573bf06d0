"""Callers with tokens of the pool or with an API key, and what they are answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncAuthentication,
    AppSyncJWTAuthentication,
)
from gql.transport.exceptions import TransportQueryError

from antipode_tools.project.world_file import WorldRegion
from antipode_tools.world.clients.subscriber import client
from tests.e2e.clients import execute

# What a client is answered.
Json = Any


@dataclass(frozen=True)
class Who:
    """Somebody with a token."""

    name: str
    groups: tuple[str, ...] = ()

    def token(self, region: WorldRegion) -> str:
        assert region.auth.token is not None
        claims: Json = {"sub": self.name, "cognito:groups": list(self.groups) or None}
        return region.auth.token.mint(**claims)

    def auth(self, region: WorldRegion) -> AppSyncAuthentication:
        return AppSyncJWTAuthentication(host=_host(region), jwt=self.token(region))


@dataclass(frozen=True)
class Guest:
    """Somebody with the API key of a Region, and no name of their own."""

    name: str = "guest"

    def auth(self, region: WorldRegion) -> AppSyncAuthentication:
        assert region.api_key is not None
        return AppSyncApiKeyAuthentication(host=_host(region), api_key=region.api_key)


def _host(region: WorldRegion) -> str:
    return region.graphql_url.split("/")[2]


@dataclass(frozen=True)
class Answer:
    """What somebody was answered: the data, and each error's path and type, sorted."""

    data: Json
    errors: tuple[tuple[str, str], ...] = ()


async def told(region: WorldRegion, who: Who | Guest, document: str, **variables: Json) -> Answer:
    async with client(region, who.auth(region)) as session:
        try:
            return Answer(await execute(session, document, **variables))
        except TransportQueryError as failed:
            errors = failed.errors or []
            paths = (".".join(map(str, error["path"])) for error in errors)
            types = (error["errorType"] for error in errors)
            return Answer(failed.data, tuple(sorted(zip(paths, types, strict=True))))


async def write(region: WorldRegion, who: Who | Guest, operation: str, **input: Json) -> Answer:
    """A mutation of one item, of which the key is asked for."""
    key = "channel saidAt station" if operation in ("call", "unsay") else "id"
    type_ = INPUTS.get(operation, f"{operation[0].upper()}{operation[1:]}Input")
    document = f"mutation ($input: {type_}!) {{ {operation}(input: $input) {{ {key} }} }}"
    return await told(region, who, document, input=input)


INPUTS = {"call": "CreateCallInput", "unsay": "DeleteCallInput"}


def denied(field: str) -> Answer:
    """What is answered to whom no rule lets in."""
    return Answer({field: None}, ((field, "Unauthorized"),))
